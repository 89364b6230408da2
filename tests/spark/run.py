"""Both engines on the default study and on a generated panel: the same figures?, and what each took.

    python tests/spark/run.py [ENTITY_YEARS ...]     (default: 1e6)

The default study is built on DuckDB and on Spark with every test and unit test, compared cell by cell (compare.py), and
estimated from both: the tables as printed must be the same text. A generated panel of each size (bench/panel.py, wide
Parquet read in place) is built with `--selector scale` on both and compared likewise. Wall times and peak memory (of dbt
and the Java machine below it) are printed and written to target/spark/times.csv. Exit code 1 at the first difference.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compare import ROOT, compare

sys.path.insert(0, str(ROOT / "bench"))

from panel import write_panel

WORK = ROOT / "target" / "spark"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Took:
    """What one command took. Seconds of wall time, peak resident memory of its process tree in MB."""

    what: str
    engine: str
    seconds: float
    peak_mb: float


def main(arguments: Sequence[str]) -> int:
    """Build, compare, estimate; returns the exit code."""
    if shutil.which("java") is None:
        print(
            "error: Spark needs Java 17 or later: install it (Debian: apt-get install openjdk-17-jre-headless)."
        )
        return 1
    took: list[Took] = []
    WORK.mkdir(parents=True, exist_ok=True)
    same = default_study(took) and all(panel(int(float(size)), took) for size in arguments or ["1e6"])
    rows = [(one.what, one.engine, f"{one.seconds:.1f}", f"{one.peak_mb:.0f}") for one in took]
    with (WORK / "times.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("what", "engine", "seconds", "peak_mb"), *rows])
    print(
        "".join(
            f"{what:<40} {engine:<8} {seconds:>8} s {peak:>7} MB\n" for what, engine, seconds, peak in rows
        )
    )
    return 0 if same else 1


def default_study(took: list[Took]) -> bool:
    """Build the default study on both engines, compare the relations and the printed tables."""
    database, warehouse = WORK / "default.duckdb", WORK / "default"
    build("default study, all tests", took, database, warehouse, ["build"], {})
    same = report(database, warehouse)
    for engine, options in (
        ("DuckDB", ["--database", database]),
        (
            "Spark",
            ["--target", "spark", "--warehouse", warehouse, "--database", WORK / "default.spark.duckdb"],
        ),
    ):
        output = WORK / f"output-{engine.lower()}"
        command = [BIN / "python", "python/estimate.py", "--quiet", "--output", output, *options]
        took.append(run("default study, estimate.py", engine, command, {}))
    differences = [
        path.name
        for path in sorted((WORK / "output-duckdb" / "tables").glob("*.tex"))
        if path.read_bytes() != (WORK / "output-spark" / "tables" / path.name).read_bytes()
    ]
    print(f"printed tables that differ: {', '.join(differences) or 'none'}")
    return same and not differences


def panel(entity_years: int, took: list[Took]) -> bool:
    """Build a generated panel on both engines and compare the relations that both hold."""
    folder = WORK / str(entity_years)
    if not (folder / "observations.parquet").is_file():
        write_panel(folder, entity_years)
    study = ROOT / "seeds" / f"generated-{entity_years}"
    environment = {
        "NQP_STUDY": study.name,
        "NQP_OBSERVATIONS": str(folder / "observations.parquet"),
        "NQP_ENTITIES": str(folder / "entities.parquet"),
    }
    shutil.copytree(folder / "study", study, dirs_exist_ok=True)
    try:
        database, warehouse = folder / "panel.duckdb", folder / "warehouse"
        build(
            f"{entity_years} entity-years",
            took,
            database,
            warehouse,
            ["build", "--selector", "scale"],
            environment,
        )
    finally:
        shutil.rmtree(study)
    return report(database, warehouse)


def build(
    what: str,
    took: list[Took],
    database: Path,
    warehouse: Path,
    arguments: list[str],
    environment: dict[str, str],
) -> None:
    """Run dbt on both engines, into places of their own."""
    database.unlink(missing_ok=True)
    shutil.rmtree(warehouse, ignore_errors=True)
    places = {"NQP_DATABASE": str(database), "NQP_WAREHOUSE": str(warehouse), "NQP_SPARK_MEMORY": "6g"}
    for engine, target in (("DuckDB", "dev"), ("Spark", "spark")):
        command = [BIN / "dbt", "--no-use-colors", *arguments, "--target", target]
        command += ["--target-path", str(WORK / f"dbt-{target}")]
        took.append(run(what, engine, command, environment | places))


def report(database: Path, warehouse: Path) -> bool:
    """Print how the two compare."""
    result = compare(database, warehouse)
    print("".join(f"differs: {line}\n" for line in result.differences) + result.summary, flush=True)
    return not result.differences


def run(what: str, engine: str, command: Sequence[str | Path], environment: dict[str, str]) -> Took:
    """Run a command to its end; stops everything, with what it said, if it fails."""
    log = WORK / "log.txt"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("NQP_")}
    started, peak = time.perf_counter(), 0.0
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, env=inherited | environment, stdout=stream, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            peak = max(peak, sum(map(resident_mb, tree(process.pid))))
            time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"{engine}, {what} failed:\n{log.read_text(encoding='utf-8')[-4000:]}")
    one = Took(what, engine, time.perf_counter() - started, peak)
    print(f"{what} on {engine}: {one.seconds:.1f} s, {one.peak_mb:.0f} MB", flush=True)
    return one


def tree(process: int) -> list[int]:
    """A process and all below it (Linux: from /proc)."""
    found = [process]
    for one in found:
        try:
            for children in Path(f"/proc/{one}/task").glob("*/children"):
                found += map(int, children.read_text().split())
        except OSError:
            continue  # it has just ended
    return found


def resident_mb(process: int) -> float:
    """Resident memory of a process now; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
