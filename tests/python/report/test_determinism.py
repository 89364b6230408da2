"""Two full runs of the default study under different circumstances differ in no bit."""

from __future__ import annotations

import duckdb
import pytest
from studies import Project

# What DuckDB adds up in parts when it has several threads or little memory: there are many draws and ways.
LARGE = (
    "marts.bootstrap_scores", "marts.obstacle_degrees", "marts.spec_scores", "marts.variance_shares",
    "recipes.int_dirichlet_weights",
)  # fmt: skip

# What lists the gaps of a study has no row where there are none.
EMPTY = ("missing_cells",)


def test_every_file_of_the_output_is_the_same_byte_for_byte(default_runs: dict[str, Project]) -> None:
    one, other = default_runs["one"].files(), default_runs["other"].files()
    assert list(one) == list(other)
    assert "index.html" in one
    assert [name for name, content in one.items() if other[name] != content] == []


def test_every_mart_is_the_same_bit_for_bit(default_builds: dict[str, Project]) -> None:
    _assert_same_tables("marts", default_builds, "regression_panel")


def test_every_stored_estimate_is_the_same_bit_for_bit(default_runs: dict[str, Project]) -> None:
    _assert_same_tables("estimates", default_runs, "coefficients")


@pytest.mark.parametrize("relation", LARGE)
@pytest.mark.parametrize("settings", ["threads = 4", "threads = 4; set debug_force_external = true"])
def test_sums_over_draws_and_ways_do_not_depend_on_their_order(
    default_builds: dict[str, Project], relation: str, settings: str
) -> None:
    project = default_builds["one"]
    (compiled,) = (project.root / "target" / "compiled").glob(f"*/models/**/{relation.split('.')[1]}.sql")
    again = f"({compiled.read_text(encoding='utf-8')})"
    with duckdb.connect(str(project.database), read_only=True) as connection:
        connection.execute(f"set preserve_insertion_order = false; set {settings}")
        for one, other in ((again, relation), (relation, again)):
            changed = connection.execute(f"select count(*) from (from {one} except all from {other})")
            assert changed.fetchone() == (0,)


def _assert_same_tables(schema: str, runs: dict[str, Project], among: str) -> None:
    one, other = runs["one"].tables(schema), runs["other"].tables(schema)
    assert list(one) == list(other)
    assert among in one
    assert [name for name, rows in one.items() if not rows] == [name for name in one if name in EMPTY]
    assert [name for name, rows in one.items() if other[name] != rows] == []
