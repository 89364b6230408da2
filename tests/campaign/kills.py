"""kill -9 at a random moment of a build or an estimation; then every command refuses or shows a whole result."""

from __future__ import annotations

import os
import random
import signal
import time

from laboratory import WHOLE, Laboratory, Snapshot, _dbt
from mutations import RAW, Planted, cell


def kill(laboratory: Laboratory, rng: random.Random) -> tuple[tuple[Planted, ...], str, tuple[str, ...]]:
    """Change the study, kill the command, run the others; returns what was planted, how it ended and what was wrong."""
    if rng.random() < 0.5:
        return _killed_build(laboratory, rng)
    return _killed_estimation(laboratory, rng)


def start_and_kill(laboratory: Laboratory, name: str, rng: random.Random, *arguments: str) -> bool:
    """Kill after a random time that grows with the load of the machine: it is counted in the processor time of the child."""
    limit = rng.uniform(0.1, 6.0)

    def work() -> int:
        if name == "build":
            return _dbt(laboratory.manifest, ["build", *WHOLE])
        import estimate

        return int(estimate.main(["--quiet", "--language", "en", *arguments]))

    number, _ = laboratory.start(work)
    while True:
        done, _ = os.waitpid(number, os.WNOHANG)
        if done:
            return False
        if _processor_seconds(number) > limit:
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
            return True
        time.sleep(0.01)


def _processor_seconds(number: int) -> float:
    """What a process has used so far, from /proc."""
    with open(f"/proc/{number}/stat", encoding="ascii") as stream:
        fields = stream.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _killed_build(
    laboratory: Laboratory, rng: random.Random
) -> tuple[tuple[Planted, ...], str, tuple[str, ...]]:
    cell(laboratory.folder / RAW, rng.randint(1, 180), "observed_value", "7.77")
    killed = start_and_kill(laboratory, "build", rng)
    planted = (
        Planted(
            "killed build of a changed study" if killed else "build that ended before it was killed", RAW
        ),
    )
    faults = []
    commands = {"estimate.py": laboratory.estimate, "audit.py": laboratory.audit}
    refusals = 0
    for name, command in commands.items():
        said = command()
        if "Traceback" in said.text or said.code not in (0, 1):
            faults.append(f"{name}: code {said.code}, {said.text[-500:]}")
        if said.code == 0 and killed:
            faults.append(f"{name} went on after a killed build")
        refusals += said.code == 1
    if killed and {"files": laboratory.snapshot().files} != {"files": laboratory.before.files}:
        faults.append("the output is not as it was")
    again = laboratory.build()
    if again.code:
        faults.append(f"no build afterwards: {again.text[-800:]}")
    return planted, "named" if refusals else "right", tuple(faults)


def _killed_estimation(
    laboratory: Laboratory, rng: random.Random
) -> tuple[tuple[Planted, ...], str, tuple[str, ...]]:
    path = laboratory.folder / "specifications.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["ctrl", "both"]', '["ctrl"]'), encoding="utf-8")
    killed = start_and_kill(laboratory, "estimate", rng)
    planted = (Planted("killed estimation of a changed specification" if killed else "estimation that ended before it was killed", "specifications.toml"),)  # fmt: skip
    after = laboratory.snapshot()
    faults = []
    if not _same_files(after, laboratory.before) and killed:
        whole = laboratory.estimate()
        if whole.code or not _same_files(after, laboratory.snapshot()):
            faults.append("the output is a mix of two runs")
    again = laboratory.estimate()
    if again.code:
        faults.append(f"no estimation afterwards: {again.text[-800:]}")
    terms = {
        term
        for (term,) in laboratory.query("select term from estimates.coefficients where table_code = 'main'")
    }
    if "both" in terms or "ctrl" not in terms:
        faults.append(f"the estimates are of another specification: {sorted(terms)}")
    if left := [path.name for path in laboratory.output.iterdir() if path.name.startswith(".staging")]:
        faults.append(f"left behind: {left}")
    return planted, "right", tuple(faults)


def _same_files(one: Snapshot, other: Snapshot) -> bool:
    """Whether the output holds the same files, staging folders aside."""

    def shown(snapshot: Snapshot) -> dict[str, str]:
        return {name: digest for name, digest in snapshot.files.items() if not name.startswith(".staging")}

    return shown(one) == shown(other)
