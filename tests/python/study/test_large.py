"""``estimate.py`` on panels that stay in the database: the same numbers as from rows, and what it leaves out and says."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from nqp.econometrics.fit import fit
from nqp.econometrics.inference import infer
from nqp.study.marts import LISTED, MOST_ROWS, read_marts
from studies import Outcome, Project

KEY = ["table_code", "panel_code", "model_code", "equation"]


def estimates(project: Project, name: str) -> pd.DataFrame:
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(f"select * from estimates.{name}").df()


def both(first: pd.DataFrame, second: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows of two frames side by side, which must have the same keys."""
    found = first.merge(second, on=key, suffixes=("", "_in_sql"), how="outer", indicator=True)
    assert set(found["_merge"]) == {"both"}
    return found


@pytest.fixture(scope="module")
def in_sql(
    default_runs: dict[str, Project], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Outcome]:
    """The default study, estimated again in SQL though it is small."""
    project = default_runs["one"].copy(tmp_path_factory.mktemp("sql") / "project")
    outcome = project.estimate("--engine", "sql", "--language", "en")
    assert outcome.code == 0, outcome.output
    return project, outcome


def test_every_column_of_the_default_study_equals_the_fit_of_rows(
    default_runs: dict[str, Project], in_sql: tuple[Project, Outcome]
) -> None:
    rows = default_runs["one"]
    coefficients = both(estimates(rows, "coefficients"), estimates(in_sql[0], "coefficients"), [*KEY, "term"])
    assert len(coefficients) > 100
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        np.testing.assert_allclose(
            coefficients[f"{name}_in_sql"], coefficients[name], rtol=1e-9, atol=1e-12, err_msg=name
        )
    statistics = both(
        estimates(rows, "model_statistics"), estimates(in_sql[0], "model_statistics"), [*KEY, "statistic"]
    )
    np.testing.assert_allclose(statistics["value_in_sql"], statistics["value"], rtol=1e-9)
    tests = estimates(rows, "diagnostics").merge(
        estimates(in_sql[0], "diagnostics"), on=[*KEY[:3], "diagnostic", "term"], suffixes=("", "_in_sql")
    )
    assert {"first_stage_f", "anderson_lm", "cragg_donald_f"} <= set(tests["diagnostic"])
    np.testing.assert_allclose(tests["value_in_sql"], tests["value"], rtol=1e-9)
    conventions = estimates(rows, "conventions").merge(
        estimates(in_sql[0], "conventions"), on=["table_code", "covariance"], suffixes=("", "_in_sql")
    )
    assert len(conventions) == 6
    np.testing.assert_allclose(conventions["std_error_in_sql"], conventions["std_error"], rtol=1e-9)


def test_what_is_left_out_is_said_and_not_shown(in_sql: tuple[Project, Outcome]) -> None:
    project, outcome = in_sql
    for said in ("CR2 and the wild cluster bootstrap", "Chow and permutation tests", "leave one out, placebo",
                 "tests of the instruments but"):  # fmt: skip
        assert outcome.output.count(said) == 1
    assert not project.query(
        "select 1 from estimates.coefficients where p_wild is not null and not isnan(p_wild)"
    )
    assert project.query("select value from estimates.runs where fact = 'engine'") == [("sql",)]
    assert "wild" not in (project.output / "tables" / "table8.csv").read_text(encoding="utf-8").lower()


def enlarge(database: Path, copies: int) -> None:
    """Every harbour ``copies`` times over, each copy with numbers of its own."""
    with duckdb.connect(str(database), config={"threads": 1}) as connection:
        for table in ("entities", "regression_panel", "index_scores", "indicator_values", "index_contributions", "series_values"):  # fmt: skip
            columns = connection.execute(
                "select column_name, data_type from information_schema.columns where table_schema = 'marts' "
                f"and table_name = '{table}' order by ordinal_position"
            ).fetchall()
            numbers = table in ("regression_panel", "index_scores")
            told = [
                "entity_code || '-' || copy as entity_code" if name == "entity_code"
                else f"{name} * (0.5 + 0.5 * hash(entity_code, year, '{name}', copy) / 18446744073709551616.0) as {name}"
                if numbers and kind == "DOUBLE"
                else name
                for name, kind in columns
            ]  # fmt: skip
            connection.execute(
                f"create table copied as select {', '.join(told)} from marts.{table}, range({copies}) as copies (copy)"
            )
            kind = connection.execute(
                f"select table_type from information_schema.tables where table_schema = 'marts' and table_name = '{table}'"
            ).fetchall()[0][0]
            connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} marts.{table} cascade")
            ranked = "* replace (rank() over (partition by index_code, year order by score desc) as rank)"
            connection.execute(
                f"create table marts.{table} as select {ranked if table == 'index_scores' else '*'} from copied"
            )
            connection.execute("drop table copied")


def test_a_large_panel_is_estimated_where_it_lies(harbours: Project) -> None:
    enlarge(harbours.database, 600)
    outcome = harbours.estimate("--language", "en")
    assert outcome.code == 0, outcome.output
    assert "Estimating in SQL" in outcome.output
    assert read_marts(harbours.database, large=True).regression_panel is None
    marts = read_marts(harbours.database)
    assert len(marts.panel) > MOST_ROWS
    model = fit(marts.panel, outcome="ln_trade", regressors=["quay", "premium", "manning"])
    row = infer(model).row("quay")
    found = harbours.query(
        "select estimate, std_error, p_value from estimates.coefficients "
        "where table_code = 'steps' and model_code = '3' and term = 'quay' and is_printed"
    )
    np.testing.assert_allclose(found[0], [row["estimate"], row["std_error"], row["p_value"]], rtol=1e-9)
    page = (harbours.output / "scores.en.html").read_text(encoding="utf-8")
    assert f"The first {LISTED} of 4800 and the last" in page
    ranking = pd.read_csv(harbours.output / "tables" / "ranking-quay.csv")
    assert ranking.loc[ranking["column"] == "rank", "value"].size == LISTED + 1
    first = harbours.files()
    again = harbours.estimate("--language", "en")
    assert again.code == 0
    assert harbours.files() == first


def test_the_engine_can_be_chosen(harbours: Project) -> None:
    outcome = harbours.estimate("--engine", "linearmodels", "--tables", "steps")
    assert outcome.code == 0, outcome.output
    assert "in SQL" not in outcome.output
