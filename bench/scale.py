"""The project's own models against other ways to the same scores, on synthetic panels of growing size.

    python bench/scale.py [ENTITY_YEARS ...] [--memory 4GB] [--only CONTENDER ...]

Every contender runs in a process of its own, reads the same Parquet file and ends with scores, so that wall time and
peak memory can be compared; DuckDB has as many threads as the machine has cores. `seconds` leaves out the start of
Python and of dbt. What each contender computes:

    dbt build         all of `dbt build --selector scale`: checks, index, panel, descriptive statistics, tests, start of dbt
  ranks, the table index_scores of the index and three sub-indices with distances, scores and ranks within the year:
    dbt models        the index core as dbt runs it: ranges, bounds, entropy weights, index_scores; the time of these nodes
    wide SQL          the same table by hand in DuckDB, one column per indicator
    NumPy             the same in memory, not stored
  scores, min-max, entropy weights and TOPSIS of the index alone:
    dbt score         the nodes of ranges, bounds and weights, and a table of scores out of the view int_squared_distances
    NumPy score       in memory
    scikit-criteria   in memory
    pymcdm            in memory
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from panel import DIMENSIONS, DIRECTIONS, INDEX, SERIES, YEARS, write_panel

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "target" / "bench"
CORES = os.cpu_count() or 1
WEIGHT_MODELS = ("int_wide_indicators", "int_indicator_ranges", "int_indicator_bounds", "int_entropy_weights")
COLUMNS = ("entity_years", "contender", "seconds", "ratio", "peak_mb", "largest_difference")


@dataclass(frozen=True)
class Result:
    """What one contender took. Seconds of wall time, peak resident memory in MB."""

    entity_years: int
    contender: str
    seconds: float
    peak_mb: float
    scores: Path


# ------------------------------------------------------------------------------------------- contenders


def wide_sql(folder: Path, scores: Path) -> float:
    """Bounds, entropy, distances, scores and ranks with one column per indicator."""
    panel = f"read_parquet('{folder / 'observations.parquet'}')"
    database = folder / "wide.duckdb"
    database.unlink(missing_ok=True)
    connection = duckdb.connect(str(database), config={"threads": CORES, "preserve_insertion_order": False})
    started = time.perf_counter()
    bounds = connection.execute(
        f"select {', '.join(f'min({name}), max({name})' for name in SERIES)} from {panel}"
    ).fetchone()
    assert bounds is not None
    low, high = bounds[0::2], bounds[1::2]
    best = [b if way == "positive" else a for a, b, way in zip(low, high, DIRECTIONS, strict=True)]
    worst = [a if way == "positive" else b for a, b, way in zip(low, high, DIRECTIONS, strict=True)]
    z = [f"({name} - {w!r}) / ({b!r} - {w!r})" for name, b, w in zip(SERIES, best, worst, strict=True)]
    v = [f"({b!r} - {name}) / ({b!r} - {w!r})" for name, b, w in zip(SERIES, best, worst, strict=True)]
    sums = connection.execute(
        f"select count(*), {', '.join(f'sum(z{i}), sum(case when z{i} > 0 then z{i} * ln(z{i}) else 0 end)' for i in range(12))} "
        f"from (select {', '.join(f'{one} as z{i}' for i, one in enumerate(z))} from {panel})"
    ).fetchone()
    assert sums is not None
    total, total_log = np.array(sums[1::2]), np.array(sums[2::2])
    divergence = 1 - (np.log(total) - total_log / total) / np.log(sums[0])
    weights = (divergence / divergence.sum()).tolist()
    squares = {}
    for name, parts in (("anti_ideal", z), ("ideal", v)):
        for dimension in sorted(set(DIMENSIONS)):
            terms = [
                f"({weight!r} * ({part})) * ({weight!r} * ({part}))"
                for weight, part, one in zip(weights, parts, DIMENSIONS, strict=True)
                if one == dimension
            ]
            squares[f"{name}_{dimension}"] = " + ".join(terms)
    branches = [
        f"select {key} as index_key, '{INDEX}.{dimension}' as index_code, entity_code, year, "
        f"sqrt(ideal_{dimension}) as distance_to_ideal, sqrt(anti_ideal_{dimension}) as distance_to_anti_ideal from squares"
        for key, dimension in enumerate(sorted(set(DIMENSIONS)))
    ]
    branches.append(
        f"select -1 as index_key, '{INDEX}' as index_code, entity_code, year, "
        f"sqrt({' + '.join(f'ideal_{d}' for d in sorted(set(DIMENSIONS)))}) as distance_to_ideal, "
        f"sqrt({' + '.join(f'anti_ideal_{d}' for d in sorted(set(DIMENSIONS)))}) as distance_to_anti_ideal from squares"
    )
    connection.execute(
        f"""create table index_scores as
        with squares as (
            select entity_code, year, {", ".join(f"{sql} as {name}" for name, sql in squares.items())} from {panel}
        ),
        distances as ({" union all ".join(branches)}),
        scores as (
            select *, distance_to_anti_ideal / (distance_to_anti_ideal + distance_to_ideal) as score from distances
        )
        select
            'baseline' as spec_code,
            * exclude (index_key),
            cast(rank() over (partition by index_key, year order by score desc) as integer) as rank
        from scores"""
    )
    connection.execute("checkpoint")
    seconds = time.perf_counter() - started
    connection.execute(
        f"copy (select entity_code, year, score from index_scores where index_code = '{INDEX}') to '{scores}'"
    )
    return seconds


def read_matrix(folder: Path) -> np.ndarray:
    """The indicators as an (entity-years x 12) array, in the order of the file."""
    with duckdb.connect(config={"threads": CORES}) as connection:
        columns = connection.execute(
            f"select {', '.join(SERIES)} from read_parquet('{folder / 'observations.parquet'}')"
        ).fetchnumpy()
    return np.column_stack([columns.pop(name) for name in SERIES])


def write_scores(folder: Path, values: np.ndarray, scores: Path) -> None:
    """Set the scores beside the keys of the file (its order is kept)."""
    with duckdb.connect() as connection:
        connection.register("scores", {"score": values})
        connection.execute(
            f"copy (select entity_code, year, score from read_parquet('{folder / 'observations.parquet'}') "
            f"positional join scores) to '{scores}'"
        )


def dbt_score(folder: Path, scores: Path) -> float:
    """The score of the index out of the project's own view; the nodes it rests on are added by the caller."""
    connection = duckdb.connect(
        str(folder / "synthetic.duckdb"), config={"threads": CORES, "preserve_insertion_order": False}
    )
    started = time.perf_counter()
    connection.execute(
        f"""create or replace table scores as
        select entity_code, year, sqrt(to_anti_ideal) / (sqrt(to_anti_ideal) + sqrt(to_ideal)) as score
        from index.int_squared_distances where index_code = '{INDEX}'"""
    )
    connection.execute("checkpoint")
    seconds = time.perf_counter() - started
    connection.execute(f"copy scores to '{scores}'")
    connection.execute("drop table scores")
    return seconds


def weighted_squares(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squared weighted distances of every cell to the anti-ideal and to the ideal."""
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    positive = np.array(DIRECTIONS) == "positive"
    best, worst = np.where(positive, high, low), np.where(positive, low, high)
    z = (matrix - worst) / (best - worst)
    v = (best - matrix) / (best - worst)
    logs = np.log(z, out=np.zeros_like(z), where=z > 0)
    total = z.sum(axis=0)
    divergence = 1 - (np.log(total) - (z * logs).sum(axis=0) / total) / np.log(len(z))
    weights = divergence / divergence.sum()
    return (weights * z) ** 2, (weights * v) ** 2


def numpy_score(folder: Path, scores: Path) -> float:
    """The score of the index in memory."""
    started = time.perf_counter()
    near, far = (np.sqrt(squares.sum(axis=1)) for squares in weighted_squares(read_matrix(folder)))
    score = near / (near + far)
    seconds = time.perf_counter() - started
    write_scores(folder, score, scores)
    return seconds


def numpy_arrays(folder: Path, scores: Path) -> float:
    """Scores and ranks in memory: every step one expression on the whole matrix."""
    started = time.perf_counter()
    to_anti_ideal, to_ideal = weighted_squares(read_matrix(folder))
    year = np.arange(len(to_ideal)) % len(YEARS)
    dimensions = np.array(DIMENSIONS)
    score = np.empty(0)
    for members in [*(dimensions == one for one in sorted(set(DIMENSIONS))), np.ones(12, dtype=bool)]:
        near = np.sqrt(to_anti_ideal[:, members].sum(axis=1))
        far = np.sqrt(to_ideal[:, members].sum(axis=1))
        score = near / (near + far)
        ranks = np.empty(len(score), dtype=np.int32)
        for one in range(len(YEARS)):
            rows = np.flatnonzero(year == one)
            ordered = -np.sort(-score[rows])
            ranks[rows] = 1 + np.searchsorted(-ordered, -score[rows], side="left")
    seconds = time.perf_counter() - started
    write_scores(folder, score, scores)
    return seconds


def scikit_criteria(folder: Path, scores: Path) -> float:
    """Direction-aware min-max, entropy weights and TOPSIS of scikit-criteria."""
    import skcriteria
    from skcriteria.agg.similarity import TOPSIS
    from skcriteria.preprocessing.scalers import CenitDistanceMatrixScaler
    from skcriteria.preprocessing.weighters import EntropyWeighter

    started = time.perf_counter()
    objectives = [max if way == "positive" else min for way in DIRECTIONS]
    decision = skcriteria.mkdm(read_matrix(folder), objectives)
    scaled = CenitDistanceMatrixScaler().transform(decision)
    scaled = skcriteria.mkdm(scaled.matrix.to_numpy(), [max] * 12)
    result = TOPSIS().evaluate(EntropyWeighter().transform(scaled))
    score = np.asarray(result.e_.similarity)
    seconds = time.perf_counter() - started
    write_scores(folder, score, scores)
    return seconds


def pymcdm(folder: Path, scores: Path) -> float:
    """Min-max, entropy weights and TOPSIS of pymcdm."""
    from pymcdm.methods import TOPSIS
    from pymcdm.normalizations import minmax_normalization
    from pymcdm.weights import entropy_weights

    started = time.perf_counter()
    matrix = read_matrix(folder)
    types = np.array([1 if way == "positive" else -1 for way in DIRECTIONS])
    columns = [minmax_normalization(matrix[:, i], cost=types[i] < 0) for i in range(12)]
    # It refuses a zero, whose part of the entropy is zero; the smallest of numbers stands in.
    weights = entropy_weights(np.maximum(np.column_stack(columns), 1e-300))
    score = TOPSIS(normalization_function=minmax_normalization)(matrix, weights, types)
    seconds = time.perf_counter() - started
    write_scores(folder, np.asarray(score), scores)
    return seconds


CONTENDERS: dict[str, Callable[[Path, Path], float]] = {
    "wide SQL": wide_sql,
    "NumPy": numpy_arrays,
    "dbt score": dbt_score,
    "NumPy score": numpy_score,
    "scikit-criteria": scikit_criteria,
    "pymcdm": pymcdm,
}
# Against whom a contender runs: the others against the whole core.
OWN = dict.fromkeys(("dbt score", "NumPy score", "scikit-criteria", "pymcdm"), "dbt score")


# --------------------------------------------------------------------------------------------- running


def run(
    command: Sequence[str | Path], log: Path, folder: Path = ROOT, **environment: str
) -> tuple[float, float]:
    """Run a process in a folder; its wall time in seconds and peak memory in MB. Raises if it fails."""
    # A BLAS kernel forced from outside would not be fair to the arrays.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    started = time.perf_counter()
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env=inherited | environment, stdout=stream, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{log} says why it failed:\n{log.read_text()[-2000:]}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def dbt(folder: Path, entity_years: int, memory: str | None) -> list[Result]:
    """Build the project's own models on the panel, in a copy of the project with this one study."""
    project = folder / "project"
    shutil.rmtree(project, ignore_errors=True)
    for name in ("models", "macros", "analyses", "python", "tests", "seeds/words"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("python", "fixtures"))
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"):
        shutil.copy(ROOT / name, project / name)
    shutil.copytree(folder / "study", project / "seeds" / "synthetic")
    database = folder / "synthetic.duckdb"
    database.unlink(missing_ok=True)
    # one node at a time, so that the time of a node is its own
    wall, peak = run(
        [Path(sys.executable).parent / "dbt", "build", "--selector", "scale", "--threads", "1"],
        folder / "dbt.log",
        folder=project,
        NQP_STUDY="synthetic",
        NQP_DATABASE=str(database),
        NQP_OBSERVATIONS=str(folder / "observations.parquet"),
        NQP_ENTITIES=str(folder / "entities.parquet"),
        NQP_THREADS=str(CORES),
        **({"NQP_MEMORY": memory} if memory else {}),
    )  # fmt: skip
    seconds = seconds_of_nodes(project)
    core = sum(seconds[name] for name in (*WEIGHT_MODELS, "index_scores"))
    scores = folder / "dbt.parquet"
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(
            f"copy (select entity_code, year, score from marts.index_scores where index_code = '{INDEX}') to '{scores}'"
        )
    limit = f", {memory}" if memory else ""
    return [
        Result(entity_years, f"dbt models{limit}", core, peak, scores),
        Result(entity_years, f"dbt build{limit}", wall, peak, scores),
    ]


def seconds_of_nodes(project: Path) -> dict[str, float]:
    """What each node of the last build took, by its name."""
    nodes = json.loads((project / "target" / "run_results.json").read_text())["results"]
    return {node["unique_id"].split(".")[-1]: node["execution_time"] for node in nodes}


def compare(entity_years: int, memory: str | None, only: Sequence[str]) -> list[Result]:
    """All contenders on one panel, one after the other."""
    folder = TARGET / str(entity_years)
    if not (folder / "observations.parquet").is_file():
        write_panel(folder, entity_years)
    results = dbt(folder, entity_years, memory)
    for name in CONTENDERS:
        if only and name not in only:
            continue
        scores = folder / f"{name}.parquet"
        log = folder / f"{name}.log"
        _, peak = run([sys.executable, __file__, "--contender", name, str(folder), str(scores)], log)
        seconds = float(log.read_text().split()[-1])
        if name == "dbt score":
            seconds += sum(seconds_of_nodes(folder / "project")[model] for model in WEIGHT_MODELS)
        results.append(Result(entity_years, name, seconds, peak, scores))
    return results


def largest_difference(first: Path, second: Path) -> float:
    """The largest difference of two sets of scores; every entity-year must have one in both."""
    with duckdb.connect() as connection:
        row = connection.execute(
            f"select max(abs(a.score - b.score)), count(*) filter (a.score is null or b.score is null) "
            f"from read_parquet('{first}') as a full join read_parquet('{second}') as b using (entity_code, year)"
        ).fetchone()
    assert row is not None
    assert row[1] == 0, f"{row[1]} entity-years without a score"
    return float(row[0])


def table(results: Sequence[Result]) -> list[dict[str, Any]]:
    """One row per panel and contender; `ratio` is the time over that of the dbt models that compute the same."""
    rows = []
    for one in results:
        group = [other for other in results if other.entity_years == one.entity_years]
        own = next((other for other in group if other.contender == OWN.get(one.contender)), group[0])
        rows.append(
            {
                "entity_years": one.entity_years,
                "contender": one.contender,
                "seconds": f"{one.seconds:.2f}",
                "ratio": f"{one.seconds / own.seconds:.2f}",
                "peak_mb": f"{one.peak_mb:.0f}",
                "largest_difference": f"{largest_difference(own.scores, one.scores):.0e}",
            }
        )
    return rows


def main(arguments: Sequence[str]) -> None:
    """Run the benchmark, print its table and write it to target/bench/scale.csv and scale.md."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("entity_years", nargs="*", type=float, default=[1e5, 1e6])
    parser.add_argument("--memory", help="DuckDB's memory limit in the dbt build, such as 4GB")
    parser.add_argument(
        "--only", nargs="*", default=[], choices=CONTENDERS, help="these contenders besides dbt"
    )
    parser.add_argument("--contender", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.contender:
        name, folder, scores = options.contender
        print(CONTENDERS[name](Path(folder), Path(scores)))
        return
    results = [
        result for size in options.entity_years for result in compare(int(size), options.memory, options.only)
    ]
    rows = table(results)
    with (TARGET / "scale.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    lines = [COLUMNS, ["---"] * len(COLUMNS), *([row[name] for name in COLUMNS] for row in rows)]
    text = "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"
    (TARGET / "scale.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
