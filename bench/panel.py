"""A synthetic study of any size: twelve indicators in three dimensions, ten years, the panel as wide Parquet.

    python bench/panel.py FOLDER ENTITY_YEARS

writes FOLDER/study (the files of a study) and FOLDER/observations.parquet and FOLDER/entities.parquet, for
NQP_OBSERVATIONS and NQP_ENTITIES. The same arguments give the same rows: every value is a function of its position.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "nqp"
INDEX = "synthetic"
YEARS = range(2010, 2020)
SERIES = [f"s{number:02d}" for number in range(12)]
DIRECTIONS = ["negative" if number % 3 == 0 else "positive" for number in range(12)]
DIMENSIONS = [f"d{number // 4}" for number in range(12)]
SPECIFICATIONS = f"""
[study]
title = "Synthetic panel"

[[tables]]
code = "outcome"
title = "Outcome on the index"
outcome = "ln_outcome"
core = ["{INDEX}"]
controls = ["control"]
"""


def write_panel(folder: Path, entity_years: int) -> None:
    """The study of so many entity-years (ten for each entity), with independent log-normal indicators."""
    folder.mkdir(parents=True, exist_ok=True)
    write_study(folder / "study")
    entities = entity_years // len(YEARS)
    with duckdb.connect() as connection:
        connection.execute(
            f"""copy (
                select printf('e%08d', i) as entity_code, 'E ' || i as name_en, null as name_zh, 'g' || i % 4 as group_code
                from range({entities}) as numbers (i)
            ) to '{folder / "entities.parquet"}'"""
        )
        # Box and Muller's transform of two numbers between 0 and 1, which run through the residues of a prime.
        uniform = "(((i + 1) * {factor}) % 1000003 + 0.5) / 1000003"
        columns = [
            f"exp({0.4 + 0.05 * number} * sqrt(-2 * ln({uniform.format(factor=104729 + 7919 * number)})) "
            f"* cos(2 * pi() * {uniform.format(factor=15485863 + 6151 * number)})) as {name}"
            for number, name in enumerate(SERIES)
        ]
        connection.execute(
            f"""copy (
                select
                    printf('e%08d', i // {len(YEARS)}) as entity_code,
                    cast({YEARS[0]} + i % {len(YEARS)} as integer) as year,
                    {", ".join(columns)}
                from range({entities * len(YEARS)}) as numbers (i)
            ) to '{folder / "observations.parquet"}'"""
        )


def write_study(folder: Path) -> None:
    """The definitions; every file has the header of the default study's, and cells that are not given are blank."""
    folder.mkdir(parents=True, exist_ok=True)
    text = {
        "unit": "unit",
        "source": "synthetic",
        "definition": "synthetic",
        "multiplier": 1,
        "closeness": "A",
    }
    rows: dict[str, list[dict[str, object]]] = {
        "def_groups": [{"group_code": f"g{number}", "name_en": f"Group {number}"} for number in range(4)],
        "def_series": [{"series_code": name, "name_en": name, **text} for name in SERIES],
        "def_indices": [{"index_code": INDEX, "name_en": "Index", "first_year": YEARS[0], "last_year": YEARS[-1]}],
        "def_dimensions": [
            {"index_code": INDEX, "dimension_code": code, "name_en": code} for code in sorted(set(DIMENSIONS))
        ],
        "def_indicators": [
            {
                "index_code": INDEX,
                "dimension_code": dimension,
                "indicator_code": f"i_{name}",
                "name_en": name,
                "direction": direction,
                "numerator_series": name,
                **text,
            }
            for name, dimension, direction in zip(SERIES, DIMENSIONS, DIRECTIONS, strict=True)
        ],
        "def_variables": [
            {"variable_code": "ln_outcome", "role": "outcome", "numerator_series": SERIES[0], "transform": "log", **text},
            {"variable_code": "control", "role": "control", "numerator_series": SERIES[1], **text},
        ],
        "def_specs": [
            {
                "spec_code": "baseline", "normalization": "min_max", "shift": 0, "pool": "all_years",
                "weighting": "entropy", "aggregation": "topsis", "ideal": "pooled", "divisor": "ln_rows",
                "is_baseline": "true",
            }
        ],
    }  # fmt: skip
    for file in sorted(SEEDS.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        with (folder / file.name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows.get(file.stem, []))
    (folder / "specifications.toml").write_text(SPECIFICATIONS, encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write the panel that the command line asks for."""
    write_panel(Path(arguments[0]), int(float(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
