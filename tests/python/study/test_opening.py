"""A database that dbt cannot open: one message that names it and says what to do, through the plugin of profiles.yml."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import yaml
from nqp.study.dbt_plugin import Plugin
from studies import REPOSITORY


def opened(database: Path) -> None:
    Plugin("opening", {}).update_connection_config(SimpleNamespace(path=str(database)), {"threads": "1"})


@pytest.mark.parametrize("fault", ["text", "cut short", "a folder", "no folder"])
def test_what_is_no_database_is_named_with_the_way_out(tmp_path: Path, fault: str) -> None:
    database = tmp_path / "x.duckdb"
    if fault == "text":
        database.write_bytes(b"this is no database, " * 300)
    elif fault == "cut short":
        duckdb.connect(str(database)).close()
        database.write_bytes(database.read_bytes()[:2000])
    elif fault == "a folder":
        database.mkdir()
    else:
        database = tmp_path / "nowhere" / "x.duckdb"
    with pytest.raises(
        RuntimeError, match=r"x\.duckdb cannot be opened\. Move away .*NQP_DATABASE.*\n  \(.*x\.duckdb"
    ):
        opened(database)


def test_a_database_that_another_process_holds_is_named(tmp_path: Path) -> None:
    database = tmp_path / "x.duckdb"
    hold = f"import duckdb, sys; c = duckdb.connect({str(database)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RuntimeError, match=r"x\.duckdb is locked by another process\. Close it"):
            opened(database)
        other.communicate("")
    opened(database)  # and a sound one opens


def test_the_profile_opens_through_the_plugin() -> None:
    profile = yaml.safe_load((REPOSITORY / "profiles.yml").read_text(encoding="utf-8"))
    assert profile["nqp"]["outputs"]["dev"]["plugins"] == [{"module": "nqp.study.dbt_plugin"}]
    assert profile["nqp"]["outputs"]["dev"]["module_paths"] == ["python"]
    assert os.path.isfile(REPOSITORY / "python/nqp/study/dbt_plugin.py")
