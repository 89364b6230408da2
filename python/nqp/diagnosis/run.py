"""One diagnosis from a printed list to its answer; a bare matrix becomes a temporary study of the project's own models."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.diagnosis.answer import answer, candidate_name
from nqp.diagnosis.candidates import Diagnosis, diagnose
from nqp.diagnosis.printed import printed_interval, read_printed, read_rows
from nqp.diagnosis.recipes import preset_names
from nqp.errors import StudyError
from nqp.formats.csv import csv_bytes, marked
from nqp.study.recipes import RecipeWords, read_recipe_words
from nqp.study.scratch import build_scratch
from nqp.study.stamp import DIAGNOSED, check_stamp

MATRIX = "matrix"  # code of the temporary study's index
SELECT = ("+specs", "+spec_weights", "+spec_scores", "+indicators", "+entities", "+indicator_values")
ONE_YEAR = "1"
CORE = ("normalization", "pool", "weighting", "aggregation", "ideal")
NOT_GIVEN = (("pool", "goalposts"), ("weighting", "given"))  # a bare matrix gives neither
# With other words of these columns the choice is refused, so no combination with them need be written down.
GOES_WITH = {
    "rescaling": {"normalization": "min_max"},
    "entropy_shift": {"normalization": "min_max|vector|sum", "weighting": "entropy|entropy_critic"},
    "divisor": {"normalization": "min_max|vector|sum", "weighting": "entropy|entropy_critic"},
    "scored_on": {"weighting": "entropy|critic|entropy_critic|coefficient_of_variation|standard_deviation"},
}


def run_diagnosis(
    *,
    root: Path,
    study: str,
    database: Path,
    weights: Path | None,
    scores: Path | None,
    index: str | None,
    matrix: Path | None,
    negative: Sequence[str],
    top: int,
    output: Path | None,
    announce: Callable[[str], None],
) -> str:
    """Say which specifications give the printed list; returns the answer in words.

    Exactly one of ``weights`` and ``scores`` is given. Raises StudyError with one message; then nothing was written.
    """
    if negative and matrix is None:
        raise StudyError("--negative says which columns of --matrix count down; name the matrix too.")
    path, kind = (weights, "weight") if weights is not None else (scores, "score")
    if path is None:
        raise StudyError("Name a file of printed weights or scores.")
    printed = read_printed(path, kind)
    if matrix is None:
        check_stamp(database, root, root / "seeds" / study, DIAGNOSED)
        announce(f"Comparing {path} with the multiverse in {database}")
        return _answered(diagnose(database, printed, path, index), top, output, announce)
    with tempfile.TemporaryDirectory() as scratch:
        words = read_recipe_words(root)
        names = preset_names(root / "seeds" / study / "def_specs.csv", words)
        announce(f"Building every specification of {matrix}")
        folder = Path(scratch) / MATRIX
        write_matrix_study(matrix, negative, folder, words)
        built = build_scratch(root, folder, Path(scratch) / "project", SELECT)
        return _answered(diagnose(built, printed, path, index, names), top, output, announce)


def _answered(found: Diagnosis, top: int, output: Path | None, announce: Callable[[str], None]) -> str:
    if output is not None:
        table = found.candidates
        table.insert(0, "told_zh", [candidate_name(row, found.words).zh for row in table.to_dict("records")])
        table.insert(0, "told_en", [candidate_name(row, found.words).en for row in table.to_dict("records")])
        try:
            output.write_bytes(marked(csv_bytes(table)))
        except OSError as error:
            raise StudyError(f"--output {output} cannot be written: {error}") from error
        announce(f"Wrote {output}")
    return answer(found, top)


def every_recipe(words: RecipeWords) -> str:
    """A def_specs.csv of the baseline, every recipe and every wrong one, as designs: what does not fit is dropped there.

    The choices of ``CORE`` go together in every way; each of the others, and each mistake, with every way of the core.
    """
    choices = [choice for choice in words.choices if choice != "left_out"]
    defaults = {choice: words.default(choice) for choice in choices}
    right = {
        choice: [
            one.code for one in words.of(choice) if not one.is_wrong and (choice, one.code) not in NOT_GIVEN
        ]
        for choice in choices
    }
    core = defaults | {choice: "|".join(right[choice]) for choice in CORE}
    shifts = {"shift": "|".join(right["shift"])}
    rows = [
        {"spec_code": "baseline", **defaults, "is_baseline": "true"},
        {"spec_code": "all", **core, **shifts},
    ]
    for choice in choices:
        others = [code for code in right[choice] if code != defaults[choice]]
        mistakes = [one.code for one in words.of(choice) if one.is_wrong]
        design = core | GOES_WITH.get(choice, {})
        if others and choice not in (*CORE, "shift"):
            rows.append({"spec_code": choice, **design, choice: "|".join(others)})
        if mistakes:
            row = {"spec_code": f"wrong_{choice}", **design, choice: "|".join(mistakes), "is_wrong": "true"}
            rows.append(row if choice == "entropy_shift" else row | shifts)
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, ["spec_code", *choices, "is_baseline", "is_wrong"], lineterminator="\n", restval=""
    )
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def write_matrix_study(matrix: Path, negative: Sequence[str], folder: Path, words: RecipeWords) -> None:
    """Write a table of values as a study: first column entities, an optional column ``year``, the others indicators.

    Raises StudyError naming file, row and column of what is not a plain number, is blank, or stands twice.
    """
    rows = read_rows(matrix)
    header = [name.strip() for name in rows[0]]
    has_year = "year" in header[1:]
    names = [name for name in header[1:] if name != "year"]
    if len(set(header)) < len(header):
        raise StudyError(f"{matrix}: a column name stands twice in the header.")
    if len(names) < 2:
        raise StudyError(
            f"{matrix}: an index needs at least two indicators beside the first column (entities)."
        )
    if unknown := [name for name in negative if name not in names]:
        raise StudyError(
            f"--negative {unknown[0]}: {matrix} has no such column. Columns: {', '.join(names)}."
        )
    series = {name: f"i{place:02d}" for place, name in enumerate(names, start=1)}
    entities: list[str] = []
    years: list[str] = []
    observations: list[tuple[str, ...]] = []
    for place, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(header):
            raise StudyError(f"{matrix}: row {place} has {len(cells)} cells, the header has {len(header)}.")
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        entity, year = row[header[0]], row["year"] if has_year else ONE_YEAR
        if not entity or not year.isdigit():
            raise StudyError(f"{matrix}: row {place}: the entity is blank or the year no whole number.")
        if (entity, year) in zip(entities, years, strict=True):
            raise StudyError(f"{matrix}: row {place}: {entity} stands twice in one year.")
        entities.append(entity)
        years.append(year)
        for name, code in series.items():
            number, _ = printed_interval(row[name], f"{matrix}: row {place}, column '{name}':")
            observations.append((entity, year, code, repr(number)))
    if len(set(zip(entities, years, strict=True))) < len(set(entities)) * len(set(years)):
        raise StudyError(f"{matrix}: not every entity has a row in every year.")
    first, last = min(years, key=int), max(years, key=int)
    given = f"given in {matrix.name}"
    files: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = {
        "def_groups": (("group_code", "name_zh", "name_en"), [("all", "全部", "all")]),
        "def_entities": (
            ("entity_code", "name_zh", "name_en", "group_code"),
            [(entity, entity, entity, "all") for entity in dict.fromkeys(entities)],
        ),
        "def_series": (
            ("series_code", "name_zh", "name_en", "unit", "source"),
            [(code, name, name, given, given) for name, code in series.items()],
        ),
        "raw_observations": (("entity_code", "year", "series_code", "observed_value"), observations),
        "def_indices": (
            ("index_code", "name_zh", "name_en", "first_year", "last_year"),
            [(MATRIX, "指数", "index", first, last)],
        ),
        "def_dimensions": (
            ("index_code", "dimension_code", "name_zh", "name_en"),
            [(MATRIX, "all", "全部", "all")],
        ),
        "def_indicators": (
            ("index_code", "dimension_code", "indicator_code", "name_zh", "name_en", "direction", "numerator_series",
             "denominator_series", "multiplier", "unit", "definition"),
            [(MATRIX, "all", code, name, name, "negative" if name in negative else "positive", code, "", "1", given, given)
             for name, code in series.items()],
        ),
    }  # fmt: skip
    folder.mkdir(parents=True)
    for name, (columns, lines) in files.items():
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows([columns, *lines])
        (folder / f"{name}.csv").write_text(buffer.getvalue(), encoding="utf-8")
    (folder / "def_specs.csv").write_text(every_recipe(words), encoding="utf-8")
