"""Published regressions from a study of three files: one unbalanced panel that holds five classic ones, in both engines.

Each regression finds its own rows: the others lack its variables. Printed figures: Stata's manual for Grunfeld's ten firms
(xtreg, fe), the vignette of R's plm for the public capital of Munnell's states, Wooldridge's table 14.2 for wages. Baltagi's
cigarettes and Cornwell and Trumbull's crime are held against R (``baltagi.R`` beside the data): the model of fixed effects and
the FE2SLS that Baltagi's Econometric Analysis of Panel Data prints in its table 7.1, as the tests of plm say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from econometrics_data import FOLDER, golden
from linearmodels.datasets import wage_panel
from studies import Project, new_project
from test_any_panel import Cells, built, estimated, frame_cells, write_study

pytestmark = pytest.mark.build

CONTROLS = [
    "lprbconv", "lprbpris", "lavgsen", "ldensity", "lwcon", "lwtuc", "lwtrd", "lwfir", "lwser", "lwmfg", "lwfed", "lwsta",
    "lwloc", "lpctymle",
]  # fmt: skip
CRIME = ["lcrmrte", "lprbarr", "lpolpc", *CONTROLS, "ltaxpc", "lmix"]
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
[[tables]]
code = "cigar"
title = "Cigarettes"
core = ["lprice"]
controls = ["lndi", "lpimin"]
[[tables.columns]]
code = "balanced"
outcome = "lsales"
[[tables.columns]]
code = "unbalanced"
outcome = "lsales_gaps"
[[tables]]
code = "crime"
title = "Crime"
outcome = "lcrmrte"
core = ["lprbarr", "lpolpc"]
controls = CONTROLS
[[tables.columns]]
code = "within"
[[tables]]
code = "crime_iv"
title = "Crime, FE2SLS"
outcome = "lcrmrte"
core = ["lprbarr", "lpolpc"]
controls = CONTROLS
[[tables.columns]]
code = "fe2sls"
instruments = ["ltaxpc", "lmix"]
[resampling]
bootstrap_draws = 99
permutation_draws = 99
""".replace("CONTROLS", json.dumps(CONTROLS))
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
    cigar = pd.read_csv(FOLDER / "cigar.csv")
    cigar["sales_gaps"] = cigar["sales"].where(cigar["gap"] == 0)
    cigar = cigar.rename(columns={"price": "pack_price"}).assign(
        state="smokers " + cigar["state"].astype(str)
    )
    crime = pd.read_csv(FOLDER / "crime.csv")
    crime["county"] = "county " + crime["county"].astype(str)
    return {
        **frame_cells(cigar, "state", "year", ["sales", "sales_gaps", "pack_price", "ndi", "pimin", "cpi"]),
        **frame_cells(crime, "county", "year", CRIME),
        **frame_cells(grunfeld, "firm", "year", ["invest", "value", "capital"]),
        **frame_cells(munnell.assign(state="state " + munnell["st_abb"]), "state", "yr", ["lgsp", "lp", "lpc", "lemp", "unemp"]),
        **frame_cells(wages(), "nr", "year", ["lwage", "expersq", "union", "married", "occupation"]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = write_study(
        new_project(tmp_path_factory.mktemp("panels") / "project", "panels"), cells(),
        variables=["invest", "value", "capital", "lgsp", "lp", "lpc", "lemp", "unemp", "lwage", "expersq", "union", "married",
                   "occupation", "lsales = log sales", "lsales_gaps = log sales_gaps", "lprice = log pack_price / cpi",
                   "lndi = log ndi / cpi", "lpimin = log pimin / cpi", *CRIME],
        specifications=SPECIFICATIONS + OCCUPATION,
    )  # fmt: skip
    return estimated(built(project))


def found(project: Project, table: str, model: str, covariance: str) -> dict[str, tuple[float, float]]:
    return {
        term: (estimate, error)
        for term, estimate, error in project.query(
            "select term, estimate, std_error from estimates.coefficients "
            f"where table_code = '{table}' and model_code = '{model}' and covariance = '{covariance}' and equation = 'main'"
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


COLUMNS_OF_R = {
    "iid": "se_iid", "cluster": "se_cluster_reghdfe", "cluster_areg": "se_cluster_areg", "driscoll_kraay": "se_SCC_HC0",
    "cr2": "se_CR2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "table"),
    [("cigar/balanced", "cigar"), ("cigar/unbalanced", "cigar"), ("crime/within", "crime"), ("crime/fe2sls", "crime_iv")],
)  # fmt: skip
def test_baltagis_panels_are_what_r_computes(panels: Project, case: str, table: str) -> None:
    expected, model = golden(case), case.partition("/")[2]
    for covariance, name in COLUMNS_OF_R.items():
        ours = found(panels, table, model, covariance)
        terms = [term for term in ours if term != "constant"]
        assert sorted(terms) == sorted(expected["coef"])
        for term in terms:
            assert ours[term][0] == pytest.approx(expected["coef"][term], rel=1e-8), (covariance, term)
            assert ours[term][1] == pytest.approx(expected[name][term], rel=1e-8), (covariance, term)
    # s^2 has every effect in its degrees of freedom, as plm's has
    flow = dict(
        panels.query(
            f"select statistic, value from estimates.model_statistics where table_code = '{table}' "
            f"and model_code = '{model}' and equation = 'main'"
        )
    )
    assert (flow["n_obs"], flow["n_entities"], flow["df_resid"]) == (
        expected["N"], expected["G"], expected["df_residual"],
    )  # fmt: skip
    # plm's own factor, sss, counts the slopes only; ours counts a constant and the years too
    ours = found(panels, table, model, "cluster")
    n, k, years = expected["N"], expected["k"], expected["T"]
    for term, sss in expected["se_arellano_sss"].items():
        assert ours[term][1] == pytest.approx(sss * ((n - k) / (n - k - years)) ** 0.5, rel=1e-8)
    df = dict(
        panels.query(
            f"select term, df from estimates.coefficients where table_code = '{table}' and model_code = '{model}' "
            "and covariance = 'cr2' and equation = 'main'"
        )
    )
    for term, expected_df in expected["df_CR2"].items():
        assert df[term] == pytest.approx(expected_df, rel=1e-6), term


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
