"""Published regressions from a study of three files: one unbalanced panel that holds three classic ones, in both engines.

Each regression finds its own rows: the others lack its variables. Printed figures: Stata's manual for Grunfeld's ten firms
(xtreg, fe), the vignette of R's plm for the public capital of Munnell's states, Wooldridge's table 14.2 for wages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from econometrics_data import FOLDER
from linearmodels.datasets import wage_panel
from studies import Project, new_project
from test_any_panel import Cells, built, estimated, frame_cells, write_study

pytestmark = pytest.mark.build

SPECIFICATIONS = """
[study]
title = "Classic panels"
[[tables]]
code = "grunfeld"
title = "Investment"
outcome = "invest"
core = ["value", "capital"]
[[tables.columns]]
code = "fe"
effects = ["entity"]
sample = { without_entities = ["American Steel"] }
[[tables.columns]]
code = "years"
effects = ["year"]
cluster = ["year"]
[[tables.columns]]
code = "pooled"
effects = []
cluster = ["entity", "year"]
[[tables]]
code = "munnell"
title = "Public capital"
outcome = "lgsp"
core = ["lp", "lpc", "lemp", "unemp"]
[[tables.columns]]
code = "fe"
effects = ["entity"]
[[tables.columns]]
code = "twoways"
cluster = ["entity", "year"]
[[tables]]
code = "wages"
title = "Wages"
outcome = "lwage"
core = ["expersq", "union", "married"]
[[tables.columns]]
code = "twoways"
[resampling]
bootstrap_draws = 99
permutation_draws = 99
"""
OCCUPATION = """
[[tables]]
code = "occupations"
title = "Occupations"
outcome = "lwage"
core = ["expersq", "union", "married"]
effects = ["entity", "year", "occupation"]
cluster = ["occupation:year"]
"""


def wages() -> pd.DataFrame:
    """Vella and Verbeek's 545 men, the first five of them without their last year."""
    data = wage_panel.load().astype({"nr": str, "occupation": float})
    return data[~(data["nr"].isin(sorted(data["nr"].unique())[:5]) & (data["year"] == 1987))]


def cells() -> Cells:
    grunfeld = pd.read_csv(FOLDER / "grunfeld.csv")
    munnell = pd.read_csv(FOLDER / "munnell.csv")
    return {
        **frame_cells(grunfeld, "firm", "year", ["invest", "value", "capital"]),
        **frame_cells(munnell.assign(state="state " + munnell["st_abb"]), "state", "yr", ["lgsp", "lp", "lpc", "lemp", "unemp"]),
        **frame_cells(wages(), "nr", "year", ["lwage", "expersq", "union", "married", "occupation"]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = write_study(
        new_project(tmp_path_factory.mktemp("panels") / "project", "panels"), cells(),
        variables=["invest", "value", "capital", "lgsp", "lp", "lpc", "lemp", "unemp", "lwage", "expersq", "union", "married",
                   "occupation"],
        specifications=SPECIFICATIONS + OCCUPATION,
    )  # fmt: skip
    return estimated(built(project))


def found(project: Project, table: str, model: str, covariance: str) -> dict[str, tuple[float, float]]:
    return {
        term: (estimate, error)
        for term, estimate, error in project.query(
            "select term, estimate, std_error from estimates.coefficients "
            f"where table_code = '{table}' and model_code = '{model}' and covariance = '{covariance}'"
        )
    }


def test_grunfeld_is_what_the_manual_of_stata_prints(panels: Project) -> None:
    ours = found(panels, "grunfeld", "fe", "iid")
    assert [round(one, 7) for one in (*ours["value"], *ours["capital"])] == [
        0.1101238, 0.0118567, 0.3100653, 0.0173545,
    ]  # fmt: skip
    assert [round(one, 5) for one in ours["constant"]] == [-58.74394, 12.45369]


def test_munnell_is_what_the_vignette_of_plm_prints(panels: Project) -> None:
    ours = found(panels, "munnell", "fe", "iid")
    printed = {
        "lp": (-0.02614965, 0.02900158), "lpc": (0.29200693, 0.02511967), "lemp": (0.76815947, 0.03009174),
        "unemp": (-0.00529774, 0.00098873),
    }  # fmt: skip
    for term, pair in printed.items():
        assert [round(one, 8) for one in ours[term]] == list(pair)


def test_wages_are_what_wooldridge_prints_though_five_men_lack_a_year(panels: Project) -> None:
    ours = found(panels, "wages", "twoways", "iid")
    # Wooldridge, Introductory Econometrics, table 14.2; 5 of 4360 rows move a coefficient by a seventh of its standard error
    for term, estimate, error in (
        ("expersq", -0.0052, 0.0007),
        ("union", 0.080, 0.019),
        ("married", 0.047, 0.018),
    ):
        assert ours[term][0] == pytest.approx(estimate, abs=error / 7)
        assert ours[term][1] == pytest.approx(error, rel=0.03)
    ((rows, men),) = panels.query(
        "select max(value) filter (statistic = 'n_obs'), max(value) filter (statistic = 'n_entities') "
        "from estimates.model_statistics where table_code = 'wages'"
    )
    assert (rows, men) == (4355, 545)


def test_a_category_of_real_data_is_its_dummies(panels: Project) -> None:
    data = wages()
    x = data[["expersq", "union", "married"]].to_numpy(float)
    dummies = [pd.get_dummies(data[name]).to_numpy(float) for name in ("nr", "year", "occupation")]
    slope = np.linalg.lstsq(np.column_stack([x, *dummies]), data["lwage"].to_numpy(), rcond=1e-12)[0][:3]
    ours = found(panels, "occupations", "1", "cluster")
    assert [ours[term][0] for term in ("expersq", "union", "married")] == pytest.approx(slope, rel=1e-9)
    ((clusters,),) = panels.query(
        "select value from estimates.model_statistics where table_code = 'occupations' and statistic = 'clusters'"
    )
    assert clusters == len(data.groupby(["occupation", "year"]))


def test_both_engines_agree_under_every_covariance_they_share(panels: Project, tmp_path: Path) -> None:
    sql = panels.copy(tmp_path / "project")
    path = sql.folder / "specifications.toml"
    path.write_text(SPECIFICATIONS, encoding="utf-8")  # without the effect that the database refuses
    estimated(sql, "--engine", "sql")
    query = (
        "select table_code, model_code, term, covariance, estimate, std_error, df, p_value from estimates.coefficients "
        "where table_code != 'occupations' and covariance != 'cr2' order by all"
    )
    here, there = ({row[:4]: row[4:] for row in project.query(query)} for project in (panels, sql))
    assert here.keys() == there.keys()
    assert {key[3] for key in here} == {
        "cluster", "iid", "hc1", "cluster_areg", "cluster_twoway", "cluster_year", "driscoll_kraay",
    }  # fmt: skip

    def numbers(row: tuple[Any, ...]) -> list[float]:
        return [float("nan") if one is None else one for one in row]

    for key, row in here.items():
        assert numbers(there[key])[:3] == pytest.approx(numbers(row)[:3], rel=1e-9, nan_ok=True), key
        assert numbers(there[key])[3] == pytest.approx(numbers(row)[3], rel=1e-6, abs=1e-12, nan_ok=True), key
