"""Nothing is estimated from a build that was stopped, is a part, or is older than its study; no mart answers from one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from nqp.study.stamp import CODE, _of_code, _of_pattern, check_stamp
from studies import WITHOUT_TESTS, Project

RAW = "raw_observations.csv"
WITHOUT_MULTIVERSE = ("--exclude", "tag:multiverse")


def state(project: Project) -> str:
    (found,) = project.query("select state from build.stamp")
    return str(found[0])


def marts(project: Project) -> set[str]:
    return {
        name
        for (name,) in project.query(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        )
    }


def test_a_finished_build_says_so_and_is_estimated(built_harbours: Project) -> None:
    assert state(built_harbours) == "finished"
    assert built_harbours.query("select count(distinct inputs_sha256) from build.relations") == [(1,)]


@pytest.mark.parametrize("file", [RAW, "def_groups.csv", "pub_coefficients.csv"])
def test_a_study_edited_after_the_build_is_named(harbours: Project, file: str) -> None:
    before = harbours.files()
    with (harbours.folder / file).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    outcome = harbours.estimate()
    assert outcome.code == 1
    (error,) = outcome.errors
    assert file in error
    assert "dbt build" in error
    assert harbours.files() == before


def test_a_file_that_appears_or_goes_is_named(harbours: Project) -> None:
    (harbours.folder / "pub_coefficients.csv").rename(harbours.folder / "kept.txt")
    (error,) = harbours.estimate().errors
    assert "pub_coefficients.csv" in error


def test_code_changed_after_the_build_is_named(harbours: Project) -> None:
    with (harbours.root / "macros" / "hooks" / "stamp.sql").open("a", encoding="utf-8") as stream:
        stream.write("{# #}\n")
    (error,) = harbours.estimate().errors
    assert "models and macros" in error


def test_the_specification_may_change_without_a_build(harbours: Project) -> None:
    with (harbours.folder / "specifications.toml").open("a", encoding="utf-8") as stream:
        stream.write("# a remark\n")
    assert harbours.estimate("--check").code == 0


def test_no_mart_of_a_former_study_answers_after_a_part_was_built(harbours: Project) -> None:
    before = marts(harbours)
    harbours.edit(RAW, "007,1998,cargo,100,", "007,1998,cargo,101,")
    built = harbours.build(*WITHOUT_TESTS, *WITHOUT_MULTIVERSE)
    assert built.code == 0, built.output
    gone = before - marts(harbours)
    assert {"spec_scores", "obstacle_degrees", "index_gaps"} <= gone
    assert "index_scores" not in gone
    estimated = harbours.estimate("--quiet")
    assert estimated.code == 0, estimated.output
    again = harbours.build("--select", "+marts.recipes", *WITHOUT_TESTS)
    assert again.code == 0, again.output
    assert marts(harbours) == before


def test_a_part_of_the_same_study_leaves_the_rest_as_it_is(harbours: Project) -> None:
    before = marts(harbours)
    built = harbours.build("--select", "index_scores", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    assert marts(harbours) == before
    assert harbours.estimate("--check").code == 0


def test_a_part_of_another_study_is_named_as_a_part(harbours: Project) -> None:
    harbours.edit(RAW, "007,1998,cargo,100,", "007,1998,cargo,101,")
    built = harbours.build("--select", "+index_scores", *WITHOUT_TESTS)
    assert built.code == 0, built.output
    outcome = harbours.estimate()
    (error,) = outcome.errors
    assert "part" in error
    assert "marts.regression_panel" in error
    assert "regression_panel" not in marts(harbours)


def test_a_build_without_rows_is_refused(harbours: Project) -> None:
    harbours.dbt("run", "--empty", "--select", "entities")
    (error,) = harbours.estimate().errors
    assert "--empty" in error


def test_a_failed_build_is_refused_and_its_marts_stay(harbours: Project) -> None:
    before = harbours.tables("marts")
    harbours.edit(RAW, "007,1998,cargo,100,", "007,1998,cargo,many,")
    assert harbours.build().code != 0
    assert state(harbours) == "failed"
    (error,) = harbours.estimate().errors
    assert "failed" in error
    assert harbours.tables("marts") == before


@pytest.mark.parametrize("kind", ["table", "view"])
@pytest.mark.parametrize(
    ("schema", "relation", "fault"),
    [
        ("marts", "entities", "select * from final where error('planted') is null"),  # a table
        ("series", "int_spine", "select planted from final"),  # a view
    ],
)
def test_a_relation_whose_build_fails_stays_as_it_was(
    harbours: Project, kind: str, schema: str, relation: str, fault: str
) -> None:
    with duckdb.connect(str(harbours.database)) as connection:
        before = "view" if relation == "int_spine" else "table"
        connection.execute(
            f"drop {before} {schema}.{relation}; create {kind} {schema}.{relation} as select 7 as old"
        )
    model = harbours.root / "models" / schema / f"{relation}.sql"
    sql = model.read_text(encoding="utf-8").replace("select * from final", fault)
    model.write_text(sql, encoding="utf-8")
    outcome = harbours.build("--select", relation)
    assert outcome.code == 1
    assert "planted" in outcome.output
    assert harbours.query(f"select * from {schema}.{relation}") == [(7,)]


@pytest.mark.parametrize("share", [0.35, 0.6, 0.85])
def test_a_build_that_is_killed_leaves_a_database_that_is_refused(harbours: Project, share: float) -> None:
    harbours.edit(RAW, "007,1998,cargo,100,", "007,1998,cargo,101,")
    total = len(harbours.query("select 1 from build.relations"))
    dbt = Path(sys.executable).parent / "dbt"
    process = subprocess.Popen(
        [dbt, "--no-use-colors", "build", *WITHOUT_TESTS],
        cwd=harbours.root, env={**os.environ, "NQP_STUDY": harbours.study, "NQP_DATABASE": harbours.database.name},
        text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if f" {round(share * total)} of " in line:
            break
    time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for command in (
        ("python", "python/estimate.py"),
        ("python", "python/audit.py"),
        ("python", "python/diagnose.py", "--scores", "seeds/harbours/def_groups.csv"),
    ):
        outcome = harbours.run(*command)
        assert outcome.code == 1
        assert "Traceback" not in outcome.output
    (error,) = harbours.estimate().errors
    assert "not built to its end" in error
    assert harbours.build(*WITHOUT_TESTS).code == 0
    assert harbours.estimate("--check").code == 0


def test_a_database_without_a_stamp_is_refused(harbours: Project) -> None:
    with duckdb.connect(str(harbours.database)) as connection:
        connection.execute("drop schema build cascade")
    (error,) = harbours.estimate().errors
    assert "no stamp" in error


def test_sql_and_python_give_one_fingerprint(built_harbours: Project) -> None:
    with duckdb.connect() as connection:
        root = built_harbours.root
        rows = connection.execute(
            "select filename, sha256(content) from read_blob(?) order by filename",
            [[str(root / pattern) for pattern in CODE]],
        ).fetchall()
    assert len(rows) > 100
    assert built_harbours.query("select fingerprint from build.inputs where kind = 'code'") == [
        (_of_code(root),)
    ]


def test_a_file_read_in_place_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    path.write_text("a\n1\n")
    before = _of_pattern(str(tmp_path / "*.csv"))
    path.write_text("a\n2\n")
    assert _of_pattern(str(tmp_path / "*.csv")) != before
    path.write_text("a\n1\n")
    assert _of_pattern(str(tmp_path / "*.csv")) == before


def test_a_check_costs_little(built_harbours: Project) -> None:
    started = time.perf_counter()
    check_stamp(built_harbours.database, built_harbours.root, built_harbours.folder, ())
    assert time.perf_counter() - started < 1
