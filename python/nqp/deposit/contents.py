"""Which files of the project belong to the deposit of one study: what its three commands run, its data, its output."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from nqp.errors import StudyError
from nqp.output import MANIFEST

DOORS = ("estimate", "verify", "deposit", "exhibits")
PLUGIN = "nqp/study/dbt_plugin.py"  # profiles.yml opens the database through it
FOLDERS = ("models", "macros", "tests/generic", "tests/singular", "seeds/words", "python/templates")
FILES = ("dbt_project.yml", "profiles.yml", "selectors.yml", "requirements.lock", "LICENSE")
IGNORED = ("__pycache__", ".DS_Store")
OUTPUT = "output"  # in the deposit, whatever its name is here


def code_files(root: Path) -> dict[str, bytes]:
    """The code that builds, estimates, compares and checks, by path: no other study, no test of the code."""
    paths = [root / name for name in FILES]
    for folder in FOLDERS:
        paths += [path for path in sorted((root / folder).rglob("*")) if path.is_file()]
    paths += sorted(_modules(root / "python"))
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in paths
        if not set(IGNORED) & set(path.parts)
    }


def _modules(house: Path) -> set[Path]:
    """The modules that the doors import, one through the other, with the data files of their rooms."""
    waiting = [*(house / f"{door}.py" for door in DOORS), house / PLUGIN]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting += [other for other in _imported(path, house) if other not in found]
    for room in {path.parent for path in found if path.parent != house}:
        found |= {path for path in room.iterdir() if path.is_file() and path.suffix != ".py"}
        found |= {one for one in (room / "__init__.py", house / "nqp" / "__init__.py") if one.is_file()}
    return found


def _imported(path: Path, house: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.split(".")[0] == "nqp":
                module = house / f"{name.replace('.', '/')}.py"
                if module.is_file():
                    yield module


def data_files(folder: Path) -> dict[str, bytes]:
    """The files of the study, by path in the deposit."""
    return {
        f"seeds/{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".csv", ".toml") and not set(IGNORED) & set(path.parts)
    }


def output_files(output: Path) -> dict[str, bytes]:
    """What the last run wrote, by path in the deposit. Raises StudyError for a file that was changed since."""
    try:
        manifest: dict[str, str] = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StudyError(
            f"There is no {output / MANIFEST}. Write the output first: python python/estimate.py"
        ) from error
    found = {}
    for name, digest in sorted(manifest.items()):
        path = output / name
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            raise StudyError(f"{path} is not what the last run wrote. Run again: python python/estimate.py")
        found[f"{OUTPUT}/{name}"] = content
    found[f"{OUTPUT}/{MANIFEST}"] = (output / MANIFEST).read_bytes()
    return found


def programs(code: dict[str, bytes]) -> list[tuple[str, str]]:
    """Every program of the deposit with the first sentence that it says of itself."""
    found = []
    for name in sorted(code):
        if name.endswith(".py") and not name.endswith("__init__.py"):
            said = ast.get_docstring(ast.parse(code[name].decode())) or ""
            found.append((name, said.split("\n")[0]))
    return found
