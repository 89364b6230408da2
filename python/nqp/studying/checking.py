"""Every problem of a study in one list, without a build: the project's own checks on a database of a few seconds.

The definitions and figures go through the models of staging and checks, so that the words are those of the build;
specifications.toml goes through the reader that the estimation uses, table by table.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nqp.errors import StudyError
from nqp.study.specification import RegressionTable, Specification
from nqp.study.specification_file import read_specification
from nqp.study.specification_names import check_names
from nqp.studying.files import Study, read_folder
from nqp.studying.layout import SPECIFICATION
from nqp.studying.toml import write_toml

_SHOWN = 200


@dataclass(frozen=True)
class Problems:
    """What was found, each message once: errors, what may only follow from them, and warnings."""

    errors: tuple[str, ...]
    perhaps_consequences: tuple[str, ...]
    warnings: tuple[str, ...]

    def text(self) -> str:
        """The list as a person reads it."""
        lines = [*_most(self.errors)]
        if self.perhaps_consequences:
            lines += ["", "Perhaps only because of the above:", *_most(self.perhaps_consequences)]
        if self.warnings:
            lines += ["", "Warnings:", *_most(self.warnings)]
        return "\n".join(lines).strip() + "\n"


def _most(messages: tuple[str, ...]) -> list[str]:
    more = [f"... and {len(messages) - _SHOWN} more"] if len(messages) > _SHOWN else []
    return [*messages[:_SHOWN], *more]


def check_study(root: Path, folder: Path) -> Problems:
    """All problems of a study folder below ``root``/seeds. Raises StudyError where a file cannot be read at all."""
    of_files = unreadable(folder)
    if of_files:
        return Problems(tuple(of_files), (), ())
    study = read_folder(folder)
    first, later, warnings = _problems_in_database(root, folder)
    path = Path(os.path.relpath(folder / SPECIFICATION, root))
    return Problems((*first, *specification_problems(folder / SPECIFICATION, path, study)), later, warnings)


def unreadable(folder: Path) -> list[str]:
    """Why files of a study cannot be read, one message each."""
    from nqp.studying.files import read_csv

    if not folder.is_dir():
        raise StudyError(f"There is no study folder {folder}.")
    found = []
    for path in sorted(folder.glob("*.csv")):
        try:
            read_csv(path)
        except StudyError as error:
            found.append(str(error))
    return found


# ------------------------------------------------------------------------------------------------- dbt


def _problems_in_database(
    root: Path, folder: Path
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Errors of the first stage that has any, errors of later stages, warnings."""
    import duckdb

    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / "check.duckdb"
        output = _dbt(root, folder.name, database, Path(scratch))
        messages = tuple(sorted(set(re.findall(r"seeds/\S+\.csv: .*", output))))
        if not database.is_file():
            if messages:
                return messages, (), ()
            raise StudyError(f"{folder.name} could not be checked:\n{output.strip()}")
        with duckdb.connect(str(database), read_only=True) as connection:
            tables = {
                name
                for (name,) in connection.execute(
                    "select table_name from information_schema.tables where table_schema = 'checks'"
                ).fetchall()
            }
            found = []
            for name, stage in (("all_problems", "stage"), ("problems_in_specs", "1")):
                if name in tables:
                    query = f"select {stage}, severity, message from checks.{name} order by all"
                    found += connection.execute(query).fetchall()
    if not messages and not tables:
        raise StudyError(f"{folder.name} could not be checked:\n{output.strip()}")
    stages = [stage for stage, severity, _ in found if severity == "error"]
    first = min(stages, default=0)
    errors = [message for stage, severity, message in found if severity == "error" and stage == first]
    later = [message for stage, severity, message in found if severity == "error" and stage > first]
    warnings = [message for _, severity, message in found if severity != "error"]
    return (
        tuple(dict.fromkeys([*messages, *errors])),
        tuple(dict.fromkeys(later)),
        tuple(dict.fromkeys(warnings)),
    )


def _dbt(root: Path, study: str, database: Path, scratch: Path) -> str:
    """What dbt says while it loads the study and runs the checks."""
    done = subprocess.run(
        [
            sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", "--quiet", "--no-write-json",
            "--log-path", str(scratch), "build", "--target-path", str(root / "target" / "check"),
            "--select", "+path:models/checks", "+problems_in_specs",
            "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test",
        ],
        cwd=root,
        env={**os.environ, "NQP_STUDY": study, "NQP_DATABASE": str(database), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.stdout


# ------------------------------------------------------------------------------------------------- TOML


def specification_problems(path: Path, shown: Path, study: Study) -> list[str]:
    """What is wrong with specifications.toml, one message per table, hypothesis and headline."""
    try:
        specification = read_specification(path)
    except StudyError as error:
        found = _faults_by_item(path) or [str(error)]
        return [message.replace(str(path), str(shown)) for message in dict.fromkeys(found)]
    roles = {row["variable_code"]: row.get("role", "") for row in study.records("def_variables")}
    indices = [row["index_code"] for row in study.records("def_indices")]
    parts = [f"{row['index_code']}.{row['dimension_code']}" for row in study.records("def_dimensions")]
    roles |= dict.fromkeys([*indices, *parts], "index")
    known = (
        roles,
        {row.get("group_code", "") for row in study.records("def_entities")},
        {row["entity_code"] for row in study.records("def_entities")},
        indices,
    )
    found = []
    sound = []
    for regressions in specification.regression_tables:
        message = _fault(_only(specification, tables=(regressions,)), shown, known)
        found += message
        sound += [] if message else [regressions]
    for table in specification.tables:
        if not isinstance(table, RegressionTable):
            found += _fault(_only(specification, tables=(*sound, table)), shown, known)
    for key in ("hypotheses", "headlines"):
        for item in getattr(specification, key):
            broken = len(sound) < len(specification.regression_tables)
            if not broken:
                found += _fault(_only(specification, tables=tuple(sound), **{key: (item,)}), shown, known)
    if specification.multiverse and specification.multiverse.declared:
        found += (
            _fault(replace(specification, hypotheses=(), headlines=()), shown, known) if not found else []
        )
    return list(dict.fromkeys(found))


def _only(specification: Specification, **kept: Any) -> Specification:
    nothing = {"hypotheses": (), "headlines": (), "multiverse": None}
    return replace(specification, **{**nothing, **kept})


def _fault(
    specification: Specification,
    path: Path,
    known: tuple[Mapping[str, str], set[str], set[str], list[str]],
) -> list[str]:
    try:
        check_names(specification, path, *known)
    except StudyError as error:
        return [str(error)]
    return []


def _faults_by_item(path: Path) -> list[str]:
    """The faults of form of each item by itself; none where the file is no TOML or the fault is between items."""
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return []
    found: list[str] = []
    study = {"title": "-"}
    sound = {"code": "x", "kind": "descriptives", "title": "-", "variables": []}

    def attempt(part: Mapping[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            lone = Path(scratch) / SPECIFICATION
            try:
                lone.write_text(write_toml(part), encoding="utf-8")
                read_specification(lone)
            except StudyError as error:
                found.append(str(error).replace(str(lone), str(path)))
            except (TypeError, AttributeError):
                return

    attempt({key: value for key, value in content.items() if key not in ("tables", "hypotheses", "headlines")} | {"tables": [sound]})  # fmt: skip
    for key in ("tables", "hypotheses", "headlines"):
        for item in content.get(key, []) if isinstance(content.get(key, []), list) else []:
            attempt({"study": study, "tables": [sound], key: [item]})
    return found
