"""``estimate.py`` as a person uses it: its options, what it prints and what it leaves in the output folder."""

from __future__ import annotations

import pytest
from studies import Commands, Outcome, Project


def succeeded(outcome: Outcome) -> Outcome:
    assert outcome.code == 0, outcome.output
    return outcome


def test_help_names_every_option_and_exit_code(built_harbours: Project) -> None:
    said = succeeded(built_harbours.run("python", "python/estimate.py", "--help")).output
    for word in ("--study", "--database", "--output", "--tables", "--language", "--covariance", "--engine", "--data-docs",
                 "--quiet", "Exit code"):  # fmt: skip
        assert word in said


def test_a_wrong_option_is_told_with_exit_code_2(built_harbours: Project) -> None:
    outcome = built_harbours.run("python", "python/estimate.py", "--covariance", "none")
    assert outcome.code == 2
    assert "--covariance" in outcome.output


def test_quiet_prints_nothing(harbours_commands: Commands) -> None:
    assert harbours_commands.estimated.output == ""


def test_a_second_run_changes_no_file_and_ends_with_the_findings(
    harbours: Project, built_harbours: Project
) -> None:
    outcome = succeeded(harbours.estimate())
    assert "output/harbours/index.html" in outcome.output
    assert outcome.output.endswith((harbours.output / "findings.txt").read_text(encoding="utf-8"))
    assert harbours.files() == built_harbours.files()
    assert harbours.tables("estimates") == built_harbours.tables("estimates")


@pytest.mark.parametrize("wanted", [["steps"], ["vigour"], ["summary", "vigour"]])
def test_only_the_tables_asked_for_are_written_and_files_of_a_person_are_kept(
    harbours: Project, wanted: list[str]
) -> None:
    notes = harbours.output / "tables" / "my notes.txt"
    notes.write_text("mine")
    changed = harbours.output / "tables" / "lagged.csv"
    changed.write_text("changed by hand")
    succeeded(harbours.estimate("--tables", *wanted))
    files = harbours.files()
    tables = {name for name in files if name.startswith("tables/")}
    ours = {"tables/vigour.csv", "tables/summary.csv", "tables/steps.csv"}
    assert tables & ours == {f"tables/{code}.csv" for code in wanted}
    assert notes.read_text() == "mine"
    assert changed.read_text() == "changed by hand"
    found = harbours.query("select distinct table_code from estimates.coefficients")
    assert found == [(code,) for code in wanted if code == "steps"]


def test_one_language_writes_one_page(harbours: Project) -> None:
    succeeded(harbours.estimate("--language", "zh"))
    files = harbours.files()
    assert "report.zh.html" in files
    assert "report.en.html" not in files
    assert b"report.en.html" not in files["index.html"]
    assert "Table" not in files["findings.txt"].decode()


def test_another_covariance_changes_standard_errors_and_not_coefficients(
    harbours: Project, built_harbours: Project
) -> None:
    succeeded(harbours.estimate("--covariance", "iid"))
    query = (
        "select table_code, model_code, equation, term, estimate, std_error, covariance from estimates.coefficients "
        "where is_printed order by all"
    )
    iid, clustered = harbours.query(query), built_harbours.query(query)
    assert [row[:5] for row in iid] == [row[:5] for row in clustered]
    assert all(one[5] != other[5] for one, other in zip(iid, clustered, strict=True))
    assert {row[6] for row in iid} == {"iid"}
    assert {row[6] for row in clustered} == {"cluster"}


def test_data_docs_are_written_beside_the_output_only_on_request(harbours: Project) -> None:
    docs = harbours.root / "output" / "harbours-data-docs"
    assert not docs.exists()
    succeeded(harbours.estimate("--data-docs"))
    assert (docs / "index.html").is_file()
    assert "regression_panel" in (docs / "index.html").read_text(encoding="utf-8")
