"""The shipped study of 37 countries: complete, built and estimated by the two commands, right by other means."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import study
from nqp.studying.files import read_folder
from studies import REPOSITORY, WITHOUT_TESTS, Project, new_project

pytestmark = pytest.mark.build

WORLD = REPOSITORY / "seeds" / "world"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = new_project(tmp_path_factory.mktemp("world") / "project", "world", WORLD)
    built = project.dbt("build", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    estimated = project.estimate("--language", "en")
    assert estimated.code == 0, estimated.output
    return project


def figures() -> pd.DataFrame:
    rows = pd.read_csv(WORLD / "raw_observations.csv")
    rows = rows[rows["year"].between(2010, 2021)]
    wide = rows.pivot(index=["entity_code", "year"], columns="series_code", values="observed_value")
    return wide.sort_index()


def test_every_figure_of_the_index_is_there_without_interpolation() -> None:
    wide = figures()
    assert wide.shape == (37 * 12, 15)
    assert wide.notna().all().all()


def test_the_scores_agree_with_numpy(world: Project) -> None:
    wide = figures()
    codes = [row["indicator_code"] for row in read_folder(WORLD).records("def_indicators") if row["index_code"] == "idi"]  # fmt: skip
    assert len(codes) == 12
    x = wide[codes].to_numpy()
    z = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    p = z / z.sum(axis=0)
    entropy = -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(axis=0) / np.log(len(x))
    weight = (1 - entropy) / (1 - entropy).sum()
    v = z * weight
    best = np.sqrt(((v - v.max(axis=0)) ** 2).sum(axis=1))
    worst = np.sqrt(((v - v.min(axis=0)) ** 2).sum(axis=1))
    ours = world.query(
        "select score from marts.index_scores where index_code = 'idi' order by entity_code, year"
    )
    np.testing.assert_allclose([score for (score,) in ours], worst / (best + worst), rtol=1e-12)


def test_the_growth_equation_agrees_with_dummies_in_numpy(world: Project) -> None:
    panel = world.query(
        "select entity_code, year, ln_gdp_per_capita, idi, fdi from marts.regression_panel order by entity_code, year"
    )
    frame = pd.DataFrame(panel, columns=["entity", "year", "y", "idi", "fdi"])
    frame["lag"] = frame.groupby("entity")["y"].shift()
    frame = frame.dropna()
    dummies = [pd.get_dummies(frame[name]).to_numpy(dtype=float)[:, place:] for place, name in enumerate(("entity", "year"))]  # fmt: skip
    x = np.column_stack([frame[["idi", "lag", "fdi"]].to_numpy(), *dummies])
    beta = np.linalg.lstsq(x, frame["y"].to_numpy(), rcond=None)[0][0]
    ((estimate, observations),) = world.query(
        "select estimate, (select value from estimates.model_statistics where table_code = 'growth' and panel_code = 'nominal' "
        "and model_code = '3' and statistic = 'n_obs') from estimates.coefficients where table_code = 'growth' "
        "and panel_code = 'nominal' and model_code = '3' and term = 'idi' and is_printed"
    )
    assert observations == len(frame) == 37 * 11
    assert estimate == pytest.approx(beta, rel=1e-8)


def test_the_report_has_a_map_of_all_countries_and_its_notes(world: Project) -> None:
    page = "".join(path.read_text(encoding="utf-8") for path in sorted(world.output.glob("*.en.html")))
    for text in (
        "Innovation, the digital economy and growth",
        "World Development Indicators",
        "Nickell",
        "orders of magnitude",
        "column (3), Panel B: real GDP growth",
        "published figures behind its score",
    ):
        assert text in page
    with (world.output / "figures" / "map-idi.csv").open(encoding="utf-8") as stream:
        assert sum(1 for _ in csv.DictReader(stream)) >= 37


def test_no_two_countries_share_a_tile() -> None:
    tiles = [(row["tile_row"], row["tile_column"]) for row in read_folder(WORLD).records("def_entities")]
    assert len(set(tiles)) == len(tiles) == 37
    with (REPOSITORY / "python" / "nqp" / "studying" / "tiles.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        rows = list(csv.DictReader(stream))
    for is_province in (True, False):
        places = [
            (row["tile_row"], row["tile_column"])
            for row in rows
            if row["entity_code"].isdigit() == is_province
        ]
        assert len(set(places)) == len(places)


def test_the_documented_command_makes_the_same_figures_and_indicators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the layout of the World Bank's panel, with aggregates and an incomplete country among the 37."""
    shipped = read_folder(WORLD)
    names = {row["code"]: row["series"] for row in reversed(shipped.records("decisions"))}
    rows = pd.DataFrame(shipped.records("raw_observations"))
    wide = rows.pivot(index=["year", "entity_code"], columns="series_code", values="observed_value")
    wide = wide[list(dict.fromkeys(row["code"] for row in shipped.records("decisions")))]
    wide.columns = [names[code] for code in wide.columns]
    wide = wide.reset_index().rename(columns={"entity_code": "country"})
    wide = pd.concat([wide, wide[wide["country"] == "DEU"].assign(country="WLD"), wide[(wide["country"] == "DEU") & (wide["year"] != "2015")].assign(country="CAN")])  # fmt: skip
    panel = tmp_path / "wdi.csv"
    wide.sort_values(["year", "country"]).to_csv(panel, index=False)
    monkeypatch.setattr(study, "ROOT", tmp_path)
    options = ["--decisions", str(WORLD / "decisions.csv"), "--first-year", "2010", "--last-year", "2021", "--no-gaps", "--yes"]  # fmt: skip
    assert study.main(["new", "world", str(panel), "--quiet", *options]) == 0
    made = read_folder(tmp_path / "seeds" / "world")
    for name in ("def_indicators", "def_series"):
        found, expected = (  # a column that is blank throughout says nothing
            [{key: cell for key, cell in row.items() if cell} for row in one.records(name)]
            for one in (made, shipped)
        )
        assert found == expected, name
    keys = ("entity_code", "year", "series_code", "observed_value")
    found, expected = ({tuple(row[key] for key in keys) for row in one.records("raw_observations")} for one in (made, shipped))  # fmt: skip
    assert found == expected
    left_out = [row for row in made.records("import_log") if row["step"] == "entity_left_out"]
    assert [row["before"] for row in left_out] == ["CAN Canada"]
