"""Projects to try things on: copies of this one with a study of their own, in a folder of their own.

``dbt`` and ``estimate.py`` run inside the test process where a test needs many runs (starting them costs more than
the work on a small study), and as the programs a person starts where the start itself is what is tested.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import importlib.util
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

REPOSITORY = Path(__file__).resolve().parents[2]
STUDIES = REPOSITORY / "tests" / "fixtures" / "studies"
GOLDENS = REPOSITORY / "tests" / "fixtures" / "goldens"
DEFAULT = REPOSITORY / "seeds" / "nqp"
CODE = ("models", "macros", "analyses", "python", "tests/generic", "tests/singular", "seeds/words")
FILES = ("dbt_project.yml", "profiles.yml", "selectors.yml")
PARSED_FROM = (*(name for name in CODE if name != "python"), *FILES)  # what dbt reads of a project
QUICK = ("--no-use-colors", "--no-write-json", "--log-level-file", "none", "--log-level", "none")
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
WITHOUT_TESTS = (*WITHOUT_UNIT_TESTS, "--exclude-resource-type", "test")

# study.py with some arguments: its exit code, what it printed, what it complained of
Run = Callable[..., tuple[int, str, str]]

PARSED = (
    Path(tempfile.gettempdir()) / "parsed"
)  # conftest.py names a folder of the run, shared by its workers


@dataclass(frozen=True)
class Outcome:
    """How a command ended and all that it said."""

    code: int
    output: str

    @property
    def messages(self) -> list[str]:
        """What was said about files of the study, each message once, sorted."""
        return sorted(set(re.findall(r"seeds/\S+\.(?:csv|toml): .*", self.output)))

    @property
    def errors(self) -> list[str]:
        """The lines in which estimate.py says why it stopped."""
        return [
            line.removeprefix("error: ") for line in self.output.splitlines() if line.startswith("error: ")
        ]


@dataclass(frozen=True)
class Project:
    """A project folder with one study."""

    root: Path
    study: str

    @property
    def folder(self) -> Path:
        return self.root / "seeds" / self.study

    @property
    def database(self) -> Path:
        return self.root / "project.duckdb"  # dbt parses its name into every node: one name, one parse

    @property
    def output(self) -> Path:
        return self.root / "output" / self.study

    def copy(self, root: Path) -> Project:
        """The same project with all that it has built, in another folder."""
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns("logs", "compiled", "run"))
        return Project(root, self.study)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands exactly once in a file of the study."""
        path = self.folder / file
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
        path.write_text(content.replace(old, new), encoding="utf-8")

    def rewrite(self, file: str, change: Callable[[str], str | None]) -> None:
        """Change every line below the header of a file of the study; None drops the line."""
        path = self.folder / file
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        changed = [new for line in lines if (new := change(line)) is not None]
        path.write_text(header + "".join(changed), encoding="utf-8")

    def append(self, file: str, *lines: str) -> None:
        """Add lines to a file of the study."""
        with (self.folder / file).open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines)

    def build(self, *arguments: str) -> Outcome:
        """``dbt build`` inside this process; the unit tests do not depend on the study."""
        return self.dbt("build", *WITHOUT_UNIT_TESTS, *arguments)

    def dbt(self, *arguments: str) -> Outcome:
        """A dbt command inside this process; the database is closed afterwards."""
        assert "NQP_QUICK" not in os.environ, (
            "a test that builds needs the mark 'build' (tests/python/conftest.py)"
        )
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        def say(event: Any) -> None:
            if event.info.level != "debug":
                print(event.info.msg)

        def command() -> int:
            remember_pure_functions_of_dbt()
            manifest = parsed(self.root, arguments)
            result = dbtRunner(manifest=manifest, callbacks=[say]).invoke([*QUICK, *arguments])
            DuckDBConnectionManager.close_all_connections()
            if result.exception is not None:
                print(result.exception)
            return 0 if result.success else 1

        outcome = self._inside(command)
        if outcome.code:
            gc.collect()  # the traceback of a failed node may still hold a cursor, and that keeps the database open
        return outcome

    def estimate(self, *arguments: str) -> Outcome:
        """``estimate.py`` inside this process, on the study of this project."""
        import estimate

        def command() -> int:
            before, estimate.ROOT = estimate.ROOT, self.root
            try:
                return estimate.main([*arguments])
            finally:
                estimate.ROOT = before

        return self._inside(command)

    def run(self, *command: str, **environment: str) -> Outcome:
        """A program of this environment, started as a person starts it: ``dbt ...`` or ``python ...``."""
        done = subprocess.run(
            [Path(sys.executable).parent / command[0], *command[1:]],
            cwd=self.root, env={**os.environ, **self._environment, **environment}, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the database of the study."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def tables(self, schema: str) -> dict[str, list[str]]:
        """The rows of every table of a schema in an order of their own, floats with all their bits."""
        names = (
            f"select table_name from information_schema.tables where table_schema = '{schema}' order by all"
        )
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return {
                name: sorted(
                    repr([cell.hex() if isinstance(cell, float) else cell for cell in row])
                    for row in connection.execute(f'select * from {schema}."{name}"').fetchall()
                )
                for (name,) in connection.execute(names).fetchall()
            }

    def files(self) -> dict[str, bytes]:
        """Every file of the output folder."""
        return {
            str(path.relative_to(self.output)): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }

    @property
    def _environment(self) -> Mapping[str, str]:
        return {
            "NQP_STUDY": self.study,
            "NQP_DATABASE": self.database.name,
            "GX_ANALYTICS_ENABLED": "false",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def _inside(self, command: Callable[[], int]) -> Outcome:
        said = io.StringIO()
        with (
            _environ(self._environment),
            contextlib.chdir(self.root),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            try:
                code = command()
            except SystemExit as stopped:
                code = int(stopped.code or 0)
            except Exception:
                traceback.print_exc()
                code = 1
        return Outcome(code, said.getvalue())


@dataclass(frozen=True)
class Commands:
    """A project on which the two commands were run as a person runs them, and what they said."""

    project: Project
    built: Outcome
    estimated: Outcome


def parsed(root: Path, arguments: Sequence[str]) -> Any:
    """The manifest of the project: parsed by the first test of this run that wants it, read by the others.

    A parse takes dbt seconds, several times as long as most of the builds that tests make. It depends on the code, on the target
    and on which variables are set. Their values matter when the project runs, which is after it was parsed.
    """
    from dbt.cli.main import dbtRunner

    variables = [name for name, value in os.environ.items() if name.startswith(("NQP_", "DBT_")) and value]
    to = [argument for pair in itertools.pairwise(arguments) if pair[0] == "--target" for argument in pair]
    code = sorted(
        (str(path.relative_to(root)), path.stat().st_size, path.stat().st_mtime_ns)
        for name in PARSED_FROM
        for path in (root / name, *(root / name).rglob("*"))
        if path.is_file()
    )
    key = hashlib.sha256(repr((sorted(variables), to, code)).encode()).hexdigest()
    kept = PARSED / f"{key}.msgpack"
    if not kept.exists():
        PARSED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=PARSED) as target:
            result = dbtRunner().invoke(["parse", *QUICK, "--target-path", target, *to])
            assert result.success, result.exception
            (Path(target) / "partial_parse.msgpack").replace(kept)
    return read_manifest(kept)


def read_manifest(path: Path) -> Any:
    """A manifest that dbt has kept, ready to run."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(path.read_bytes())
    manifest.build_flat_graph()
    return manifest


@functools.cache
def remember_pure_functions_of_dbt() -> None:
    """Two functions of dbt that take a fifth of a build and get the same SQL in nearly every build work once on each text."""
    import dbt.compilation
    from dbt.artifacts.resources import InjectedCTE
    from dbt_common.clients.jinja import MacroFuzzEnvironment

    inject, compiled, templates = dbt.compilation.inject_ctes_into_sql, MacroFuzzEnvironment.compile, {}

    @functools.cache
    def injected(sql: str, ctes: tuple[tuple[str, str], ...]) -> str:
        return inject(sql, [InjectedCTE(*cte) for cte in ctes])

    def compile_once(environment: Any, source: Any, *arguments: Any) -> Any:
        key = (
            type(environment),
            tuple(environment.extensions),
            tuple(environment.filters),
            source,
            arguments,
        )
        if key not in templates:
            templates[key] = compiled(environment, source, *arguments)
        return templates[key]

    dbt.compilation.inject_ctes_into_sql = lambda sql, ctes: injected(
        sql, tuple((cte.id, cte.sql) for cte in ctes)
    )
    MacroFuzzEnvironment.compile = compile_once


def new_project(root: Path, study: str, source: Path | None = None) -> Project:
    """A fresh copy of the code with one study, copied from ``source`` (or an empty folder to fill)."""
    for name in CODE:
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy2(REPOSITORY / name, root / name)
    project = Project(root, study)
    if source is None:
        project.folder.mkdir(parents=True)
    else:
        shutil.copytree(source, project.folder)
    return project


@contextlib.contextmanager
def _environ(changes: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def bench_module(name: str) -> ModuleType:
    """A module of the benchmarks, which are no package."""
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "bench" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
