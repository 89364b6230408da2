"""Spoil a small study in seeded ways: each must end in the right number or in a named error.

python tests/campaign/run.py --cases 200 --seed 1 [--write]

A case is one run of the commands on a study with one or more mutations. The right numbers come from tests/campaign/oracle.py.
The table of outcomes goes to docs/reliability.md with --write; equal cases and seed give an equal table.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python")]

from mutations import Planted  # noqa: E402
from trials import AREAS, Result, run_cases  # noqa: E402


def main() -> int:
    """Run the command; 0 where every case ended well."""
    parser = argparse.ArgumentParser(prog="run.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cases", type=int, default=100, help="how many cases (default: 100)")
    parser.add_argument("--first", type=int, default=0, help="number of the first case (default: 0)")
    parser.add_argument(
        "--seed", type=int, default=1, help="another whole number gives other cases (default: 1)"
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (default: 1)")
    parser.add_argument(
        "--keep", type=Path, help="file that outcomes are added to; a case that is there is not run again"
    )
    parser.add_argument("--areas", nargs="+", choices=AREAS, help="only these kinds of case")
    parser.add_argument("--write", action="store_true", help="write the table of outcomes into docs/")
    parser.add_argument("--scratch", type=Path, help="folder for the trials (default: a temporary one)")
    options = parser.parse_args()
    kept = read_results(options.keep, options.seed) if options.keep else {}
    numbers = range(options.first, options.first + options.cases)
    left = [number for number in numbers if number not in kept]
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        work = [
            (Path(scratch) / str(job), options.seed, part, options.areas, options.keep)
            for job in range(options.jobs)
            if (part := left[job :: options.jobs])
        ]
        if options.jobs == 1:
            found = [_some_cases(*one) for one in work]
        else:
            with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
                found = list(pool.map(_some_cases, *zip(*work, strict=True)))
    kept |= {result.number: result for part in found for result in part}
    results = [kept[number] for number in numbers]
    faults = [result for result in results if result.faults]
    planted = sum(len(result.planted) for result in results)
    print(f"{len(results)} cases, {planted} mutations, {len(faults)} cases with a fault")
    if options.write:
        from page import write_pages

        write_pages(results, options.seed)
    return 1 if faults else 0


def _some_cases(
    scratch: Path, seed: int, numbers: list[int], areas: list[str] | None, keep: Path | None
) -> list[Result]:
    results = []
    for result in run_cases(scratch, seed, numbers, areas):
        results.append(result)
        print(result.line(), flush=True)
        if keep:
            with keep.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"seed": seed, **asdict(result)}, ensure_ascii=False) + "\n")
    return results


def read_results(keep: Path, seed: int) -> dict[int, Result]:
    """The cases of this seed that an earlier run has kept, by number."""
    found = {}
    for line in keep.read_text(encoding="utf-8").splitlines() if keep.is_file() else []:
        facts = json.loads(line)
        if facts.pop("seed") == seed:
            planted = tuple(
                Planted(one["kind"], one["file"], tuple(one["words"])) for one in facts.pop("planted")
            )
            found[facts["number"]] = Result(planted=planted, faults=tuple(facts.pop("faults")), **facts)
    return found


if __name__ == "__main__":
    sys.exit(main())
