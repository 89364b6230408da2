"""docs/settings.md lists what can be set: nothing less than the code knows, nothing more."""

from __future__ import annotations

import argparse
import importlib
import re
from pathlib import Path

import pytest
import yaml
from studies import REPOSITORY

PAGES = ("settings.md", "settings.zh-CN.md")
DOORS = ("estimate", "audit", "diagnose", "study", "verify", "exhibits", "deposit")
VARIABLE = re.compile(r"\bNQP_[A-Z_]+\b")
# What a program reads; the tests set variables too, and the docs speak of them.
PROGRAM = ("python", "macros", "models", "profiles.yml", "dbt_project.yml", "selectors.yml", "Makefile")


def listed(page: str, heading: str) -> dict[str, str]:
    """The rows below a heading of the page: the first word of the first cell, and the second cell."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| `([^`]+)`[^|]*\| ([^|]*)\|", section, re.MULTILINE)
    return {name: cell.strip() for name, cell in rows}


def all_options(parser: argparse.ArgumentParser) -> set[str]:
    """Every option of a command and of its subcommands."""
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for part in action.choices.values():
                found |= all_options(part)
        found |= {name for name in action.option_strings if name.startswith("--") and name != "--help"}
    return found


def texts(name: str) -> list[str]:
    path = REPOSITORY / name
    files = [path] if path.is_file() else [file for file in sorted(path.rglob("*")) if file.is_file()]
    return [
        file.read_text(encoding="utf-8")
        for file in files
        if file.suffix in (".py", ".sql", ".yml", ".j2", "") and "__pycache__" not in file.parts
    ]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("door", DOORS)
def test_every_option_is_listed(page: str, door: str) -> None:
    options = all_options(importlib.import_module(door)._parser())
    assert set(listed(page, f"python/{door}.py")) == options


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_var_and_target_is_listed(page: str) -> None:
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    used = {found for name in PROGRAM for content in texts(name) for found in VARIABLE.findall(content)}
    assert set(VARIABLE.findall(text)) == used
    project = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))
    profiles = (REPOSITORY / "profiles.yml").read_text(encoding="utf-8")
    targets = set(re.findall(r"^    (\w+):$", profiles, re.MULTILINE))
    dbt = listed(page, "dbt")
    assert {name for name in dbt if not name.startswith("dbt ")} == targets | set(project["vars"])
    assert {name: dbt[name].strip("`") for name in project["vars"]} == {
        name: repr(value) for name, value in project["vars"].items()
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_the_makefile_is_listed(page: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (names,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(listed(page, "make")) == {
        "make" if name == "all" else f"make {name}" for name in names.split()
    }


@pytest.mark.parametrize(
    "path", sorted(REPOSITORY.glob("*.md")) + sorted((REPOSITORY / "docs").glob("*.md")), ids=lambda p: p.name
)
def test_every_link_of_the_docs_leads_to_a_file(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_is_short_and_opens_with_the_commands(page: str) -> None:
    lines = (REPOSITORY / page).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    head = "\n".join(lines[:30])
    assert "make  " in head
    assert "make test" in head
