"""A disk of its own: small, full, or one that cannot be written; and a database that another process holds open.

A disk is a tmpfs, which only root may mount, and in many containers not even root; where it is refused the case is skipped
and says why.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kills import start_and_kill
from laboratory import MOST_SECONDS
from mutations import RAW, Planted, cell
from tiny import STUDY

if TYPE_CHECKING:
    from laboratory import Laboratory, Said

Outcome = tuple[tuple[Planted, ...], str, tuple[str, ...]]
MEGABYTES = 96


def mount(laboratory: Laboratory) -> str:
    """Mount a tmpfs at ``disk`` in the project; returns why not, or nothing."""
    laboratory.disk.mkdir(exist_ok=True)
    return _run("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(laboratory.disk))


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, text=True, capture_output=True, check=False)
    except OSError as error:
        return str(error)
    return done.stderr.strip() or f"{command[0]} ended with {done.returncode}" if done.returncode else ""


def hold_open(rng: random.Random, laboratory: Laboratory) -> None:
    """Another process has the database open for writing until the laboratory is put back."""
    ready, told = os.pipe()

    def hold() -> int:
        import duckdb

        with duckdb.connect(str(laboratory.database)):
            os.write(told, b".")
            time.sleep(MOST_SECONDS)
        return 0

    number, _ = laboratory.start(hold)
    os.close(told)
    if not os.read(ready, 1):
        raise RuntimeError("the database could not be opened to hold it")
    os.close(ready)
    laboratory.others.append(number)


def read_only(rng: random.Random, laboratory: Laboratory) -> str:
    """The database and the output lie where nothing can be written; returns why that cannot be had, or nothing."""
    if refused := mount(laboratory):
        return refused
    _copy(laboratory)
    return _run("mount", "-o", "remount,ro", str(laboratory.disk))


def _copy(laboratory: Laboratory) -> None:
    """Put the database and the output on the disk; the commands are told so."""
    shutil.copy(laboratory.database, laboratory.disk / f"{STUDY}.duckdb")
    shutil.copytree(laboratory.output / STUDY, laboratory.disk / "output")
    laboratory.environment["NQP_DATABASE"] = f"{laboratory.disk.name}/{STUDY}.duckdb"


def small_disk(laboratory: Laboratory, rng: random.Random) -> Outcome:
    """A build or an estimation, killed or not, on a disk that has little or no room; then each command on one that has."""
    command, is_killed = rng.choice(["build", "estimate"]), rng.random() < 0.5
    room = rng.choice([0, 64, 256, 1024, 4096])
    kind = f"{'killed ' if is_killed else ''}{command} with {room} kB left"
    if refused := mount(laboratory):
        print(f"skipped, no disk: {refused}")
        return (Planted(kind, "disk"),), "skipped", ()
    _copy(laboratory)
    if command == "build":
        cell(laboratory.folder / RAW, rng.randint(1, 180), "observed_value", "7.77")
    else:
        path = laboratory.folder / "specifications.toml"
        path.write_text(
            path.read_text(encoding="utf-8").replace('["ctrl", "both"]', '["ctrl"]'), encoding="utf-8"
        )
    _fill(laboratory.disk / "filler", room)
    before = _output(laboratory)
    faults: list[str] = []
    ended = "right"
    if is_killed:
        start_and_kill(laboratory, command, rng, *_arguments(laboratory, command))
    else:
        said = (
            laboratory.build()
            if command == "build"
            else laboratory.estimate(*_arguments(laboratory, command))
        )
        if said.code:
            ended = "named"
            faults += _faults_of_full(said)
            if command == "estimate" and _output(laboratory) != before:
                faults.append("the output is not as it was")
    if command == "build" and ended == "named":
        refused_too = laboratory.estimate(*_arguments(laboratory, "estimate"))
        if refused_too.code != 1 or "Traceback" in refused_too.text:
            faults.append(f"estimate.py after it: code {refused_too.code}, {refused_too.text[-300:]}")
    (laboratory.disk / "filler").unlink()
    for again in (laboratory.build(), laboratory.estimate(*_arguments(laboratory, "estimate"))):
        if again.code:
            faults.append(f"not mended by room: code {again.code}, {again.text[-500:]}")
    return (Planted(kind, "disk"),), ended, tuple(faults)


def _arguments(laboratory: Laboratory, command: str) -> tuple[str, ...]:
    return ("--output", f"{laboratory.disk.name}/output") if command == "estimate" else ()


def _fill(path: Path, room: int) -> None:
    """Write until no more than ``room`` kB are left."""
    free = os.statvfs(path.parent).f_bavail * os.statvfs(path.parent).f_frsize
    with path.open("wb") as stream:
        stream.write(b"\0" * max(free - room * 1024, 0))


def _output(laboratory: Laboratory) -> dict[str, bytes]:
    folder = laboratory.disk / "output"
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _faults_of_full(said: Said) -> list[str]:
    faults = [] if said.code in (1, 2) else [f"exit code {said.code}"]
    if "Traceback" in said.text or "fault, and nothing was written" in said.text:
        faults.append(f"a traceback: {said.text[-800:]}")
    if "space" not in said.text:
        faults.append(f"not said that the disk is full: {said.text[-500:]}")
    return faults


def tidy(laboratory: Laboratory) -> None:
    """End what holds the database and take the disk away."""
    for number in laboratory.others:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
    laboratory.others.clear()
    if os.path.ismount(laboratory.disk):
        subprocess.run(["umount", "--lazy", str(laboratory.disk)], check=True)
