"""The two-way within estimator in SQL beside pyfixest and linearmodels: wall time, peak memory, agreement.

    pip install -r requirements.lock -r bench/requirements.lock
    python bench/within.py                            5,000,000 rows, 6 regressors, three runs of each, then the ratios
    python bench/within.py --rows 200000 --runs 1     a quick look

One seeded unbalanced panel (a tenth of the entity-years is missing, ten years) stands as Parquet in target/bench. Each
contender is a process of its own and fits y on six regressors with entity and year effects, standard errors clustered by
entity under reghdfe's rule. Ours reads the file inside the time that is compared; the time of the others starts with the
panel in memory, and pyfixest compiles before it starts. Everybody may use every core. Peak memory is that of the process, with the panel.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "target" / "bench"
sys.path.insert(0, str(ROOT / "python"))

YEARS = 10
REGRESSORS = [f"x{i}" for i in range(1, 7)]


def make(rows: int) -> Path:
    """The panel as a Parquet file, made once: hashes of entity, year and column stand for random numbers."""
    import duckdb

    path = FOLDER / f"within_{rows}.parquet"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)

    def uniform(what: int) -> str:
        return f"hash(i * 10 + {what}) / 18446744073709551616.0"  # one whole number for each cell: well mixed

    cells = ", ".join(
        f"{uniform(i)} + {i / 5} * level + {i / 50} * (year - 2010) as {x}" for i, x in enumerate(REGRESSORS)
    )
    outcome = " + ".join(f"{0.5 - 0.2 * i} * {x}" for i, x in enumerate(REGRESSORS))
    partial = path.with_suffix(".partial")
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select entity, year, {outcome} + 3 * level + 0.05 * (year - 2010) + {uniform(7)} as y, "
            f"{', '.join(REGRESSORS)} from (select *, {cells} from (select i, i // {YEARS} as entity, 2010 + i % {YEARS} as year, "
            f"hash(-1 - i // {YEARS}) / 18446744073709551616.0 as level from range({rows * 10 // 9 + YEARS}) as numbers (i) "
            f"where {uniform(8)} > 0.1)) limit {rows}) to '{partial}' (format parquet)"
        )
    partial.rename(path)
    return path


Result = tuple[float, dict[str, float], dict[str, float]]


def ours(path: Path, threads: int) -> Result:
    """Seconds, slopes and standard errors of the fit in SQL, the reading of the file included."""
    import duckdb
    from nqp.econometrics.inference import infer
    from nqp.econometrics.within import fit_within

    with duckdb.connect(config={"threads": threads}) as connection:
        start = time.perf_counter()
        fitted = fit_within(
            connection, f"read_parquet('{path}')", entity="entity", outcome="y", regressors=REGRESSORS
        )
        table = infer(fitted, "cluster").table
        return time.perf_counter() - start, table["estimate"].to_dict(), table["std_error"].to_dict()


def frame(path: Path) -> Any:
    """The panel as a pandas frame."""
    import duckdb

    return duckdb.sql(f"select * from read_parquet('{path}')").df()


def of_pyfixest(path: Path) -> Result:
    """The same of pyfixest, on a frame, after a fit of a few rows that compiles it."""
    import pyfixest

    formula, data = f"y ~ {' + '.join(REGRESSORS)} | entity + year", frame(path)
    pyfixest.feols(formula, data.head(5000), vcov={"CRV1": "entity"})
    start = time.perf_counter()
    fitted = pyfixest.feols(formula, data, vcov={"CRV1": "entity"})
    slopes, errors = fitted.coef(), fitted.se()
    return time.perf_counter() - start, slopes.to_dict(), errors.to_dict()


def of_linearmodels(path: Path) -> Result:
    """The same of linearmodels' PanelOLS, on an indexed frame."""
    from linearmodels.panel import PanelOLS

    data = frame(path).set_index(["entity", "year"])
    start = time.perf_counter()
    fitted = PanelOLS(
        data["y"], data[REGRESSORS], entity_effects=True, time_effects=True, singletons=False
    ).fit(cov_type="clustered", cluster_entity=True, group_debias=True, auto_df=False, count_effects=False)
    took, n, k = time.perf_counter() - start, int(fitted.nobs), len(REGRESSORS)
    # the years count as parameters, the entities are nested in the clusters
    years = data.index.get_level_values(1).nunique()
    errors = fitted.std_errors * ((n - k) / (n - k - years)) ** 0.5
    return took, fitted.params.to_dict(), errors.to_dict()


CONTENDERS: dict[str, Callable[[Path], Result]] = {
    "nqp, SQL": lambda path: ours(path, os.cpu_count() or 1),
    "nqp, SQL, 1 thread": lambda path: ours(path, 1),
    "pyfixest": of_pyfixest,
    "linearmodels PanelOLS": of_linearmodels,
}


def apart(first: dict[str, float], second: dict[str, float]) -> float:
    """The largest relative difference."""
    return max(abs(first[name] - second[name]) / abs(first[name]) for name in first)


def main() -> int:
    """Run every contender in a process of its own and print the comparison as a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument(
        "--runs", type=int, default=3, help="of each contender; PanelOLS runs once (default: 3)"
    )
    parser.add_argument("--contender", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    path = make(options.rows)
    if options.contender:
        took, slopes, errors = CONTENDERS[options.contender](path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(json.dumps({"seconds": took, "gigabytes": peak, "slopes": slopes, "errors": errors}))
        return 0
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTENDERS}
    for turn in range(options.runs):
        for name in CONTENDERS:
            if turn == 0 or name != "linearmodels PanelOLS":
                command = [sys.executable, __file__, "--rows", str(options.rows), "--contender", name]
                # pyfixest's clustered errors depend on the hash seed; a BLAS kernel forced from outside would not be fair
                environment = {
                    key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")
                }
                environment["PYTHONHASHSEED"] = "0"
                done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
                told[name].append(json.loads(done.stdout.splitlines()[-1]))
    first = next(iter(told.values()))[0]
    base = statistics.median(run["seconds"] for run in told["nqp, SQL"])
    print(
        f"{options.rows:,} rows, {len(REGRESSORS)} regressors, entity and year effects, clustered by entity\n"
    )
    print("| | seconds (median) | lowest, highest | peak GB | times ours | slopes apart | SE apart |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in told.items():
        seconds = [run["seconds"] for run in runs]
        print(
            f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f}, {max(seconds):.2f} | "
            f"{max(run['gigabytes'] for run in runs):.2f} | {statistics.median(seconds) / base:.1f} | "
            f"{apart(first['slopes'], runs[0]['slopes']):.0e} | {apart(first['errors'], runs[0]['errors']):.0e} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
