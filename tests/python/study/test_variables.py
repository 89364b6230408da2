"""Variables as an economist writes them: transforms of def_variables.csv, dummies, deflated series, and terms of specifications.

What is right is known from a few lines of NumPy on the same cells.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from studies import Project, new_project
from test_any_panel import built, coefficients, estimated, noise, statistics, write_study

pytestmark = pytest.mark.build

TRANSFORMS = {
    "level": "level", "log": "log", "log1p": "log1p", "square": "square", "difference": "difference", "growth": "growth",
    "decade": "growth 10", "log_difference": "log|difference", "lag_mean": "lag_mean 2", "part": "share",
    "standard": "standardise", "pulled": "winsorise 0.1 0.75", "log_standard": "log|standardise",
}  # fmt: skip
TERMS = ("L1.level", "F1.level", "level:log", "level:level", "L2.level:growth", "treated", "treated:level")
VARIABLES = "variable_code,symbol,name_zh,name_en,role,numerator_series,denominator_series,multiplier,transform,definition"
DUMMIES = """
variable_code,entity_code,first_year,last_year
treated,02,2006,
treated,03,2004,2005
treated,03,2009,2009
"""
DERIVED = """
series_code,name_zh,name_en,operation,left_series,right_series,base_year
real,实际,real,deflate,x,p,2005
"""
SPECIFICATION = """
[study]
title = "Variables"
[[tables]]
code = "terms"
title = "Terms"
outcome = "y"
core = ["level"]
""" + "".join(f'[[tables.columns]]\ncode = "{i}"\ncontrols = ["{term}"]\n' for i, term in enumerate(TERMS))


def cells() -> dict[tuple[str, int], dict[str, float | None]]:
    """Seven places over twelve years; 04 lacks 2007 altogether, 05 lacks x of 2008."""
    found: dict[tuple[str, int], dict[str, float | None]] = {}
    for i in range(1, 8):
        for year in range(2000, 2012):
            place = f"{i:02d}"
            if (place, year) == ("04", 2007):
                continue
            one: dict[str, float | None] = {name: 1 + noise(place, year, name) for name in "xy"}
            one["p"] = 100 + 10 * noise(place, year, "p")
            if (place, year) == ("05", 2008):
                one["x"] = None
            found[place, year] = one
    return found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = new_project(tmp_path_factory.mktemp("variables") / "project", "variables")
    lines = [
        f"{code},,{code},{code},control,x,,,{transform},made up" for code, transform in TRANSFORMS.items()
    ]
    lines += ["y,,y,y,outcome,y,,,,made up", "real,,real,real,control,real,,,,made up"]
    lines.append("treated,,处理后,treated,control,,,,dummy,made up")
    write_study(
        project, cells(), specifications=SPECIFICATION, def_variables="\n".join([VARIABLES, *lines]),
        def_dummies=DUMMIES, def_derived_series=DERIVED,
    )  # fmt: skip
    return estimated(built(project), "--covariance", "hc1")


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """The variables by pandas, on the entity-years that are observed."""
    rows = pd.DataFrame(cells()).T.astype(float).sort_index()
    rows.index.names = ["entity_code", "year"]
    whole = rows.reindex(
        pd.MultiIndex.from_product(rows.index.levels)
    )  # every calendar year, so that a shift is by year

    def before(column: pd.Series, years: int) -> pd.Series:
        return column.groupby(level=0).shift(years)

    x = whole["x"]
    price = np.exp(np.log(whole["p"] / 100).groupby(level=0).cumsum(skipna=False))
    lags = pd.concat([before(x, 1), before(x, 2)], axis=1)
    made = {
        "level": x, "log": np.log(x), "log1p": np.log1p(x), "square": x**2, "difference": x - before(x, 1),
        "growth": x / before(x, 1) - 1, "decade": x / before(x, 10) - 1,
        "log_difference": np.log(x) - before(np.log(x), 1), "lag_mean": lags.mean(axis=1, skipna=False),
        "part": x / x.groupby(level=1).transform("sum"), "standard": (x - x.mean()) / x.std(ddof=1),
        "log_standard": (np.log(x) - np.log(x).mean()) / np.log(x).std(ddof=1),
        "pulled": x.clip(x.quantile(0.1), x.quantile(0.75)), "y": whole["y"],
        "real": x / price * price.xs(2005, level=1).reindex(whole.index, level=0),
    }  # fmt: skip
    frame = pd.DataFrame(made)
    place, year = frame.index.get_level_values(0), frame.index.get_level_values(1)
    treated = ((place == "02") & (year >= 2006)) | ((place == "03") & (np.isin(year, [2004, 2005, 2009])))
    return frame.assign(treated=treated.astype(float)).loc[rows.index]


@pytest.mark.parametrize("code", [*TRANSFORMS, "real", "treated"])
def test_a_variable_is_what_its_transform_says(written: Project, panel: pd.DataFrame, code: str) -> None:
    found = {
        (place, year): value
        for place, year, value in written.query(
            f"select entity_code, year, value from marts.panel_variables where variable_code = '{code}'"
        )
    }
    expected = panel[code].dropna()
    if code == "real":  # 04 lacks the price index of 2007: no link to the years after it
        expected = expected[[not (place == "04" and year > 2006) for place, year in expected.index]]
    assert sorted(found) == sorted(expected.index)
    assert [found[key] for key in expected.index] == pytest.approx(list(expected), rel=1e-12, abs=1e-14)


def test_a_transform_adds_no_row_to_the_panel(written: Project) -> None:
    assert written.query("select count(*) from marts.regression_panel") == [(83,)]


@pytest.mark.parametrize(("number", "term"), list(enumerate(TERMS)))
def test_a_term_is_a_lag_a_lead_or_a_product(
    written: Project, panel: pd.DataFrame, number: int, term: str
) -> None:
    calendar = panel.reindex(pd.MultiIndex.from_product(panel.index.levels))

    def factor(text: str) -> pd.Series:
        if text[0] in "LF" and text[1].isdigit():
            years = int(text[1]) * (1 if text[0] == "L" else -1)
            return calendar[text[3:]].groupby(level=0).shift(years)
        return calendar[text]

    column = np.prod([factor(text) for text in term.split(":")], axis=0)
    rows = calendar.assign(term=column)[["y", "level", "term"]].loc[panel.index].dropna()
    dummies = pd.get_dummies(rows.index.get_level_values(0)).join(
        pd.get_dummies(rows.index.get_level_values(1)).iloc[:, 1:]
    )
    design = np.column_stack([rows[["level", "term"]], dummies]).astype(float)
    expected = np.linalg.lstsq(design, rows["y"], rcond=None)[0][:2]
    found = coefficients(written)
    assert (found[str(number), "level"][0], found[str(number), term][0]) == pytest.approx(
        tuple(expected), rel=1e-8
    )
    assert statistics(written, str(number))["n_obs"] == len(rows)


def test_both_engines_agree_on_terms(written: Project, tmp_path: Path) -> None:
    here, sql = coefficients(written), written.copy(tmp_path / "project")
    there = coefficients(estimated(sql, "--covariance", "hc1", "--engine", "sql"))
    assert here.keys() == there.keys()
    for key, pair in here.items():
        assert there[key] == pytest.approx(pair, rel=1e-8)


def test_terms_are_called_by_their_names_and_their_rows_can_be_queried(written: Project) -> None:
    table = (written.output / "tables" / "terms.en.tex").read_text(encoding="utf-8")
    for name in (
        "level, lead 1",
        "level × log",
        "level, squared",
        "level, lag 2 × growth",
        "treated × level",
    ):
        assert name in table.replace(r"$\times$", "×"), name
    page = (written.output / "report.zh.html").read_text(encoding="utf-8")
    assert "level（提前 1 期）" in page
    assert "处理后 × level" in page
    assert "lag_2.level * panel.growth as lag_2_level_by_growth" in page
    assert "lead_1.year = panel.year + 1" in page


def test_a_transform_that_is_none_and_a_growth_from_zero_are_refused_by_name(
    written: Project, tmp_path: Path
) -> None:
    project = new_project(tmp_path / "project", "variables", written.folder)
    project.edit("def_variables.csv", ",share,", ",shares,")
    project.edit("def_dummies.csv", "treated,02,2006,", "treated,20,2006,")
    done = project.build("--select", "+study_problems")
    assert done.code != 0
    assert any(
        "variable_code=part: transform is 'shares'. Allowed: dummy, level, log" in m for m in done.messages
    )
    assert any("entity_code '20' is not a known entity" in m for m in done.messages)
    again = new_project(tmp_path / "again", "variables", written.folder)
    again.rewrite(
        "raw_observations.csv", lambda line: "01,2003,x,0\n" if line.startswith("01,2003,x,") else line
    )
    done = again.build("--select", "+study_problems")
    assert done.code != 0
    assert any(
        "variable_code=growth: a growth rate from zero does not exist: entity_code=01" in m
        for m in done.messages
    )
    assert any(
        "variable_code=log: the logarithm of a number that is not positive" in m for m in done.messages
    )
