"""Two full runs of the default study under different circumstances differ in no bit."""

from __future__ import annotations

from studies import Project


def test_every_file_of_the_output_is_the_same_byte_for_byte(default_runs: dict[str, Project]) -> None:
    one, other = default_runs["one"].files(), default_runs["other"].files()
    assert list(one) == list(other)
    assert "index.html" in one
    assert [name for name, content in one.items() if other[name] != content] == []


def test_every_mart_is_the_same_bit_for_bit(default_builds: dict[str, Project]) -> None:
    _assert_same_tables("marts", default_builds, "regression_panel")


def test_every_stored_estimate_is_the_same_bit_for_bit(default_runs: dict[str, Project]) -> None:
    _assert_same_tables("estimates", default_runs, "coefficients")


def _assert_same_tables(schema: str, runs: dict[str, Project], among: str) -> None:
    one, other = runs["one"].tables(schema), runs["other"].tables(schema)
    assert list(one) == list(other)
    assert among in one
    assert all(one.values())
    assert [name for name, rows in one.items() if other[name] != rows] == []
