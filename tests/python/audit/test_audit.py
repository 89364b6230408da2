"""The audit: what it finds in the printed tables of the default study, and that it raises no alarm on sound ones."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from nqp.audit.names import TERMS, Names
from nqp.audit.rules import RULES, filled, rules_markdown
from nqp.document.cells import Interval
from nqp.language.labels import Label, Language
from studies import GOLDENS, REPOSITORY, Project, bench_module

R = GOLDENS / "econometrics"


@pytest.fixture(scope="module")
def default_run(default_runs: dict[str, Project]) -> Project:
    """The default study, built and estimated. Read only."""
    return next(iter(default_runs.values()))


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return bench_module("audit_trust")


@pytest.fixture(scope="module")
def findings(default_run: Project) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for rule, table, model, verdict, told in default_run.query(
        "select rule, table_code, model_code, verdict, explanation_en from marts.audit_findings"
    ):
        found.setdefault((rule, table, model), []).append((verdict, told))
    return found


def test_the_outcome_row_is_nominal_income_of_the_4th_census(default_run: Project) -> None:
    best = default_run.query(
        "select candidate_variable, reproduced, mean, std_dev, min, max from audit.audit_matches "
        "where variable_code = 'ln_gdp_per_capita' and place = 1"
    )[0]
    assert best[:2] == ("ln_gdp_per_capita_nominal", 3)
    assert [f"{figure:.3f}" for figure in best[2:]] == ["10.906", "0.444", "9.841", "12.156"]


def test_the_fiscal_row_matches_digit_for_digit_and_education_resembles_openness(
    default_run: Project,
) -> None:
    best = {
        variable: (candidate, reproduced)
        for variable, candidate, reproduced in default_run.query(
            "select variable_code, candidate_variable, reproduced from audit.audit_matches where place = 1"
        )
    }
    assert best["government_intervention"] == ("government_intervention", 4)
    assert best["education"][0] == "trade_openness"


def test_lm_and_f_have_one_joint_solution(
    findings: dict[tuple[str, str, str], list[tuple[str, str]]],
) -> None:
    ((verdict, told),) = findings["A4", "table4", "1 -> 2"]
    assert verdict == "consistent"
    assert "N = 328, L = 2 -> 7" in told
    for column in ("1", "2"):
        for rule in ("A3", "A6"):
            assert findings[rule, "table4", column][0][0] == "inconsistent as printed"


def test_the_constant_misses_the_means(findings: dict[tuple[str, str, str], list[tuple[str, str]]]) -> None:
    told = [findings["A16", "table3", str(column)][0] for column in range(1, 7)]
    assert {verdict for verdict, _ in told} == {"inconsistent as printed"}
    gaps = [float(text.split("off by ")[1].split()[0]) for _, text in told]
    assert (min(gaps), max(gaps)) == (0.017, 0.038)


def test_definitions_bound_the_rows(findings: dict[tuple[str, str, str], list[tuple[str, str]]]) -> None:
    failing = {
        model for (rule, _, model), found in findings.items()
        if rule == "A12" and any(verdict == "inconsistent as printed" for verdict, _ in found)
    }  # fmt: skip
    assert failing == {"consumption", "education"}


@pytest.mark.build
def test_simulated_tables_raise_no_alarm_and_errors_are_found(bench: ModuleType) -> None:
    trust = bench.measure(tables=15, errors=8)
    assert trust.alarms == []
    for kind in (
        "A3 LM",
        "A5 N",
        "A6 df",
        "A10 group",
        "A11 repeat",
        "A13 stage",
        "A14 value",
        "A18 minus",
        "A19 t",
        "A25 percent",
    ):
        papers, by_rule, _ = trust.power[kind]
        assert by_rule >= 0.6 * papers, kind  # eight each; of sixty, docs/audit.md, 75 % and more


@pytest.fixture(scope="module")
def sound(bench: ModuleType, default_run: Project, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the audit says of tables of R and of our own, printed with three and four decimals."""
    papers = {
        f"r{d}{kind}": _r_paper(bench, d, kind)
        for d in (3, 4)
        for kind in ("se_iid", "se_HC1", "se_cluster_id_areg")
    }
    folder = tmp_path_factory.mktemp("sound") / "papers"
    bench.write_papers(papers | {f"own{d}": _own_paper(bench, default_run, d) for d in (3, 4)}, folder)
    found: list[Any] = bench.audit_folder(folder)
    assert {place for place, *_ in found} == {"r3se", "r4se", "own3", "own4"}
    return found


def test_tables_of_r_raise_no_alarm(sound: list[Any]) -> None:
    rows = [row for row in sound if row[0].startswith("r")]
    assert {rule for _, rule, _, _ in rows} >= {"A1", "A2", "A3", "A4", "A5", "A6", "A9", "A12", "A15"}
    assert [row for row in rows if row[2] == "inconsistent as printed"] == []


def test_our_own_tables_raise_no_alarm(sound: list[Any]) -> None:
    rows = [row for row in sound if row[0].startswith("own")]
    assert {rule for _, rule, _, _ in rows} >= {"A1", "A3", "A7", "A9", "A12", "A16"}
    assert [row for row in rows if row[2] == "inconsistent as printed"] == []


def test_a_folder_of_printed_tables_is_audited_alone(default_run: Project, tmp_path: Path) -> None:
    paper = default_run.root / "seeds" / "paper"
    paper.mkdir()
    for name in ("pub_coefficients.csv", "pub_statistics.csv", "pub_descriptives.csv"):
        (paper / name).write_bytes((default_run.folder / name).read_bytes())
    done = default_run.run(
        "python", "python/audit.py", "--study", "paper", "--output", str(tmp_path / "out"), NQP_DATABASE=""
    )
    assert done.code == 0, done.output
    written = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == len(written)
    assert {row["rule"] for row in written if row["verdict"] == "inconsistent as printed"} == {
        "A3",
        "A6",
        "A7",
        "A12",
        "A16",
    }
    for name in ("audit.zh.html", "audit.en.html", "index.html"):
        assert (tmp_path / "out" / name).is_file()


def test_a_folder_without_tables_is_named(default_run: Project, tmp_path: Path) -> None:
    done = default_run.run("python", "python/audit.py", "--study", str(tmp_path))
    assert done.code == 1
    assert "there is no printed table to audit" in done.output


@pytest.mark.parametrize(("language", "file"), [("en", "audit.md"), ("zh", "audit.zh-CN.md")])
def test_the_docs_hold_the_rules_word_for_word(language: Language, file: str) -> None:
    assert rules_markdown(language) in (REPOSITORY / "docs" / file).read_text(encoding="utf-8")
    assert [rule.code for rule in RULES] == [f"A{number}" for number in range(1, 26)]


def _stars(t: float) -> str:
    return "*" * sum(math.erfc(abs(t) / math.sqrt(2)) < level for level in (0.1, 0.05, 0.01))


def _r_paper(bench: ModuleType, d: int, kind: str):  # type: ignore[no-untyped-def]
    """The nested columns and the instrumented columns of R, printed with ``d`` decimals."""
    result = json.loads((R / "synthprov.json").read_text())["result"]
    paper = bench.Printed(decimals=d)
    for number in range(1, 7):
        fit, column = result[f"col{number}"]["lm_lsdv"], str(number)
        for term, value in fit["coef"].items():
            error = fit[kind][term]
            stars = _stars(value / error)
            paper.estimates["t", column, "main", term] = [f"{value:.{d}f}", f"{error:.{d}f}", stars]
        paper.statistics["t", column, "n_obs"] = "330"
        paper.statistics["t", column, "r2"] = f"{fit['r2']:.{d}f}"
        paper.statistics["t", column, "adj_r2"] = f"{fit['adjr2']:.{d}f}"
    instrumented = json.loads((R / "iv.json").read_text())["result"]
    for rows in ("330", "300"):
        for column, name, controls in (("1", "nocontrols", 0), ("2", "controls", 5)):
            fit, table = instrumented[f"synth_twfe_{name}_{rows}"], f"iv{rows}"
            ((lag, first),) = fit["first_stage"]["x"]["coef"].items()
            error = fit["first_stage"]["x"]["se"][lag]
            paper.estimates[table, column, "first_stage", "lag"] = [f"{first:.{d}f}", f"{error:.{d}f}", "***"]
            error = fit["se_small"]["x"]
            stars = _stars(fit["coef"]["x"] / error)
            paper.estimates[table, column, "main", "x"] = [
                f"{fit['coef']['x']:.{d}f}",
                f"{error:.{d}f}",
                stars,
            ]
            for statistic, key in (
                ("anderson_lm", "anderson_LM"),
                ("cragg_donald_f", "cragg_donald_F"),
                ("adj_r2", "adjr2"),
            ):
                paper.statistics[table, column, statistic] = f"{fit[key]:.{d}f}"
            paper.statistics[table, column, "n_obs"] = rows
            paper.statistics[table, column, "n_controls"] = str(controls)
    panel = pd.read_csv(R / "synthprov.csv")
    for name in ("y", "x", "c1", "c2", "c3", "c4", "c5"):
        values = panel[name]
        figures = (values.mean(), values.std(), values.min(), values.max())
        paper.descriptives[name] = [str(len(values)), *(f"{figure:.{d}f}" for figure in figures), "", ""]
    _claim(paper)
    return paper


def _own_paper(bench: ModuleType, project: Project, d: int):  # type: ignore[no-untyped-def]
    """Our own estimates of the default study in the form of a printed paper."""
    paper = bench.Printed(decimals=d)
    for table, panel, model, equation, term, value, error, stars in project.query(
        "select table_code, panel_code, model_code, equation, term, estimate, std_error, stars from estimates.coefficients "
        "where is_printed and table_code in ('table3', 'table4', 'table5')"
    ):
        own = "lag" if term.startswith("L1.") else term.replace(".", "_")
        paper.estimates[f"{table}{panel}", model, equation, own] = [
            f"{value:.{d}f}",
            f"{error:.{d}f}",
            stars or "",
        ]
    for table, panel, model, statistic, value in project.query(
        "select table_code, panel_code, model_code, statistic, value from estimates.model_statistics "
        "where table_code in ('table3', 'table4', 'table5') and statistic in "
        "('n_obs', 'adj_r2', 'r2')"
    ):
        shown = f"{value:.0f}" if statistic == "n_obs" else f"{value:.{d}f}"
        paper.statistics[f"{table}{panel}", model, statistic] = shown
    for panel, model, statistic, value in project.query(
        "select panel_code, model_code, statistic, ours from estimates.comparison "
        "where table_code = 'table4' and statistic in ('anderson_lm', 'cragg_donald_f')"
    ):
        paper.statistics[f"table4{panel}", model, statistic] = f"{value:.{d}f}"
    for variable, n, *figures in project.query(
        "select variable_code, observations, mean, std_dev, min, max from marts.descriptive_statistics"
    ):
        paper.descriptives[variable.replace(".", "_")] = [
            str(n),
            *(f"{figure:.{d}f}" for figure in figures),
            "",
            "",
        ]
    _claim(paper)
    for table in {key[0] for key in paper.statistics if key[0]}:
        outcome = "ln_gdp_per_capita_nominal" if table.endswith("nominal") else "ln_gdp_per_capita"
        paper.statistics[table, "", "outcome"] = outcome
    return paper


def _claim(paper) -> None:  # type: ignore[no-untyped-def]
    for claim, value in (("n_entities", "30"), ("n_years", "11"), ("effects", "entity year")):
        paper.statistics["", "", claim] = value


def test_codes_of_a_finding_have_names_in_both_languages() -> None:
    names = Names(
        {**TERMS, "gdp": Label("地区生产总值", "regional product"), "gdp.a": Label("甲", "part a")},
        {"main": 7},
    )
    assert names.place("table3", "2") == Label("表 3 第 (2) 列", "Table 3, column (2)")
    assert names.place("main", "1 -> 2") == Label("表 7 第 (1) 与第 (2) 列", "Table 7, columns (1) and (2)")
    assert names.place("descriptives", "gdp").zh == "描述性统计 地区生产总值"
    cells = names.cells("gdp.a = 0.2; L1.gdp = 0.1, n_obs = 30 of main.2")
    assert cells.zh.startswith("甲 = 0.2; 滞后 1 期的地区生产总值 = 0.1, 观测数 = 30")
    assert cells.en.startswith("part a = 0.2; lag 1 of regional product = 0.1, observations = 30")
    assert names.cells("gdp_2 = 1").zh == "gdp_2 = 1", "a longer code is another one"


@pytest.mark.parametrize(("low", "high", "printed"), [(-0.7364, -0.7316, "[-0.737, -0.731]"), (0.5, 0.5, "[0.500, 0.500]"), (0.1 + 0.2, 0.3, "[0.300, 0.300]"), (-math.inf, 1e-9, "[-∞, 0.001]")])  # fmt: skip
def test_a_printed_interval_never_shuts_out_what_the_true_one_holds(
    low: float, high: float, printed: str
) -> None:
    assert str(Interval(low, high, outwards=True).pieces("en")).replace("\u2212", "-") == printed
    told = filled("[{x_low:3}, {x_high:3}]", {"x_low": low, "x_high": high})
    assert told.replace("inf", "∞") == printed
