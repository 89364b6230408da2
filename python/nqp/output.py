"""An atomic writer: all files of a folder or none, and a manifest that knows what the last run wrote."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"


def write_atomically(
    files: Mapping[str, bytes], directory: Path, before_moving: Callable[[], None] = lambda: None
) -> None:
    """Write ``files`` (relative path with '/', content) below ``directory``, all or none.

    ``before_moving`` runs when everything is staged and can be moved; if it fails, nothing is written.

    Everything is first written to a staging folder in ``directory`` and then moved into place file by file;
    until then a failure leaves the earlier output whole. A file that the last run wrote (``manifest.json``:
    path, SHA-256), that this run does not write and that nobody has changed since is removed; no other is.
    """
    contents = {name: files[name] for name in sorted(files)}
    for name in contents:
        if not _is_inside(name) or name == MANIFEST:
            raise ValueError(f"not a path for an output file: {name!r}")
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    directory.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=directory))
    try:
        contents[MANIFEST] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
        for name, content in contents.items():
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name in contents:
            if (directory / name).is_dir():
                raise IsADirectoryError(f"a folder stands where {name} is to be written: {directory / name}")
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
        stale = [name for name in _unchanged_files_of_last_run(directory) if name not in contents]
        before_moving()
        for name in manifest:
            os.replace(staging / name, directory / name)
        for name in stale:
            (directory / name).unlink()
        os.replace(staging / MANIFEST, directory / MANIFEST)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return str(path) == name != "." and not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _unchanged_files_of_last_run(directory: Path) -> list[str]:
    """The files of the last manifest that still hold what that run wrote; none without a readable one."""
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    if not isinstance(manifest, dict):
        return []
    return [
        name
        for name, digest in sorted(manifest.items())
        if _is_inside(name)
        and (directory / name).is_file()
        and hashlib.sha256((directory / name).read_bytes()).hexdigest() == digest
    ]


def folder_of(study: str) -> Path:
    """The folder of what the commands write of a study, so that no study overwrites another one's."""
    return Path("output") / study
