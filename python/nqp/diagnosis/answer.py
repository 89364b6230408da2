"""Printed weights or scores against every specification of an index: which of them give the printed digits?

A printed number stands for an interval, half a unit of its last digit to each side. A specification reproduces a list when
every one of its numbers falls into the interval of the printed one.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.study.marts import RECIPE_OPTIONS, read_frames
from nqp.study.names import name_of
from nqp.study.recipes import EACH, RecipeWords, recipe_words

if TYPE_CHECKING:
    from nqp.econometrics.estimation import Floats

SLACK = 1e-9  # of a printed unit: a number on the edge of an interval lies in it
SCALES = (1, 100)
FEWEST = 2
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(%?)")

# How a number of each form is made; the last two are what textbooks call a score beside the index's own aggregation.
FORMS: Mapping[str, Label] = {
    "weight": Label("权重", "weight"),
    "score": Label("得分", "score"),
    "raw": Label("权重 × 原始值之和", "sum of weight x raw value"),
    "proportion": Label("权重 × 比重之和", "sum of weight x proportion"),
}

WEIGHTS = """
select
    specs.spec_code,
    'weight' as form,
    case when specs.pool = 'per_year' and printed.year is null then spec_weights.pool_code else '' end as pool_code,
    printed.position,
    spec_weights.weight as number
from printed
inner join marts.spec_weights on spec_weights.indicator_code = printed.code
inner join marts.specs on specs.spec_code = spec_weights.spec_code
where
    spec_weights.index_code = '{index}' and specs.is_valid
    and (printed.year is null or specs.pool <> 'per_year' or spec_weights.pool_code = cast(printed.year as varchar))
"""

SCORES = """
with indicator_sums as (
    select
        index_code,
        indicator_code,
        count(*) as entity_years,
        sum(normalized_value) as sum_of_values
    from marts.indicator_values
    where index_code = '{index}'
    group by index_code, indicator_code
),

-- specifications that differ in what comes after the weights share these sums: one of them stands for all
weightings as (
    select
        spec_code,
        normalization,
        shift,
        pool,
        row_number() over (
            partition by normalization, shift, pool, weighting, divisor, left_out, is_wrong
            order by is_baseline desc, is_preset desc, spec_code
        ) as place
    from marts.specs
    where is_valid
),

weighted_values as (
    select
        weightings.spec_code,
        weightings.normalization,
        weightings.pool,
        printed.position,
        spec_weights.weight * indicator_values.indicator_value as raw_part,
        spec_weights.weight * (indicator_values.normalized_value + weightings.shift)
        / nullif(indicator_sums.sum_of_values + weightings.shift * indicator_sums.entity_years, 0) as proportion_part
    from printed
    inner join marts.indicator_values
        on indicator_values.entity_code = printed.code and indicator_values.year = printed.year
    inner join indicator_sums
        on
            indicator_sums.index_code = indicator_values.index_code
            and indicator_sums.indicator_code = indicator_values.indicator_code
    inner join marts.spec_weights
        on
            spec_weights.index_code = indicator_values.index_code
            and spec_weights.indicator_code = indicator_values.indicator_code
    inner join weightings on weightings.spec_code = spec_weights.spec_code and weightings.place = 1
    where weightings.pool <> 'per_year' or spec_weights.pool_code = cast(printed.year as varchar)
)

select
    spec_scores.spec_code,
    'score' as form,
    '' as pool_code,
    printed.position,
    spec_scores.score as number
from printed
inner join marts.spec_scores on spec_scores.entity_code = printed.code and spec_scores.year = printed.year
where spec_scores.index_code = '{index}'

union all

select
    spec_code,
    'raw' as form,
    '' as pool_code,
    position,
    sum(raw_part) as number
from weighted_values
group by spec_code, position

union all

select
    spec_code,
    'proportion' as form,
    '' as pool_code,
    position,
    sum(proportion_part) as number
from weighted_values
where normalization = 'min_max' and pool = 'all_years'
group by spec_code, position
"""


@dataclass(frozen=True, eq=False)
class Printed:
    """A printed list: codes, years (None where none is given), numbers and the half unit of their last digit."""

    kind: str
    codes: tuple[str, ...]
    years: tuple[int | None, ...]
    numbers: Floats
    halves: Floats

    @property
    def decimals(self) -> int:
        """The decimals of the most precise number."""
        return max(0, round(-math.log10(2 * float(self.halves.min()))))

    def frame(self) -> pd.DataFrame:
        """Codes and years as the queries join them."""
        years = pd.array(self.years, dtype="Int64")
        return pd.DataFrame({"position": range(len(self.codes)), "code": self.codes, "year": years})


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """``candidates``: one row per specification and form, best first, with reproduces (bool), agreeing (how many numbers),
    digits (decimals to which all agree; negative: tens), max_difference, spearman, made_by, and the options.
    """

    words: RecipeWords
    printed: Printed
    index: str
    specifications: int
    candidates: pd.DataFrame

    @property
    def reproducing(self) -> pd.DataFrame:
        """The candidates that give every printed digit."""
        return self.candidates[self.candidates["reproduces"]]


def read_printed(path: Path, kind: str) -> Printed:
    """A CSV of printed ``weight`` or ``score``, digits kept. Raises StudyError naming file, row and column."""
    key = {"weight": "indicator_code", "score": "entity_code"}[kind]
    rows = read_rows(path)
    header = [name.strip() for name in rows[0]]
    missing = [name for name in (key, kind) if name not in header]
    if missing:
        raise StudyError(f"{path}: missing column {missing[0]}. Found: {', '.join(header)}.")
    codes, years, numbers, halves = [], [], [], []
    for place, cells in enumerate(rows[1:], start=2):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        where = f"{path}: row {place}"
        if not row.get(key):
            raise StudyError(f"{where}: {key} is blank.")
        number, half = printed_interval(row.get(kind, ""), f"{where}: {kind}")
        codes.append(row[key])
        years.append(_year(row["year"], where) if row.get("year") else None)
        numbers.append(number)
        halves.append(half)
    keys = list(zip(codes, years, strict=True))
    if doubled := next((one for one in keys if keys.count(one) > 1), None):
        told = doubled[0] if doubled[1] is None else f"{doubled[0]}, year {doubled[1]}"
        raise StudyError(f"{path}: {key} {told} stands more than once. Keep the right row.")
    if len(keys) < FEWEST:
        raise StudyError(
            f"{path}: {len(keys)} number(s). At least {FEWEST} are needed to tell specifications apart."
        )
    return Printed(kind, tuple(codes), tuple(years), np.array(numbers), np.array(halves))


def read_rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file that are not blank, the header first. Raises StudyError naming the file."""
    if not path.is_file():
        raise StudyError(f"{path}: the file does not exist.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: not UTF-8. Save it as UTF-8.") from error
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise StudyError(f"{path}: there is nothing below the header line.")
    return rows


def printed_interval(text: str, where: str) -> tuple[float, float]:
    """A printed number and half a unit of its last digit; with % both are divided by 100."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise StudyError(
            f"{where} '{text}' is not a plain number. Write digits as printed, such as 0.120 or 12.0%."
        )
    number = Decimal(found[1])
    unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    scale = 100 if found[2] else 1
    return float(number / scale), float(unit / 2 / scale)


def _year(text: str, where: str) -> int:
    if not re.fullmatch(r"\d+", text):
        raise StudyError(f"{where}: year '{text}' is not a whole number.")
    return int(text)


def preset_names(path: Path, words: RecipeWords) -> dict[tuple[str, ...], Label]:
    """What a study's def_specs.csv calls its single specifications, by their options; empty without such a file."""
    if not path.is_file():
        return {}
    header, *lines = read_rows(path)
    rows = [dict(zip(header, line, strict=False)) for line in lines]
    found = {}
    for row in rows:
        options = tuple(_option(name, row.get(name, "")) for name in words.choices)
        if not any("|" in option or option == EACH for option in options):
            code = row["spec_code"]
            found[options] = Label(row.get("name_zh") or code, row.get("name_en") or code)
    return found


def _option(name: str, value: Any) -> str:
    """An option as one text, whether read from a file or from a mart."""
    if name == "shift":
        try:
            return f"{float(value):g}"
        except ValueError:  # a design, such as 0|0.01
            return str(value)
    return str(value).strip() or "none"


def diagnose(
    database: Path,
    printed: Printed,
    path: Path,
    index: str | None,
    names: Mapping[tuple[str, ...], Label] | None = None,
) -> Diagnosis:
    """Compare a printed list with every valid specification in a database; ``names`` of some, by their options, stand in
    for those of the database.

    Raises StudyError if the database has no multiverse, or the list names what the study does not know.
    """
    known = read_frames(
        database,
        {
            "specs": "select * from marts.specs order by spec_code",
            "indicators": "select index_code, indicator_code, name_zh, name_en from marts.indicators order by all",
            "entities": "select entity_code, name_zh, name_en from marts.entities order by all",
            "rows": "select distinct index_code, year from marts.spec_scores order by all",
            "options": RECIPE_OPTIONS,
        },
    )
    code = _index(index, list(dict.fromkeys(known["rows"]["index_code"])))
    years = [int(year) for year in known["rows"].loc[known["rows"]["index_code"] == code, "year"]]
    things = known["entities"]
    if printed.kind == "weight":
        things = known["indicators"][known["indicators"]["index_code"] == code].drop(columns="index_code")
    asked = _resolved(printed, things, years, path)
    query = (WEIGHTS if printed.kind == "weight" else SCORES).format(index=code)
    found = read_frames(database, {"numbers": query}, {"printed": asked.frame()})["numbers"]
    words = recipe_words(known["options"].to_dict("records"))
    specs = _named(known["specs"], names or {}, words)
    return Diagnosis(
        words,
        asked,
        code,
        specs.loc[specs["is_valid"], "same_as"].nunique(),
        _candidates(asked, found, specs, words),
    )


def _named(specs: pd.DataFrame, names: Mapping[tuple[str, ...], Label], words: RecipeWords) -> pd.DataFrame:
    """The specifications with the given names; one that has such a name counts as a preset."""
    if not names:
        return specs
    rows = specs.to_dict("records")
    for row in rows:
        known = names.get(tuple(_option(option, row[option]) for option in words.choices))
        if known is not None:
            row |= {"name_zh": known.zh, "name_en": known.en, "is_preset": not row["is_baseline"]}
    return pd.DataFrame(rows, columns=specs.columns)


def _index(wanted: str | None, known: Sequence[str]) -> str:
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted is None or wanted not in known:
        asked = f"there is no composite index '{wanted}'" if wanted else "the study has several indices"
        raise StudyError(f"{asked}. Name one with --index: {', '.join(known)}.")
    return wanted


def _resolved(printed: Printed, things: pd.DataFrame, years: Sequence[int], path: Path) -> Printed:
    """The list with codes for names, and the year filled in where there is only one."""
    key, name_zh, name_en = things.columns
    codes: dict[str, str] = {}
    for column in (name_en, name_zh, key):  # a code wins over a name
        codes |= dict(zip(things[column], things[key], strict=True))
    unknown = [code for code in printed.codes if code not in codes]
    if unknown:
        known = ", ".join(things[key].head(12)) + (", ..." if len(things) > 12 else "")
        raise StudyError(f"{path}: {key} '{unknown[0]}' is not known. Known: {known}.")
    filled = printed.years
    if printed.kind == "score" and None in filled:
        if len(years) > 1:
            raise StudyError(
                f"{path}: the scores cover {min(years)} to {max(years)}. Add a column year that says which year each is of."
            )
        filled = tuple(years[0] for _ in filled)
    absent = next((year for year in filled if year is not None and year not in years), None)
    if absent is not None:
        raise StudyError(
            f"{path}: year {absent} is not in the study, which has {min(years)} to {max(years)}."
        )
    return Printed(
        printed.kind, tuple(codes[code] for code in printed.codes), filled, printed.numbers, printed.halves
    )


def _candidates(
    printed: Printed, found: pd.DataFrame, specs: pd.DataFrame, words: RecipeWords
) -> pd.DataFrame:
    """Every specification, form and scale with how near it comes, best first."""
    wide = found.pivot(index=["form", "spec_code", "pool_code"], columns="position", values="number")
    wide = wide[wide.notna().all(axis=1)] if len(wide.columns) == len(printed.codes) else wide.iloc[:0]
    computed = wide.to_numpy(float)
    ranks = _ranks(printed.numbers[None, :])
    parts = []
    for scale in SCALES:
        gaps = np.abs(scale * computed - printed.numbers)
        inside = gaps <= printed.halves * (1 + SLACK)
        part = wide.index.to_frame(index=False)
        part["scale"] = scale
        part["agreeing"] = inside.sum(axis=1)
        part["reproduces"] = inside.all(axis=1)
        part["max_difference"] = gaps.max(axis=1)
        part["spearman"] = _correlations(_ranks(computed), ranks)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    exact = np.floor(-np.log10(np.maximum(2 * table["max_difference"], 1e-300)))
    table["digits"] = np.where(
        table["reproduces"], printed.decimals, np.minimum(exact, printed.decimals)
    ).astype(int)
    names = ["spec_code", "name_zh", "name_en", "is_baseline", "is_preset", "is_wrong", *words.choices]
    table = table.merge(specs[names], on="spec_code")
    # a few numbers agree with any list by chance: below one half their count says nothing
    table["counted"] = table["agreeing"].where(2 * table["agreeing"] >= len(printed.codes), 0)
    table["gap"] = table["max_difference"].where(~table["reproduces"], 0.0)
    falling = ("reproduces", "counted", "is_preset", "is_baseline")
    order = [
        "reproduces",
        "counted",
        "gap",
        "is_wrong",
        "is_preset",
        "is_baseline",
        "shift",
        "scale",
        "spec_code",
        "pool_code",
    ]
    table = table.sort_values(order, ascending=[name not in falling for name in order], kind="stable")
    # one scale per specification: that which comes nearer
    table = table.drop_duplicates(["form", "spec_code", "pool_code"]).drop(columns=["counted", "gap"])
    table["made_by"] = [made_by(row, words).en for row in table.to_dict("records")]
    return table.reset_index(drop=True)


def _ranks(rows: Floats) -> Floats:
    # equal numbers may differ in their last bits: ranks are taken of twelve digits
    return np.asarray(rankdata(np.round(rows, 12), axis=1))


def _correlations(rows: Floats, one: Floats) -> Floats:
    """The correlation of each row with one; NaN where a row does not vary."""
    left, right = rows - rows.mean(axis=1, keepdims=True), one - one.mean()
    with np.errstate(invalid="ignore"):
        return np.asarray((left @ right.T)[:, 0] / np.sqrt((left**2).sum(axis=1) * (right**2).sum()))


# ---------------------------------------------------------------------------------------------------- words


def answer(diagnosis: Diagnosis, top: int) -> str:
    """What was found, in words: the best candidates, then the answer in English and Chinese."""
    printed, table = diagnosis.printed, diagnosis.candidates
    lines = [
        f"{len(printed.codes)} printed {printed.kind}s of index {diagnosis.index}, up to {printed.decimals} decimals, against "
        f"{diagnosis.specifications} specifications:"
    ]
    head = ("", "agree", "decimals", "max difference", "Spearman", "specification")
    rows = [head]
    shown = table.drop_duplicates("made_by").head(max(top, 1))
    for place, row in enumerate(shown.to_dict("records"), start=1):
        rows.append(
            (
                f"{place}", f"{row['agreeing']}/{len(printed.codes)}", f"{row['digits']}", f"{row['max_difference']:.2g}",
                f"{row['spearman']:.4f}", told(row, diagnosis.words).en,
            )
        )  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(head) - 1)]
    for row in rows:
        lines.append("  " + "  ".join([*(f"{c:>{w}}" for c, w in zip(row, widths, strict=False)), row[-1]]))
    verdict = _verdict(diagnosis)
    return "\n".join([*lines, verdict.en, verdict.zh]) + "\n"


def told(row: Mapping[str, Any], words: RecipeWords) -> Label:
    """A candidate in words: what it is called and what made its numbers."""
    wrong = Label("（错误做法）", " (a wrong recipe)") if row["is_wrong"] else Label("", "")
    name = name_of(row) if is_named(row) else Label.both(str(row["spec_code"]))
    made = made_by(row, words)
    return Label(f"{name.zh}{wrong.zh}（{made.zh}）", f"{name.en}{wrong.en} ({made.en})")


def is_named(row: Mapping[str, Any]) -> bool:
    """Whether a candidate is the baseline or a preset, which have names."""
    return bool(row["is_baseline"] or row["is_preset"])


def made_by(row: Mapping[str, Any], words: RecipeWords) -> Label:
    """The options that made the numbers of a candidate, in the words of def_specs.csv, and their form and scale."""
    used: list[Label] = []
    for name in words.choices if row["form"] == "score" else words.weight_choices:
        text = _option(name, row[name])
        if name == "divisor" and row["weighting"] not in ("entropy", "entropy_critic"):
            continue
        if name == "ideal" and "topsis" not in str(row["aggregation"]):
            continue
        if name in ("shift", "left_out"):
            if text != words.default(name):
                label = Label("平移", "shift") if name == "shift" else Label("剔除", "without")
                used.append(Label(f"{label.zh} {text}", f"{label.en} {text}"))
            continue
        used.append(Label.both(text))
    if year := row["pool_code"]:
        used.append(Label(f"{year} 年的权重", f"weights of {year}"))
    if row["form"] in ("raw", "proportion"):
        used.append(FORMS[row["form"]])
    if row["scale"] != 1:
        used.append(Label(f"乘以 {row['scale']}", f"times {row['scale']}"))
    return Label("，".join(one.zh for one in used), ", ".join(one.en for one in used))


def _verdict(diagnosis: Diagnosis) -> Label:
    printed, found, table = diagnosis.printed, diagnosis.reproducing, diagnosis.candidates
    count, decimals = len(printed.codes), printed.decimals
    if table.empty:
        return Label(
            "答案：没有一种设定具有这张表的全部项目，因此无法再现。",
            "Answer: none reproduces them: no specification has all the items of this list.",
        )
    if found.empty:
        near = table.iloc[0].to_dict()
        name = told(near, diagnosis.words)
        return Label(
            f"答案：{diagnosis.specifications} 种设定中没有一种能再现这些印刷数字。最接近的是 {name.zh}：{count} 个中 "
            f"{near['agreeing']} 个相符，最大差异 {near['max_difference']:.2g}。",
            f"Answer: none of the {diagnosis.specifications} specifications reproduces them. The nearest is {name.en}: "
            f"{near['agreeing']} of {count} agree, the largest difference is {near['max_difference']:.2g}.",
        )
    best = told(found.iloc[0].to_dict(), diagnosis.words)
    others = found["made_by"].nunique() - 1
    names = [name_of(row) for row in found.to_dict("records") if is_named(row)]
    names = [name for name in dict.fromkeys(names) if not best.en.startswith(name.en)]
    also = Label(f"；另有 {others} 种做法同样可以", f"; so do {others} more") if others else Label("", "")
    if names:
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        also = Label(
            f"{also.zh}{'，其中有' if others else '；同样的数字：'}{zh}",
            f"{also.en}{', among them ' if others else '; the same numbers: '}{en}",
        )
    if printed.kind == "weight":
        also = Label(
            f"{also.zh}。权重本身不能说明得分如何合成",
            f"{also.en}. Weights alone do not tell how the score is made",
        )
    return Label(
        f"答案：{best.zh}再现全部 {count} 个印刷数字，至 {decimals} 位小数{also.zh}。",
        f"Answer: {best.en} reproduces all {count} printed numbers to {decimals} decimals{also.en}.",
    )
