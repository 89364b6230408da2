"""Running a deposit where nothing else is: a copy in an empty folder, no variables of this shell, no network."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nqp.deposit.comparing import Outcome, compare_outputs
from nqp.errors import StudyError

AGAIN = "replication"  # the output of the new run, beside the deposited one
MOST_LINES = 30  # of a command that failed


@dataclass(frozen=True)
class Step:
    """One command of the run with what it took; a memory of 0 is one that the system does not tell."""

    command: str
    seconds: float
    megabytes: int


@dataclass(frozen=True)
class Measured:
    """What a run of the deposit took, and on what machine."""

    study: str
    inputs: str  # the hash of code and data that were run
    system: str
    processors: int
    python: str
    environment: str
    network: str
    steps: tuple[Step, ...]
    passed: int
    failed: int

    @property
    def seconds(self) -> float:
        """The whole run."""
        return sum(step.seconds for step in self.steps)

    @property
    def megabytes(self) -> int:
        """The largest memory of any step."""
        return max((step.megabytes for step in self.steps), default=0)

    def as_json(self) -> bytes:
        """As it is kept beside the deposit."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()


def read_measured(path: Path, study: str, inputs: str) -> Measured | None:
    """The last measurement, if there is one of this study with this code and these data."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if "inputs" not in content:
            return None
        steps = tuple(Step(**step) for step in content.pop("steps"))
        found = Measured(steps=steps, **content)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise StudyError(f"{path} cannot be read ({error}). Remove it and run with --measure.") from error
    return found if (found.study, found.inputs) == (study, inputs) else None


def replicate(
    package: Path, *, fresh: bool, announce: Callable[[str], None], inputs: str = ""
) -> tuple[list[Outcome], Measured]:
    """Run a deposit (a folder or a zip) in an empty environment and compare every number with its output.

    ``fresh`` installs requirements.lock into a new environment, which needs a package index; without it the packages of
    this environment are used, and no network. Raises StudyError with the last lines of a step that fails.
    """
    with tempfile.TemporaryDirectory(prefix="nqp-deposit-") as room:
        root = Path(room) / "package"
        _unpack(package, root)
        study = _study(root)
        programs, steps = Path(sys.executable).parent, []
        if fresh:
            announce("Installing requirements.lock into a new environment")
            steps.append(
                _step([sys.executable, "-m", "venv", str(root / ".venv")], root, None, isolated=False)
            )
            programs = next(
                path for path in (root / ".venv" / "bin", root / ".venv" / "Scripts") if path.is_dir()
            )
            install = [str(programs / "pip"), "install", "--quiet", "--requirement", "requirements.lock"]
            steps.append(_step(install, root, programs, isolated=False))
        isolated = _can_isolate()
        for command in (
            ["dbt", "build", "--exclude-resource-type", "unit_test"],
            ["python", "python/estimate.py", "--study", study, "--output", AGAIN],
        ):
            announce(f"Running {' '.join(command)}")
            program = [str(programs / command[0]), *command[1:]]
            steps.append(_step(program, root, programs, study=study, isolated=isolated))
        found = compare_outputs(root / "output", root / AGAIN)
    measured = Measured(
        study, inputs, platform.platform(terse=True), os.cpu_count() or 1, platform.python_version(),
        "new, from requirements.lock" if fresh else "the packages of requirements.lock as installed",
        "none (its own network namespace)" if isolated else "not cut off",
        tuple(steps), sum(one.passes for one in found), sum(not one.passes for one in found),
    )  # fmt: skip
    return found, measured


def _unpack(package: Path, root: Path) -> None:
    if package.is_dir():
        shutil.copytree(
            package, root, ignore=shutil.ignore_patterns(".venv", "*.duckdb", "target", "logs", AGAIN)
        )
        return
    try:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(root)
    except FileNotFoundError as error:
        raise StudyError(f"There is no deposit {package}.") from error
    except zipfile.BadZipFile as error:
        raise StudyError(f"{package} is neither a folder nor a zip archive.") from error


def _study(root: Path) -> str:
    """The one study of a deposit."""
    found = [
        path.name for path in sorted((root / "seeds").glob("*")) if path.is_dir() and path.name != "words"
    ]
    if len(found) != 1:
        raise StudyError(f"{root.name}: a deposit holds one study below seeds/, not {len(found)}.")
    return found[0]


def _can_isolate() -> bool:
    """Whether a command can be given a network of its own, in which there is none."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "--map-root-user", "--net", "true"], check=False, capture_output=True, timeout=30
    )
    return tried.returncode == 0


def _step(
    command: Sequence[str], root: Path, programs: Path | None, *, study: str = "", isolated: bool
) -> Step:
    """Run one command and measure it."""
    environment = {
        "PATH": os.pathsep.join([*([str(programs)] if programs else []), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(root), "LANG": "C.UTF-8", "GX_ANALYTICS_ENABLED": "false",
    }  # fmt: skip
    if study:
        environment["NQP_STUDY"] = study
    if "SYSTEMROOT" in os.environ:  # no program of Windows starts without it
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    before = ["unshare", "--map-root-user", "--net", "--"] if isolated else []
    start = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([*before, *command], cwd=root, env=environment, stdout=said, stderr=said)
        code, megabytes = _wait(process)
        seconds = time.monotonic() - start
        said.seek(0)
        text = said.read().decode(errors="replace")
    name = " ".join([Path(command[0]).name, *command[1:]]).replace(f"{root}{os.sep}", "")
    if code != 0:
        last = "\n  ".join(text.splitlines()[-MOST_LINES:])
        raise StudyError(f"the deposit does not run: {name} ended with {code}\n  {last}")
    return Step(name, round(seconds, 1), megabytes)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """The exit code of a process and the largest memory of it and its children, in megabytes."""
    if not hasattr(os, "wait4"):
        return process.wait(), 0
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return process.returncode, round(used.ru_maxrss / unit)
