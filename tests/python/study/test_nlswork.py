"""Stata's panel of young women (4,711 in 15 years with gaps, 28,534 rows), read in place and fitted in the database.

The figures of ``xtreg, fe`` are those that Stata's manual and its page on panel data print; R's plm gives the digits behind
them (``nlswork.R`` beside the data).
"""

from __future__ import annotations

import shutil

import pytest
from econometrics_data import FOLDER, golden
from studies import Project, new_project
from test_any_panel import estimated, write_study

pytestmark = pytest.mark.build

SPECIFICATIONS = """
[study]
title = "Young women"
[[tables]]
code = "wages"
title = "Wages"
outcome = "ln_wage"
core = ["age", "age:age", "ttl_exp", "ttl_exp:ttl_exp", "tenure", "tenure:tenure", "not_smsa", "south"]
[[tables.columns]]
code = "entity"
effects = ["entity"]
[[tables.columns]]
code = "twoways"
"""
PRINTED = {
    "age": (0.0359987, 0.0033864), "age:age": (-0.0007230, 0.0000533), "ttl_exp": (0.0334668, 0.0029653),
    "ttl_exp:ttl_exp": (0.0002163, 0.0001277), "tenure": (0.0357539, 0.0018487), "tenure:tenure": (-0.0019701, 0.0001250),
    "not_smsa": (-0.0890108, 0.0095316), "south": (-0.0606309, 0.0109319),
}  # fmt: skip
ERRORS = {"iid": "se_iid", "cluster": "se_cluster_reghdfe", "driscoll_kraay": "se_SCC_HC0"}


@pytest.fixture(scope="module")
def women(tmp_path_factory: pytest.TempPathFactory) -> Project:
    names = ["ln_wage", "age", "ttl_exp", "tenure", "not_smsa", "south"]
    project = write_study(
        new_project(tmp_path_factory.mktemp("women") / "project", "women"), {}, variables=names,
        specifications=SPECIFICATIONS,
    )  # fmt: skip
    shutil.copy(FOLDER / "nlswork.csv.gz", project.root / "nlswork.csv.gz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NQP_OBSERVATIONS", "nlswork.csv.gz")
        done = project.build("--selector", "scale")
        assert done.code == 0, done.output
        return estimated(project)


def found(project: Project, model: str, covariance: str) -> dict[str, tuple[float, float]]:
    return {
        term: (estimate, error)
        for term, estimate, error in project.query(
            "select term, estimate, std_error from estimates.coefficients "
            f"where model_code = '{model}' and covariance = '{covariance}' and term != 'constant'"
        )
    }


def test_one_way_is_what_stata_prints(women: Project) -> None:
    ours = found(women, "entity", "iid")
    assert {term: tuple(round(one, 7) for one in pair) for term, pair in ours.items()} == PRINTED
    flow = dict(
        women.query("select statistic, value from estimates.model_statistics where model_code = 'entity'")
    )
    # F(8, 23386), within R2 0.1727; the women with one usable row, which xtreg counts, leave slopes and s^2 as they are
    assert (flow["df_resid"], round(flow["r2_within"], 4)) == (23386, 0.1727)
    assert flow["n_obs"] + flow["rows_singletons"] == golden("nlswork/entity")["full"]


@pytest.mark.parametrize("model", ["entity", "twoways"])
def test_every_digit_is_that_of_r(women: Project, model: str) -> None:
    expected = golden(f"nlswork/{model}")
    for covariance, name in ERRORS.items():
        ours = found(women, model, covariance)
        assert sorted(ours) == sorted(expected["coef"])
        for term, (estimate, error) in ours.items():
            assert estimate == pytest.approx(expected["coef"][term], rel=1e-8), (covariance, term)
            assert error == pytest.approx(expected[name][term], rel=1e-8), (covariance, term)
