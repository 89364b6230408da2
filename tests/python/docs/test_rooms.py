"""The rooms of python/nqp: what each may import stands in its own first sentence, and no arrow leads back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[3] / "python"
ROOMS = sorted(path.parent.name for path in (HOUSE / "nqp").glob("*/__init__.py"))
GROUND = sorted(
    path.stem for path in (HOUSE / "nqp").glob("*.py") if path.stem not in ("__init__", "command")
)
DOORS = sorted(HOUSE.glob("*.py"))
LONGEST = 450
# Never, whatever the sentence of a room says.
NEVER = {
    "econometrics": {"study", "estimates", "document", "formats", "tables", "figures", "language"},
    "document": {"formats", "estimates", "study", "tables", "figures"},
    "formats": {"estimates", "study", "tables", "figures"},
    "study": {"estimates", "document", "formats", "tables", "figures"},
}


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules of the project that a file imports, in functions and for types too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "nqp":
            known = HOUSE / f"{node.module.replace('.', '/')}.py"
            found |= {node.module} if known.is_file() else {f"{node.module}.{a.name}" for a in node.names}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "nqp"}
    return frozenset(found)


def modules() -> Iterator[Path]:
    yield from sorted((HOUSE / "nqp").rglob("*.py"))


def rooms_imported(room: str) -> dict[str, str]:
    """The rooms (and ground modules) that a room imports, each with one module that does it."""
    found = {}
    for path in sorted((HOUSE / "nqp" / room).glob("*.py")):
        found |= {name.split(".")[1]: path.name for name in imported(path)}
    return {name: path for name, path in found.items() if name != room}


def allowed(room: str) -> set[str]:
    """What the first sentence of a room says after the word 'imports'."""
    sentence = ast.get_docstring(
        ast.parse((HOUSE / "nqp" / room / "__init__.py").read_text(encoding="utf-8"))
    )
    said = re.search(r"imports ([\w, ]+?)(?:, and only the doors import it)?\.$", sentence or "")
    assert said, (
        f"{room}/__init__.py: end its sentence with 'imports a, b and c.' or 'imports nothing of the project.'"
    )
    if said[1] == "nothing of the project":
        return set()
    if said[1] == "every room":
        return {*ROOMS, *GROUND}
    return set(re.split(r", | and ", said[1]))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_what_its_sentence_says(room: str) -> None:
    assert {name: path for name, path in rooms_imported(room).items() if name not in allowed(room)} == {}


@pytest.mark.parametrize("room", NEVER)
def test_a_lower_room_never_imports_a_higher_one(room: str) -> None:
    assert NEVER[room] & set(rooms_imported(room)) == set()


def test_only_the_doors_import_the_report() -> None:
    outside = [path for path in modules() if path.parent.name != "report"]
    assert [path.name for path in outside if any(m.startswith("nqp.report") for m in imported(path))] == []


def test_a_door_imports_the_command_and_one_run_until_it_works() -> None:
    for door in DOORS:
        at_once = [
            node.module
            for node in ast.parse(door.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nqp")
        ]
        assert at_once == ["nqp.command"], door.name


def test_no_module_is_in_a_circle_of_imports() -> None:
    names = {".".join(path.relative_to(HOUSE).with_suffix("").parts): path for path in modules()}
    graph = {name: [other for other in imported(path) if other in names] for name, path in names.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_module_is_longer_than_one_concept() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_an_engine_is_recognised_in_one_room_only() -> None:
    asks = [
        path.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
        and {"Fit", "WithinFit"} & {name.id for name in ast.walk(node.args[1]) if isinstance(name, ast.Name)}
    ]  # fmt: skip
    assert set(asks) == {"engine.py"}
