"""What is done to the files of a study: each mutation says which file it touches and what may come of it.

`right` stands for "must be read, and give the numbers of the oracle", `named` for "must be refused with these words in the
message". Mutations of one group do not hide each other, so several are planted in one study at a time.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tiny import ENTITIES, SERIES, YEARS

RAW = "raw_observations.csv"
TOML = "specifications.toml"
Table = list[list[str]]


@dataclass(frozen=True)
class Planted:
    """A mutation that was made: its kind, where, and the words that a refusal must hold (none: it must be read)."""

    kind: str
    file: str
    words: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write_table(path: Path, rows: Table, ends: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ends, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    path.write_bytes(text.getvalue().encode())


def cell(path: Path, line: int, column: str, content: str) -> None:
    """Write one cell; ``line`` counts from 1 below the header."""
    rows = read_table(path)
    rows[line][rows[0].index(column)] = content
    write_table(path, rows)


# --------------------------------------------------------------------- harmless: another way to write the same

Way = Callable[[random.Random, Path], None]


def _bytes(change: Callable[[bytes], bytes]) -> Way:
    return lambda rng, path: path.write_bytes(change(path.read_bytes())) and None


def _permuted_columns(rng: random.Random, path: Path) -> None:
    rows = read_table(path)
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    write_table(path, [[row[place] for place in order] for row in rows])


def _permuted_rows(rng: random.Random, path: Path) -> None:
    header, *rows = read_table(path)
    rng.shuffle(rows)
    write_table(path, [header, *rows])


def _padded(rng: random.Random, path: Path) -> None:
    header, *rows = read_table(path)
    pads = [" ", "\t", "\u3000", "\u00a0", "  "]
    write_table(
        path,
        [
            header,
            *([rng.choice(pads) + one + rng.choice(pads) if one else one for one in row] for row in rows),
        ],
    )


def _further_column(rng: random.Random, path: Path) -> None:
    header, *rows = read_table(path)
    place = rng.randint(0, len(header))
    for row in (header, *rows):
        row.insert(place, "remarks_of_mine" if row is header else rng.choice(["x", "", "1,5", '"', "备注"]))
    write_table(path, [header, *rows])


def _capital_header(rng: random.Random, path: Path) -> None:
    header, *rows = read_table(path)
    write_table(path, [[name.upper() for name in header], *rows])


HARMLESS: dict[str, Way] = {
    "byte-order mark": _bytes(lambda content: b"\xef\xbb\xbf" + content),
    "Windows line ends": _bytes(lambda content: content.replace(b"\n", b"\r\n")),
    "no end of the last line": _bytes(lambda content: content.rstrip(b"\n")),
    "every cell in quotes": lambda rng, path: write_table(path, read_table(path), quoting=csv.QUOTE_ALL),
    "columns in another order": _permuted_columns,
    "rows in another order": _permuted_rows,
    "blanks, tabs and wide spaces around cells": _padded,
    "a further column": _further_column,
    "column names in capitals": _capital_header,
}

ODD_NAMES = (
    "", "  ", "a,b", 'say "x"', "O'Neill", "<b>bold</b>", "=1+1", "50% & more_$", "{{ 1 }}", "两\n行", "名" * 60, "-1", "NULL", "nan",
    "'; drop table marts.entities; --", "\\textbf{x}", "café", "𠮷野",
)  # fmt: skip
NAMED = {
    "def_groups.csv": 2, "def_entities.csv": 6, "def_series.csv": 6, "def_derived_series.csv": 1, "def_indices.csv": 1,
    "def_dimensions.csv": 2, "def_indicators.csv": 3, "def_variables.csv": 3,
}  # fmt: skip


def harmless(rng: random.Random, folder: Path) -> list[Planted]:
    """In every file of the study one harmless change; some files left out; one odd name; one number spelt otherwise."""
    planted = []
    names = sorted(path.name for path in folder.glob("*.csv"))
    for name in rng.sample(names, 6):
        kind = rng.choice(sorted(HARMLESS))
        path = folder / name
        if name in NAMED and rng.random() < 0.5:
            cell(
                path,
                rng.randint(1, NAMED[name]),
                rng.choice(["name_zh", "name_en"]),
                rng.choice(ODD_NAMES),
            )
            planted.append(Planted("an odd name", name))
        if name == RAW and rng.random() < 0.7:
            line = rng.randint(1, 180)
            rows = read_table(path)
            text = rows[line][3]
            rows[line][3] = rng.choice(
                ["+" + text, text + "000", text + "e0", f"{float(text):.6e}", "0" + text]
            )
            write_table(path, rows)
            planted.append(Planted("a number spelt otherwise", name))
        HARMLESS[kind](rng, path)
        planted.append(Planted(kind, name))
    absent = rng.choice(["def_groups.csv", "def_dimensions.csv", "def_specs.csv", "pub_statistics.csv", "pub_descriptives.csv", "def_series.csv"])  # fmt: skip
    if absent not in {one.file for one in planted}:
        (folder / absent).unlink()
        planted.append(Planted("an optional file left out", absent))
    return planted


# ------------------------------------------------------------------------------ other values: other right numbers


def _figure(rng: random.Random, folder: Path) -> str:
    text = rng.choice(["0.001", "1e6", "12345.678", "7", "1e-3", "99.999", "3.14159265358979", "2"])
    cell(folder / RAW, rng.randint(1, 180), "observed_value", text)
    return RAW


def _negative_figure(rng: random.Random, folder: Path) -> str:
    line = (rng.randrange(30)) * 6 + 1 + SERIES.index(rng.choice(["a", "c", "k"]))
    cell(folder / RAW, line, "observed_value", rng.choice(["-3.5", "-0.0", "0", "-1e3"]))
    return RAW


def _constant_series(rng: random.Random, folder: Path) -> str:
    code = rng.choice(["a", "k"])
    rows = read_table(folder / RAW)
    write_table(folder / RAW, [row if row[2] != code else [*row[:3], "5"] for row in rows])
    return RAW


def _direction(rng: random.Random, folder: Path) -> str:
    line = rng.randint(1, 3)
    rows = read_table(folder / "def_indicators.csv")
    place = rows[0].index("direction")
    cell(
        folder / "def_indicators.csv",
        line,
        "direction",
        "negative" if rows[line][place] == "positive" else "positive",
    )
    return "def_indicators.csv"


def _multiplier(rng: random.Random, folder: Path) -> str:
    file, line = rng.choice(
        [
            ("def_indicators.csv", 1),
            ("def_indicators.csv", 2),
            ("def_variables.csv", 2),
            ("def_variables.csv", 3),
        ]
    )
    cell(folder / file, line, "multiplier", rng.choice(["0.01", "1000", "1e-6", "2.5"]))
    return file


def _other_series(rng: random.Random, folder: Path) -> str:
    file, line = rng.choice([("def_indicators.csv", 1), ("def_variables.csv", 2)])
    cell(folder / file, line, "numerator_series", rng.choice(["s", "d", "c", "a"]))
    return file


def _years_of_index(rng: random.Random, folder: Path) -> str:
    first = rng.choice([2015, 2016, 2017])
    cell(folder / "def_indices.csv", 1, "first_year", str(first))
    cell(folder / "def_indices.csv", 1, "last_year", str(rng.choice([2018, 2019])))
    return "def_indices.csv"


def _rows_left_out(rng: random.Random, folder: Path) -> str:
    cell(folder / "def_indices.csv", 1, "missing", rng.choice(["drop rows", "drop entities"]))
    for _ in range(rng.randint(1, 3)):
        line = rng.randrange(30) * 6 + 1 + rng.randrange(6)
        cell(folder / RAW, line, "observed_value", "")
    return RAW


def _entity_left_out(rng: random.Random, folder: Path) -> str:
    rows = read_table(folder / "def_entities.csv")
    chosen = rng.randint(1, 6)
    rows = [
        [*row, "left_out" if place == 0 else ("true" if place == chosen else "")]
        for place, row in enumerate(rows)
    ]
    write_table(folder / "def_entities.csv", rows)
    return "def_entities.csv"


def _variable_blank(rng: random.Random, folder: Path) -> str:
    line = rng.randrange(30) * 6 + 1 + SERIES.index(rng.choice(["k", "y"]))
    cell(folder / RAW, line, "observed_value", "")
    return RAW


def _operation(rng: random.Random, folder: Path) -> str:
    cell(folder / "def_derived_series.csv", 1, "operation", rng.choice(["product", "ratio"]))
    return "def_derived_series.csv"


VALUES: dict[str, Callable[[random.Random, Path], str]] = {
    "another figure": _figure,
    "a negative figure or zero": _negative_figure,
    "a series that never varies": _constant_series,
    "the other direction": _direction,
    "another multiplier": _multiplier,
    "another series": _other_series,
    "other years of the index": _years_of_index,
    "blank cells, rows left out": _rows_left_out,
    "an entity left out": _entity_left_out,
    "a blank cell of a variable": _variable_blank,
    "another operation": _operation,
}


def values(rng: random.Random, folder: Path) -> list[Planted]:
    """Up to four changes after which other numbers are right."""
    kinds = rng.sample(sorted(VALUES), rng.randint(2, 4))
    return [Planted(kind, VALUES[kind](rng, folder)) for kind in kinds]


# ------------------------------------------------------------------------------------- faults of form: all at once


def _encoded(encoding: str) -> Callable[[random.Random, Path], str]:
    def change(rng: random.Random, path: Path) -> str:
        text = path.read_text(encoding="utf-8")
        path.write_bytes(
            text.encode(encoding) if encoding.startswith("utf") else (text + "省份").encode(encoding)
        )
        return ""

    return change


def _column_gone(rng: random.Random, path: Path) -> str:
    from oracle import REQUIRED

    rows = read_table(path)
    name = rng.choice(REQUIRED[path.stem])
    place = rows[0].index(name)
    write_table(path, [row[:place] + row[place + 1 :] for row in rows])
    return f"column {name}"


def _column_misspelt(rng: random.Random, path: Path) -> str:
    from oracle import REQUIRED

    rows = read_table(path)
    name = rng.choice(REQUIRED[path.stem])
    place = rng.randint(1, len(name) - 2)
    rows[0][rows[0].index(name)] = name[:place] + name[place + 1 :]
    write_table(path, rows)
    return name


def _header_twice(rng: random.Random, path: Path) -> str:
    rows = read_table(path)
    rows[0][-1] = rows[0][0]
    write_table(path, rows)
    return "twice"


def _unnamed_column(rng: random.Random, path: Path) -> str:
    rows = read_table(path)
    rows[0][rng.randrange(len(rows[0]))] = ""
    write_table(path, rows)
    return "no name"


def _replaced(content: bytes, words: str) -> Callable[[random.Random, Path], str]:
    def change(rng: random.Random, path: Path) -> str:
        path.write_bytes(content)
        return words

    return change


def _with_character(character: str, words: str) -> Callable[[random.Random, Path], str]:
    def change(rng: random.Random, path: Path) -> str:
        text = path.read_text(encoding="utf-8")
        place = rng.randint(text.index("\n") + 1, len(text) - 1)
        path.write_text(text[:place] + character + text[place:], encoding="utf-8")
        return words

    return change


def _semicolons(rng: random.Random, path: Path) -> str:
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    return "commas"


FORM: dict[str, Callable[[random.Random, Path], str]] = {
    "saved as GBK": _encoded("gb18030"),
    "saved as UTF-16": _encoded("utf-16"),
    "a required column is gone": _column_gone,
    "a required column is misspelt": _column_misspelt,
    "a column stands twice": _header_twice,
    "a column has no name": _unnamed_column,
    "an empty file": _replaced(b"", "empty"),
    "only blanks": _replaced(b" \n\n\t\n", "empty"),
    "an Excel workbook under the name": _replaced(b"PK\x03\x04rest of a workbook", "Excel"),
    "a null character": _with_character("\0", "null"),
    "a direction mark": _with_character("\u202e", "cannot be seen"),
    "a zero-width space": _with_character("\u200b", "cannot be seen"),
    "semicolons": _semicolons,
}
READ_STRICTLY = (
    "def_groups.csv", "def_entities.csv", "def_series.csv", "def_derived_series.csv", "def_indices.csv", "def_dimensions.csv",
    "def_indicators.csv", "def_variables.csv", "def_specs.csv", RAW,
)  # fmt: skip


def form(rng: random.Random, folder: Path) -> list[Planted]:
    """Several files that cannot be read as tables."""
    planted = []
    for name in rng.sample(READ_STRICTLY, 5):
        kind = rng.choice(sorted(FORM))
        words = FORM[kind](rng, folder / name)
        planted.append(Planted(kind, name, (f"{name}: ", *([words] if words else []))))
    # a column that is gone is found by the models, which do not run where a file cannot be read at all
    gone = "a required column is gone"
    if {one.kind for one in planted} != {gone}:
        planted = [replace(one, words=()) if one.kind == gone else one for one in planted]
    return planted


# ------------------------------------------------------------------------------- faults of definition: all at once

DEFINITIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("an unknown series", "def_indicators.csv", "numerator_series", ("nosuch", "A", "a;b", "1")),
    ("an unknown denominator", "def_indicators.csv", "denominator_series", ("nosuch", "0")),
    ("an unknown word", "def_indicators.csv", "direction", ("up", "positive!", "+", "")),
    ("no number", "def_indicators.csv", "multiplier", ("1,000", "0", "nan", "inf", "ten", "1e999", "１０")),
    ("an unknown dimension", "def_indicators.csv", "dimension_code", ("three", "One")),
    ("a code that names no column", "def_indicators.csv", "indicator_code", ("2x", "a b", "份额", "Select")),
    ("an unknown series", "def_variables.csv", "numerator_series", ("nosuch", "q")),
    ("an unknown word", "def_variables.csv", "role", ("outcomes", "dependent")),
    ("an unknown word", "def_variables.csv", "transform", ("ln", "sqrt")),
    ("a code that names no column", "def_variables.csv", "variable_code", ("ln(y)", "X", "year", "group_code")),
    ("an unknown group", "def_entities.csv", "group_code", ("n", "E")),
    ("an unknown word", "def_entities.csv", "left_out", ("out", "2")),
    ("an unknown word", "def_derived_series.csv", "operation", ("plus", "SUM ")),
    ("an unknown series", "def_derived_series.csv", "left_series", ("nosuch", "s")),
    ("an unknown word", "def_derived_series.csv", "step", ("3", "one")),
    ("years of an index", "def_indices.csv", "first_year", ("2020", "2015.5", "15a")),
    ("an unknown word", "def_indices.csv", "missing", ("ignore", "drop")),
    ("a blank unit", "def_series.csv", "unit", ("", "  ")),
    ("a repeated code", "def_series.csv", "series_code", ("REPEAT",)),
    ("a repeated code", "def_entities.csv", "entity_code", ("REPEAT",)),
    ("a repeated code", "def_variables.csv", "variable_code", ("REPEAT",)),
    ("an order that is no whole number", "def_groups.csv", "sort_order", ("first", "1.5")),
    ("an option that is none", "def_specs.csv", "weighting", ("entropie", "entropy|")),
    ("a printed cell that shows no number", "pub_descriptives.csv", "mean", ("five", "1.2.3")),
)  # fmt: skip


def definitions(rng: random.Random, folder: Path) -> list[Planted]:
    """Faulty cells in several files of definitions, one for each file."""
    planted: list[Planted] = []
    for kind, file, column, contents in rng.sample(DEFINITIONS, len(DEFINITIONS)):
        if any(one.file == file for one in planted) or len(planted) == 5:
            continue
        rows = read_table(folder / file)
        if column not in rows[0]:
            rows = [[*row, column if place == 0 else ""] for place, row in enumerate(rows)]
        line = rng.randint(1, len(rows) - 1)
        content = rng.choice(contents)
        place = rows[0].index(column)
        if content == "REPEAT":
            content = rows[line % (len(rows) - 1) + 1][place]
        rows[line][place] = content
        write_table(folder / file, rows)
        planted.append(Planted(kind, file, (f"{file}: ",)))
    return planted


# ------------------------------------------------------------------------------ faulty observations: all at once

CELLS = (
    "1,234", "—", "NaN", "inf", "-inf", "1_000", "１２", "12%", "0x10", "1.2.3", "n.a.", "…", "12 3", "1e", "--5", "1e400", "true",
    "=2+3", "9007199254740993",
)  # fmt: skip
PLACES = {
    "a year that is none": ("year", ("2015.5", "15年", "", "year", "20l5", "２０１５")),
    "a quarter or month": ("year", ("2016Q1", "2016-03", "2016年3月")),
    "a year far away": ("year", ("1015", "20155")),
    "an entity that is not defined": ("entity_code", ("1", "07", "１", "01 02", "Place 01")),
    "a series that is not defined": ("series_code", ("A", "aa", "nosuch", "ａ")),
}


def observed(rng: random.Random, folder: Path) -> list[Planted]:
    """Faulty cells of observations, each in a row of its own."""
    path = folder / RAW
    rows = read_table(path)
    planted = []
    for line in rng.sample(range(1, 181), 6):
        entity, year, series, _ = rows[line]
        kind = rng.choice(["no number", "no number", "a repeated cell", *sorted(PLACES)])
        if kind == "no number":
            content = rng.choice(CELLS)
            rows[line][3] = content
            planted.append(Planted(kind, RAW, (f"entity_code={entity}, year={year}, series_code={series}",)))
        elif kind == "a repeated cell":
            rows.append([*rows[line][:3], "5"])
            planted.append(Planted(kind, RAW, (f"entity_code={entity}, year={year}, series_code={series}",)))
        else:
            column, contents = PLACES[kind]
            rows[line][rows[0].index(column)] = rng.choice(contents)
            # the code of a problem may say "and the same in n more cells", so the row need not be named
            planted.append(Planted(kind, RAW, (f"{RAW}: ",)))
    write_table(path, rows)
    return planted


# -------------------------------------------------------------------------------------------- specifications.toml


def _toml(old: str, *new: str) -> Callable[[random.Random, str], str]:
    def change(rng: random.Random, text: str) -> str:
        if text.count(old) < 1:
            raise AssertionError(f"{old!r} is not in the specification")
        return text.replace(old, rng.choice(new), 1)

    return change


TOML_RIGHT: dict[str, Callable[[random.Random, str], str]] = {
    "comments and blank lines": lambda rng, text: "# a remark\n\n" + text.replace("\n", "\n\n"),
    "Windows line ends": lambda rng, text: text.replace("\n", "\r\n"),
    "byte-order mark": lambda rng, text: "\ufeff" + text,
    "one control less": _toml('["ctrl", "both"]', '["ctrl"]', '["both"]', "[]"),
    "controls in another order": _toml('["ctrl", "both"]', '["both", "ctrl"]'),
    "other effects": _toml(
        'outcome = "out"', 'effects = ["entity"]\noutcome = "out"', 'effects = []\noutcome = "out"',
        'effects = ["year", "entity"]\noutcome = "out"', 'effects = ["year"]\noutcome = "out"',
    ),
    "another sample": _toml(
        'outcome = "out"', 'sample = { first_year = 2016 }\noutcome = "out"', 'sample = { last_year = 2018 }\noutcome = "out"',
        'sample = { without_entities = ["03"] }\noutcome = "out"', 'sample = { without_entities = ["01", "06"] }\noutcome = "out"',
    ),
    "winsorised": _toml('outcome = "out"', 'winsorise = [0.1, 0.9]\noutcome = "out"'),
    "no hypotheses": _toml('[[hypotheses]]\ncode = "H1"\nstatement = "More is more"\ntable = "main"\ncolumn = "1"\nterm = "q"\n', ""),
    "an odd title": _toml('title = "Main"', *(f"title = '''{name}'''" for name in ODD_NAMES if name.strip() and "'" not in name)),
    "another outcome": _toml('outcome = "out"', 'outcome = "q"\n# core below'),
}  # fmt: skip
del TOML_RIGHT["another outcome"]  # the score as its own regressor is no regression

TOML_FAULTS: dict[str, tuple[Callable[[random.Random, str], str], tuple[str, ...]]] = {
    "an unknown variable": (_toml('["ctrl", "both"]', '["crtl"]', '["both", "year"]', '["out2"]', '["Q"]'), ("main",)),
    "an unknown key": (_toml("controls = ", "control = ", "Controls = ", "contorls = "), ("contr",)),
    "an unknown kind": (_toml('kind = "descriptives"', 'kind = "summary"', 'kind = "Descriptives"'), ("kind",)),
    "a word for a list": (_toml('["ctrl", "both"]', "5", "true", '{ a = "ctrl" }'), ("controls",)),
    "a number for a word": (_toml('outcome = "out"', "outcome = 5", 'outcome = ["out"]'), ("outcome",)),
    "no outcome": (_toml('outcome = "out"\n', ""), ("outcome",)),
    "no title": (_toml('title = "Main"\n', ""), ("title",)),
    "a repeated code": (_toml('code = "desc"', 'code = "main"'), ("main",)),
    "a key twice": (_toml('outcome = "out"', 'outcome = "out"\noutcome = "out"'), ("line",)),
    "no TOML": (_toml("[[tables]]", "[[tables]", "[tables]]", "tables: -", "{"), ("line",)),
    "a quote that never ends": (_toml('"A tiny study"', '"A tiny study'), ("line",)),
    "unknown effects": (_toml('outcome = "out"', 'effects = ["region"]\noutcome = "out"'), ("effects",)),
    "a sample that is none": (
        _toml('outcome = "out"', 'sample = { from = 2016 }\noutcome = "out"', 'sample = { groups = ["north"] }\noutcome = "out"',
              'sample = { first_year = "2016" }\noutcome = "out"', 'sample = { without_entities = ["77"] }\noutcome = "out"',
              'sample = { first_year = 2018, last_year = 2016 }\noutcome = "out"'),
        ("sample",),
    ),
    "quantiles that are none": (
        _toml('outcome = "out"', 'winsorise = [0.9, 0.1]\noutcome = "out"', 'winsorise = [1, 99]\noutcome = "out"',
              'winsorise = [0.01]\noutcome = "out"'),
        ("winsorise",),
    ),
    "an unknown table in a hypothesis": (_toml('table = "main"', 'table = "mian"'), ("mian",)),
    "an unknown term in a hypothesis": (_toml('term = "q"', 'term = "both2"', 'term = "constant2"'), ("H1",)),
    "an unknown column in a hypothesis": (_toml('column = "1"', 'column = "2"', "column = 1"), ("column",)),
    "an unknown index": (_toml('index = "q"', 'index = "p"', 'index = "q.three"'), ("ind",)),
    "draws that are none": (_toml("bootstrap_draws = 99", "bootstrap_draws = 0", 'bootstrap_draws = "99"', "bootstrap_draws = -5"), ("bootstrap_draws",)),
    "an instrument too few": (_toml('core = ["q"]', 'core = ["q", "L2.q"]\ninstruments = ["L1.q"]'), ("instruments",)),
    "a lag that is none": (_toml('["ctrl", "both"]', '["L0.ctrl"]', '["L1ctrl"]', '["L-1.ctrl"]', '["L1.nosuch"]'), ("main",)),
    "the outcome among the regressors": (_toml('["ctrl", "both"]', '["ctrl", "out"]'), ("out",)),
    "a regressor twice": (_toml('["ctrl", "both"]', '["ctrl", "ctrl"]', '["q"]'), ("main",)),
}  # fmt: skip


def toml_right(rng: random.Random, folder: Path) -> list[Planted]:
    """One or two changes of the specification after which the oracle says what is right."""
    path = folder / TOML
    kinds = rng.sample(sorted(TOML_RIGHT), 2)
    kinds.sort(key=lambda kind: kind in ("Windows line ends", "byte-order mark", "comments and blank lines"))
    exclusive = {"one control less", "controls in another order"}
    if exclusive <= set(kinds) or len({"other effects", "another sample", "winsorised"} & set(kinds)) > 1:
        kinds = kinds[:1]
    text = path.read_text(encoding="utf-8")
    for kind in kinds:
        text = TOML_RIGHT[kind](rng, text)
    path.write_bytes(text.encode())
    return [Planted(kind, TOML) for kind in kinds]


def toml_faults(rng: random.Random, folder: Path) -> list[Planted]:
    """One fault of the specification."""
    path = folder / TOML
    kind = rng.choice(sorted(TOML_FAULTS))
    change, words = TOML_FAULTS[kind]
    path.write_text(change(rng, path.read_text(encoding="utf-8")), encoding="utf-8")
    return [Planted(kind, TOML, (TOML, *words))]


__all__: Sequence[str] = ["ENTITIES", "YEARS", "Planted", "definitions", "form", "harmless", "observed", "toml_faults", "toml_right", "values"]  # fmt: skip
