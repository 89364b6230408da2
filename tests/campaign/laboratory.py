"""A project to spoil and to run, again and again: every step is a forked process that has loaded everything already.

The process that forks never opens a database. A step can be killed, can crash and can leave its memory in any state; what
it wrote on disk is all that the next one meets, as after a command that a person started.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studies import new_project, read_manifest
from tiny import STUDY, write_tiny

MOST_SECONDS = 300
QUICK = ("--no-use-colors", "--log-level-file", "none", "--no-write-json")
GATE = "the_study_has_no_errors"
# What the index and the panel need, and the test that lets no faulty study pass.
FIGURES = (
    "--indirect-selection", "empty", "--select", "resource_type:seed", "+index_scores,resource_type:model",
    "+regression_panel,resource_type:model", "+study_problems,resource_type:model", GATE,
)  # fmt: skip
WHOLE = (
    "--indirect-selection", "empty", "--select", "resource_type:seed", "resource_type:model", GATE,
    "--exclude", "tag:multiverse",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """How a step ended and what it said; the code is negative where a signal ended it."""

    code: int
    text: str


@dataclass(frozen=True)
class Snapshot:
    """What must stay as it was when a command refuses: the files of the output and the tables of the marts."""

    files: Mapping[str, str]
    marts: Mapping[str, str]


class Laboratory:
    """One copy of the project with the tiny study, built and estimated once, and put back before every trial."""

    def __init__(self, root: Path) -> None:
        self.root = root / "project"
        self.kept = root / "kept"
        self.folder = new_project(self.root, STUDY).folder
        self.database = self.root / f"{STUDY}.duckdb"
        self.output = self.root / "output"
        self.disk = self.root / "disk"  # where a case wants one of its own (disks.py)
        self.others: list[int] = []  # processes that hold the database open
        write_tiny(self.folder)
        self.environment: dict[str, str] = {}
        self.manifest: Any = None
        self._load()
        for said in (self.build(), self.estimate()):
            if said.code:
                raise RuntimeError(f"the study as it is does not pass:\n{said.text}")
        self.kept.mkdir(parents=True)
        shutil.copytree(self.folder, self.kept / "study")
        shutil.copytree(self.output, self.kept / "output")
        shutil.copy(self.database, self.kept / "database")
        self.before = self.snapshot()

    def _load(self) -> None:
        """Import what the commands import, so that a fork finds it, and read the project as dbt reads it, once."""
        sys.path.insert(0, str(self.root / "python"))
        import nqp.command  # one thread, before numpy
        import nqp.report.run  # noqa: F401
        from dbt.cli.main import dbtRunner  # noqa: F401

        parsed = self.step(lambda: _dbt(None, ["parse"]))
        if parsed.code:
            raise RuntimeError(parsed.text)
        self.manifest = read_manifest(self.root / "target" / "partial_parse.msgpack")

    # ---------------------------------------------------------------------------------------- commands

    def build(self, *arguments: str, select: tuple[str, ...] = WHOLE, parse: bool = False) -> Said:
        """``dbt build``; ``parse`` where the environment changes what dbt reads of the project."""
        manifest = None if parse else self.manifest
        return self.step(lambda: _dbt(manifest, ["build", *select, *arguments]))

    def estimate(self, *arguments: str) -> Said:
        """``python python/estimate.py``."""
        return self._door("estimate", "--quiet", "--language", "en", *arguments)

    def audit(self) -> Said:
        """``python python/audit.py``."""
        return self._door("audit", "--quiet", "--output", "audited")

    def diagnose(self) -> Said:
        """``python python/diagnose.py`` on scores that no recipe gives."""
        return self._door("diagnose", "--scores", f"seeds/{STUDY}/../../printed.csv")

    def check(self) -> Said:
        """``python python/study.py check``."""
        return self._door("study", "check", STUDY)

    def _door(self, name: str, *arguments: str) -> Said:
        def work() -> int:
            sys.argv = [f"python/{name}.py", *arguments]
            module = __import__(name)
            return int(module.main([*arguments]))

        return self.step(work)

    def start(self, work: Callable[[], int]) -> tuple[int, Path]:
        """Fork a process that does the work; returns its number and the file it talks to."""
        log = self.root / "said.txt"
        sys.stdout.flush()
        number = os.fork()
        if number:
            return number, log
        code = 70
        try:
            handle = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
            sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
            os.chdir(self.root)
            for name in [name for name in os.environ if name.startswith("NQP_")]:
                del os.environ[name]
            os.environ |= {
                "NQP_STUDY": STUDY, "NQP_DATABASE": f"{STUDY}.duckdb", "NQP_THREADS": "1",
                "GX_ANALYTICS_ENABLED": "false", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **self.environment,
            }  # fmt: skip
            code = work()
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        except BaseException:
            traceback.print_exc()
            code = 71
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def step(self, work: Callable[[], int]) -> Said:
        """Do the work in a process of its own and wait for it."""
        number, log = self.start(work)
        deadline = time.monotonic() + MOST_SECONDS
        while True:
            done, status = os.waitpid(number, os.WNOHANG)
            if done:
                break
            if time.monotonic() > deadline:
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
                return Said(-signal.SIGKILL, f"no end after {MOST_SECONDS} s")
            time.sleep(0.02)
        return Said(os.waitstatus_to_exitcode(status), log.read_text(encoding="utf-8", errors="replace"))

    # ------------------------------------------------------------------------------------------- state

    def reset(self) -> None:
        """Put study, database and output back to what the first build gave."""
        self.environment = {}
        for path in (self.folder, self.output):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for path in (self.database, self.database.with_name(self.database.name + ".wal")):
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
        shutil.rmtree(self.root / "outside", ignore_errors=True)
        shutil.copytree(self.kept / "study", self.folder)
        shutil.copytree(self.kept / "output", self.output)
        shutil.copy(self.kept / "database", self.database)

    def snapshot(self) -> Snapshot:
        """The output and the tables of the marts and estimates as they are now."""
        return Snapshot(self._files(), self._inside(_digests))

    def _files(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.output)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }

    def is_untouched(self) -> bool:
        """Whether database and output are byte for byte what they were, which spares a look inside."""
        return (
            self.database.read_bytes() == (self.kept / "database").read_bytes()
            and self._files() == self.before.files
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, fetched by a process of its own."""
        rows: list[tuple[Any, ...]] = self._inside(lambda connection: connection.execute(sql).fetchall())
        return rows

    def _inside(self, work: Callable[[Any], Any]) -> Any:
        target = self.root / "rows.pickle"

        def query() -> int:
            import duckdb

            with duckdb.connect(str(self.database), read_only=True) as connection:
                target.write_bytes(pickle.dumps(work(connection)))
            return 0

        said = self.step(query)
        if said.code:
            raise RuntimeError(said.text)
        return pickle.loads(target.read_bytes())


def _digests(connection: Any) -> dict[str, str]:
    found = {}
    for schema, name in connection.execute(
        "select table_schema, table_name from information_schema.tables where table_schema in ('marts', 'estimates') order by all"
    ).fetchall():
        rows = sorted(repr(row) for row in connection.execute(f'from {schema}."{name}"').fetchall())
        found[f"{schema}.{name}"] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def _dbt(manifest: Any, arguments: list[str]) -> int:
    """dbt as its command line runs it, with the project it has read already."""
    from dbt.cli.main import dbtRunner

    result = dbtRunner(manifest=manifest).invoke([*QUICK, *arguments])
    if result.exception is not None:
        print(f"{type(result.exception).__name__}: {result.exception}")
        return 2
    return 0 if result.success else 1
