"""A printed list against every specification of an index: which of them give the printed digits?

A specification reproduces a list when every one of its numbers falls into the interval of the printed one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from nqp.diagnosis.printed import PrintedList
from nqp.diagnosis.recipes import made_by, option_text
from nqp.errors import StudyError
from nqp.language.labels import Label
from nqp.study.database import read_frames
from nqp.study.marts import RECIPE_OPTIONS
from nqp.study.recipes import RecipeWords, recipe_words

if TYPE_CHECKING:
    from nqp.econometrics.equation import Floats

SLACK = 1e-9  # of a printed unit: a number on the edge of an interval lies in it
SCALES = (1, 100)
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
        case when rescaling = 'none' then 0 else cast(split_part(rescaling, '-', 1) as double) end as low,
        case when rescaling = 'none' then 1 else cast(split_part(rescaling, '-', 2) as double) end as high,
        shift,
        pool,
        row_number() over (
            partition by
                normalization, rescaling, shift, entropy_shift, pool, weighting, divisor, left_out, is_wrong
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
        spec_weights.weight
        * (low + (high - low) * indicator_values.normalized_value + weightings.shift)
        / nullif(
            (high - low) * indicator_sums.sum_of_values + (low + weightings.shift) * indicator_sums.entity_years, 0
        ) as proportion_part
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
class Diagnosis:
    """``candidates``: one row per specification and form, best first, with reproduces (bool), agreeing (how many numbers),
    digits (decimals to which all agree; negative: tens), max_difference, spearman, made_by, and the options.
    """

    words: RecipeWords
    printed: PrintedList
    index: str
    specifications: int
    candidates: pd.DataFrame

    @property
    def reproducing(self) -> pd.DataFrame:
        """The candidates that give every printed digit."""
        return self.candidates[self.candidates["reproduces"]]


def diagnose(
    database: Path,
    printed: PrintedList,
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
    resolved = _resolved(printed, things, years, path)
    query = (WEIGHTS if printed.kind == "weight" else SCORES).format(index=code)
    found = read_frames(database, {"numbers": query}, {"printed": resolved.frame()})["numbers"]
    words = recipe_words(known["options"].to_dict("records"))
    specs = _named(known["specs"], names or {}, words)
    return Diagnosis(
        words,
        resolved,
        code,
        specs.loc[specs["is_valid"], "same_as"].nunique(),
        _candidates(resolved, found, specs, words),
    )


def _named(specs: pd.DataFrame, names: Mapping[tuple[str, ...], Label], words: RecipeWords) -> pd.DataFrame:
    """The specifications with the given names; one that has such a name counts as a preset."""
    if not names:
        return specs
    rows = specs.to_dict("records")
    for row in rows:
        known = names.get(tuple(option_text(option, row[option]) for option in words.choices))
        if known is not None:
            row |= {"name_zh": known.zh, "name_en": known.en, "is_preset": not row["is_baseline"]}
    return pd.DataFrame(rows, columns=specs.columns)


def _index(wanted: str | None, known: Sequence[str]) -> str:
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted is None or wanted not in known:
        problem = f"there is no composite index '{wanted}'" if wanted else "the study has several indices"
        raise StudyError(f"{problem}. Name one with --index: {', '.join(known)}.")
    return wanted


def _resolved(printed: PrintedList, things: pd.DataFrame, years: Sequence[int], path: Path) -> PrintedList:
    """The list with codes for names, and the year filled in where there is only one."""
    key, name_zh, name_en = things.columns
    codes: dict[str, str] = {}
    for column in (name_en, name_zh, key):  # a code wins over a name
        codes |= dict(zip(things[column], things[key], strict=True))
    for name in printed.codes:
        # a name of several is followed by the code of each (macros/study_files/distinct_name.sql)
        several = [code for code in things[key] if name not in codes and f"{name} ({code})" in codes]
        if several:
            raise StudyError(
                f"{path}: '{name}' is the name of several: {', '.join(several)}. Write the code in place of the name."
            )
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
    return PrintedList(
        printed.kind, tuple(codes[code] for code in printed.codes), filled, printed.numbers, printed.halves
    )


def _candidates(
    printed: PrintedList, found: pd.DataFrame, specs: pd.DataFrame, words: RecipeWords
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
