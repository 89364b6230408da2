"""Panels of unusual shape: one year only, two entities, two years, a census every ten years, an entity with one row.

What is right is known from a few lines of NumPy.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from studies import Project, new_project
from test_any_panel import built, coefficients, estimated, noise, statistics, topsis, write_study

pytestmark = pytest.mark.build

INDEX = ["q,d,a,positive", "q,d,b,positive"]


def cells(
    entities: int, years: list[int], names: str = "abxy"
) -> dict[tuple[str, int], dict[str, float | None]]:
    return {
        (f"{i:03d}", year): {name: noise(i, year, name) for name in names}
        for i in range(1, entities + 1)
        for year in years
    }


def toml(*columns: str) -> str:
    head = '[study]\ntitle="t"\n[[tables]]\ncode="t"\ntitle="T"\noutcome="y"\ncore=["x"]\n'
    return head + "".join(f'[[tables.columns]]\ncode="{i}"\n{column}\n' for i, column in enumerate(columns))


def least_squares(y: list[float], *columns: list[float]) -> np.ndarray:
    return np.linalg.lstsq(np.column_stack(columns), np.array(y), rcond=None)[0]


def shown(project: Project, found: dict) -> tuple[list[tuple[str, int]], dict[str, list[float]]]:
    keys = sorted(found)
    return keys, {name: [found[key][name] for key in keys] for name in found[keys[0]]}


def test_one_year_is_a_cross_section(tmp_path: Path) -> None:
    found = cells(12, [2020])
    project = write_study(
        new_project(tmp_path / "project", "single"), found, indicators=INDEX, variables=["x", "y"],
        specifications=toml('effects=[]', 'effects=[]\ncontrols=["q"]'),
    )  # fmt: skip
    done = project.build("--warn-error", "--vars", "{draws: 20}")
    assert done.code == 0, done.output
    estimated(project)
    _, one = shown(project, found)
    expected = least_squares(one["y"], one["x"], [1.0] * 12)
    assert coefficients(project)["0", "x"][0] == pytest.approx(expected[0], rel=1e-9)
    scores = [
        s
        for (s,) in project.query(
            "select score from marts.index_scores where index_code = 'q' order by entity_code"
        )
    ]
    assert scores == pytest.approx(topsis(np.array([one["a"], one["b"]]).T), abs=1e-12)
    assert statistics(project, "1")["n_obs"] == 12
    # what two years are needed for is left out, or refused by name, never a wrong number
    (project.folder / "specifications.toml").write_text(
        toml('controls=["L1.x"]\neffects=[]'), encoding="utf-8"
    )
    (message,) = project.estimate("--quiet").errors
    assert "no rows are left of 12" in message
    assert "12 without a lag" in message
    (project.folder / "specifications.toml").write_text(toml(""), encoding="utf-8")
    (message,) = project.estimate("--quiet").errors
    assert "alone in their entity or year" in message


def test_two_entities_and_an_entity_with_one_row(tmp_path: Path) -> None:
    found = cells(2, list(range(2000, 2012)))
    project = write_study(
        new_project(tmp_path / "two", "two"), found, indicators=INDEX, variables=["x", "y"],
        specifications=toml('effects=["entity"]', 'effects=["entity", "year"]'),
    )  # fmt: skip
    done = project.build("--warn-error", "--vars", "{draws: 20}")
    assert done.code == 0, done.output
    estimated(project, "--covariance", "hc1")
    keys, one = shown(project, found)
    first = [float(place == "001") for place, _ in keys]
    expected = least_squares(one["y"], one["x"], first, [1 - value for value in first])
    assert coefficients(project)["0", "x"][0] == pytest.approx(expected[0], rel=1e-9)
    # a third entity with one row: no row of a model with entity effects, but counted
    extra = {**found, ("003", 2005): {name: noise("extra", name) for name in "abxy"}}
    more = write_study(
        new_project(tmp_path / "one_row", "one"), extra, variables=["x", "y"], specifications=toml('effects=["entity"]', 'effects=[]')
    )  # fmt: skip
    estimated(built(more), "--covariance", "hc1")
    assert coefficients(more)["0", "x"] == pytest.approx(coefficients(project)["0", "x"], rel=1e-9)
    flow = statistics(more, "0")
    assert (flow["rows_offered"], flow["rows_singletons"], flow["n_obs"]) == (25, 1, 24)
    assert statistics(more, "1")["n_obs"] == 25


def test_a_census_every_ten_years_has_lags_by_the_calendar(tmp_path: Path) -> None:
    found = cells(20, [1980, 1990, 2000, 2010])
    project = write_study(
        new_project(tmp_path / "census", "census"), found,
        specifications=toml('controls=["L10.x"]', 'controls=["change"]', 'controls=["F10.x"]\neffects=["year"]'),
        def_variables="variable_code,symbol,name_zh,name_en,role,numerator_series,denominator_series,multiplier,transform,definition\n"
        "y,,y,y,outcome,y,,,,u\nx,,x,x,core,x,,,,u\nchange,,c,c,control,b,,,difference 10,u",
    )  # fmt: skip
    estimated(built(project), "--covariance", "hc1")
    for column, years in (("0", [1990, 2000, 2010]), ("1", [1990, 2000, 2010])):
        keys = [key for key in sorted(found) if key[1] in years]
        places = sorted({place for place, _ in keys})
        term = {
            "0": [found[place, year - 10]["x"] for place, year in keys],
            "1": [found[place, year]["b"] - found[place, year - 10]["b"] for place, year in keys],
        }[column]
        dummies = [[float(place == one) for place, _ in keys] for one in places]
        dummies += [[float(year == one) for _, year in keys] for one in years[1:]]
        expected = least_squares(
            [found[key]["y"] for key in keys], [found[key]["x"] for key in keys], term, *dummies
        )
        assert coefficients(project)[column, "x"][0] == pytest.approx(expected[0], rel=1e-8)
    assert statistics(project, "2")["n_obs"] == 60
    (project.folder / "specifications.toml").write_text(toml('controls=["L1.x"]'), encoding="utf-8")
    (message,) = project.estimate("--quiet").errors
    assert "80 without a lag" in message


def test_two_rows_of_one_entity_and_year_are_refused_with_the_remedy(tmp_path: Path) -> None:
    project = write_study(
        new_project(tmp_path / "double", "double"), cells(3, [2000, 2001]), variables=["x", "y"]
    )
    project.append("raw_observations.csv", "002,2001,x,0.5")
    done = project.build("--select", "+study_problems")
    assert done.code != 0
    (message,) = done.messages
    assert "entity_code=002, year=2001, series_code=x: stands 2 times" in message
    assert "Keep the right one" in message


def test_rows_and_entities_without_a_figure_change_nothing(tmp_path: Path) -> None:
    found = cells(6, list(range(2000, 2006)), "xy")
    bare = write_study(
        new_project(tmp_path / "bare", "blank"), found, variables=["x", "y"], specifications=toml('effects=["entity"]')
    )  # fmt: skip
    blank = write_study(
        new_project(tmp_path / "blank", "blank"),
        {**found, **{("900", year): {"x": None, "y": None} for year in range(2000, 2006)}},
        variables=["x", "y"], specifications=toml('effects=["entity"]'),
    )  # fmt: skip
    for project in (bare, blank):
        estimated(built(project))
    assert coefficients(bare) == coefficients(blank)
    assert statistics(bare, "0") == statistics(blank, "0")
    for mart in ("regression_panel", "descriptive_statistics", "panel_variables"):
        query = f"select * from marts.{mart} order by all"
        assert repr(bare.query(query)) == repr(blank.query(query)), mart


def test_deleted_rows_change_only_what_the_sample_flow_says(tmp_path: Path) -> None:
    found = cells(8, list(range(2000, 2008)), "xy")
    gone = {("003", 2004): "x", ("005", 2001): "y"}
    whole = write_study(
        new_project(tmp_path / "whole", "flow"), found, variables=["x", "y"],
        specifications=toml('sample={without_entities=["003", "005"]}', ""),
    )  # fmt: skip
    kept = {
        key: {name: value for name, value in one.items() if gone.get(key) != name}
        for key, one in found.items()
    }
    less = write_study(
        new_project(tmp_path / "less", "flow"), kept, variables=["x", "y"],
        specifications=toml('sample={without_entities=["003", "005"]}', ""),
    )  # fmt: skip
    for project in (whole, less):
        estimated(built(project))
    # where the rows are not used, nothing changes
    assert coefficients(whole)["0", "x"] == coefficients(less)["0", "x"]
    before, after = statistics(whole, "1"), statistics(less, "1")
    assert (before["n_obs"], after["n_obs"]) == (64, 62)
    assert (after["rows_offered"], after["rows_missing_outcome"], after["rows_missing_regressor"]) == (
        64,
        1,
        1,
    )
    # and the estimate is that of the rows that are left
    keys = [key for key in sorted(found) if key not in gone]
    dummies = [[float(key[0] == one) for key in keys] for one in sorted({key[0] for key in keys})]
    dummies += [[float(key[1] == one) for key in keys] for one in range(2001, 2008)]
    expected = least_squares([found[key]["y"] for key in keys], [found[key]["x"] for key in keys], *dummies)
    assert coefficients(less)["1", "x"][0] == pytest.approx(expected[0], rel=1e-8)
