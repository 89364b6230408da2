"""The stamp that dbt build leaves in a database: is it whole, and is it of this study as it stands today?

macros/hooks/stamp.sql writes it: the state, a fingerprint of every input, and for every relation the inputs it was built
from. Nothing is estimated from a build that was stopped, failed, left out what is needed, or is older than its inputs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from nqp.errors import StudyError
from nqp.study.database import connected

MOST_BYTES = 64 * 1024 * 1024  # as macro most_bytes
CODE = ("models/**/*.sql", "macros/**/*.sql", "seeds/words/*.csv", "dbt_project.yml")

PUBLISHED = tuple(
    f"staging.published_{name}" for name in ("coefficients", "statistics", "descriptives", "explanations")
)
MARTS = (
    "entities", "series", "indicators", "variables", "series_values", "indicator_values", "indicator_weights",
    "index_scores", "index_contributions", "descriptive_statistics", "regression_panel",
)  # fmt: skip
RECIPE = ("staging.stg_specs", "staging.stg_recipe_options")
ESTIMATED = (*(f"marts.{name}" for name in MARTS), *PUBLISHED, *RECIPE)
AUDITED = ("marts.audit_findings",)
DIAGNOSED = ("marts.specs", "marts.spec_weights", "marts.spec_scores")

_STATES = {
    "building": "was not built to its end: dbt {command} was stopped, or is still running. It may mix two studies",
    "failed": "comes from a dbt {command} that failed. Mend what it named",
    "overtaken": "was built while a file of the study changed",
    "without rows": "was built with --empty or --sample, without the rows of the study",
}


def check_stamp(database: Path, root: Path, folder: Path, needed: Sequence[str]) -> None:
    """Refuse a database that does not hold the study in ``folder`` as it stands, built whole by the code in ``root``.

    ``needed`` names the relations, schema and name, that the command reads. What Spark wrote carries no stamp; its
    tables are checked when they are opened. Raises StudyError with what to run.
    """
    if not database.is_file():
        raise StudyError(f"The database {database} does not exist. Build it first: dbt build")
    with connected(database) as connection:
        if connection.execute(
            "select 1 from duckdb_views() where not internal and schema_name = 'marts' and view_name = 'index_scores'"
        ).fetchone():
            return
        try:
            state, command = _one(connection, "select state, command from build.stamp")
            inputs = connection.execute("select kind, name, fingerprint from build.inputs").fetchall()
            current = connection.execute(
                "select schema_name || '.' || relation_name from build.relations "
                "inner join build.stamp using (inputs_sha256) where not is_pending"
            ).fetchall()
        except duckdb.CatalogException as error:
            raise StudyError(
                f"The database {database} carries no stamp of a build: an older version of the project made it, or "
                "something else did. Build it: dbt build"
            ) from error
    if state != "finished":
        what = _STATES[state].format(command=command.removeprefix("dbt "))
        raise StudyError(f"The database {database} {what}. Build again: dbt build")
    if changed := _changed(root, folder, inputs):
        raise StudyError(
            f"The database {database} is older than what it was built from. Changed since: {', '.join(changed)}. "
            "Build again: dbt build"
        )
    found = {name for (name,) in current}
    if missing := [name for name in needed if name not in found]:
        raise StudyError(
            f"The database {database} holds a part of the study: the last build (--select, --exclude or --selector) left out "
            f"{', '.join(missing)}. Build: dbt build"
        )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[str, str]:
    row = connection.execute(query).fetchone()
    if row is None:
        raise duckdb.CatalogException("the stamp is empty")
    return row[0], row[1]


def _changed(root: Path, folder: Path, inputs: Iterable[tuple[str, str, str]]) -> list[str]:
    """The inputs whose fingerprint is another one today, as a person calls them."""
    changed = []
    for kind, name, before in inputs:
        if kind == "study" and _of_file(folder / name) != before:
            changed.append(str(folder / name))
        elif kind == "external" and _of_pattern(name) != before:
            changed.append(name)
        elif kind == "code" and _of_code(root) != before:
            changed.append("the models and macros of the project")
    return changed


def _of_file(path: Path) -> str:
    if not path.is_file():
        return "absent"
    if path.stat().st_size > MOST_BYTES:
        return _of_large_file(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _of_large_file(path: Path) -> str:
    facts = _files(str(path), "size || ' bytes, ' || epoch_us(last_modified)")
    return facts[0][1] if facts else "absent"


def _of_code(root: Path) -> str:
    lines = [
        f"{path.relative_to(root).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for pattern in CODE
        for path in root.glob(pattern)
    ]
    return hashlib.sha256("\n".join(sorted(lines, key=str.encode)).encode()).hexdigest()


def _of_pattern(pattern: str) -> str:
    """The fingerprint of all files that a pattern of DuckDB fits, by the query of macro fingerprints."""
    sizes = _files(pattern, "size")
    is_large = any(int(size) > MOST_BYTES for _, size in sizes)
    facts = _files(
        pattern, "size || ' bytes, ' || epoch_us(last_modified)" if is_large else "sha256(content)"
    )
    lines = [f"{name} {fingerprint}" for name, fingerprint in facts]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _files(pattern: str, fact: str) -> list[tuple[str, str]]:
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            return connection.execute(
                f"select filename, cast({fact} as varchar) from read_blob(?) order by filename", [pattern]
            ).fetchall()
        except duckdb.IOException:
            return []
