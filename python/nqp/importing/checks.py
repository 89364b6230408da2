"""What all figures together must satisfy: one figure per cell of the panel, one unit per series, no jump of powers of ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nqp.errors import StudyError
from nqp.importing.figures import LogLine, Question
from nqp.language.labels import Label

if TYPE_CHECKING:
    import pandas as pd

FACTORS = (10, 100, 10_000)
NEAR = 2.0  # a ratio within a factor of 2 of a power of ten is named


def without_repeats(figures: pd.DataFrame, log: list[LogLine]) -> pd.DataFrame:
    """Keep one of several equal figures of a key, and say so.

    Raises `StudyError` where two figures of one entity, year and series differ, naming both places.
    """
    import pandas as pd

    keyed = figures["entity_code"].notna() & figures["year"].notna()
    codes = [pd.factorize(figures[c])[0] for c in ("entity_code", "year", "series_name", "unit")]
    key = codes[0].astype("int64")
    for other in codes[1:]:
        key = key * (int(other.max(initial=0)) + 2) + other
    keys = pd.Series(key, index=figures.index)
    again = keys.duplicated(keep=False) & keyed
    if not again.any():
        return figures
    drop = []
    for _, group in figures[again].groupby(keys[again], sort=False):
        filled = group[group["value"].notna()]
        distinct = {_number(v) for v in filled["value"]}
        if len(distinct) > 1:
            first = filled.iloc[0]
            other = next(
                r for r in filled.itertuples(index=False) if _number(r.value) != _number(first["value"])
            )
            raise StudyError(
                f"{first['series_name']}, {first['entity_name']}, {first['year']}: two figures, {first['value']} "
                f"({_place(first)}) and {other.value} ({_place(other)}). Leave one out, or name the series differently."
            )
        keep = (filled if len(filled) else group).index[0]
        for at in group.index:
            if at != keep:
                row = figures.loc[at]
                drop.append(at)
                log.append(
                    LogLine(
                        row["file"],
                        row["sheet"],
                        str(row["row"]),
                        row["column"],
                        "duplicate",
                        row["value"] or "",
                        "",
                    )
                )
    return figures.drop(index=drop).reset_index(drop=True)


def _number(text: str) -> Any:
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _place(row: Any) -> str:
    get = row.get if hasattr(row, "get") else lambda k: getattr(row, k)
    sheet = f", sheet {get('sheet')}" if get("sheet") else ""
    return f"{get('file')}{sheet}, row {get('row')}, column {get('column')}"


def name_by_unit(frame: pd.DataFrame, log: list[LogLine]) -> pd.DataFrame:
    """The figures of one table, where a series with two figures of one entity and year in two units is two series.

    Only where the units lie side by side: a unit that changes from one year to the next is a question.
    """
    units = frame.drop_duplicates(["series_name", "unit"])
    doubtful = units["series_name"][units["series_name"].duplicated()]
    if doubtful.empty:
        return frame
    among = frame[frame["series_name"].isin(doubtful) & (frame["unit"] != "")]
    key = ["series_name", "entity_name", "year"]
    side_by_side = among[among.groupby(key, dropna=False)["unit"].transform("nunique") > 1][
        "series_name"
    ].unique()
    named = frame["series_name"].isin(side_by_side) & (frame["unit"] != "")
    before = frame["series_name"][named]
    frame.loc[named, "series_name"] = before + " (" + frame["unit"][named] + ")"
    for row in frame[named].drop_duplicates("series_name").itertuples(index=False):
        name = str(row.series_name).removesuffix(f" ({row.unit})")
        log.append(LogLine(row.file, row.sheet, str(row.row), "", "unit_in_name", name, row.series_name))
    return frame


def units_agree(figures: pd.DataFrame) -> list[Question]:
    """A question for every series that comes with two units; a blank unit takes no part."""
    known = figures[["series_name", "unit", "file", "sheet"]].drop_duplicates()
    known = known[known["unit"] != ""]
    questions = []
    for name, group in known.groupby("series_name", sort=False):
        units = list(dict.fromkeys(group["unit"]))
        if len(units) > 1:
            places = "; ".join(f"{u}: {group[group['unit'] == u]['file'].iloc[0]}" for u in units)
            questions.append(
                Question(
                    "unit",
                    str(group["file"].iloc[0]),
                    str(group["sheet"].iloc[0]),
                    Label(
                        f"“{name}”有不同的单位（{places}），不能合为一个序列。",
                        f"{name} comes in different units ({places}): they are not one series.",
                    ),
                    units[0],
                    "unit",
                )
            )
    return questions


def jumps(figures: pd.DataFrame) -> list[Question]:
    """A warning for every series that jumps by about 10, 100 or 10 000 between neighbouring years of an entity.

    Named are years in which the median entity jumps so, and single jumps far beyond what is usual in the series:
    more than 8 times its median change, in a series that usually changes by less than half.
    """
    import numpy as np
    import pandas as pd

    data = figures[figures["entity_code"].notna() & figures["year"].notna() & figures["value"].notna()]
    years, distinct = pd.factorize(data["year"])
    year = pd.Series(pd.to_numeric(pd.Series(distinct), errors="coerce").to_numpy()[years], index=data.index)
    value = pd.to_numeric(data["value"], errors="coerce")
    keep = (year.notna() & value.notna() & (value != 0)).to_numpy()
    if not keep.any():
        return []
    frame = pd.DataFrame(
        {
            "series": pd.factorize(data["series_name"][keep])[0],
            "entity": pd.factorize(data["entity_code"][keep])[0],
            "year": year[keep].to_numpy(),
            "value": value[keep].to_numpy(dtype=float),
            "at": np.flatnonzero(keep),
        }
    ).sort_values(["series", "entity", "year"], kind="stable", ignore_index=True)
    pairs = pd.DataFrame(
        {
            "series": frame["series"],
            "year": frame["year"],
            "before": frame["at"].shift(1),
            "at": frame["at"],
            "change": np.log(np.abs(frame["value"] / frame["value"].shift(1))),
        }
    )[(frame["series"] == frame["series"].shift(1)) & (frame["entity"] == frame["entity"].shift(1))]
    size = pairs["change"].abs()
    usual = size.groupby(pairs["series"]).transform("median")
    by_year = pairs.groupby(["series", "year"])["change"].transform("median").abs()
    many = pairs.groupby(["series", "year"])["change"].transform("size") >= 3
    near = pd.Series(False, index=pairs.index)
    near_year = near.copy()
    for factor in FACTORS:
        low, high = np.log(factor / NEAR), np.log(factor * NEAR)
        near |= size.between(low, high)
        near_year |= by_year.between(low, high)
    hits = pairs[near & ((near_year & many) | ((size > 8 * usual) & (usual < np.log(1.5))))]
    questions = []
    for _, group in hits.groupby("series", sort=True):
        said: list[str] = []
        factors: set[int] = set()
        for hit in group.itertuples(index=False):
            factors.add(min(FACTORS, key=lambda f: abs(np.log(f) - abs(hit.change))))
            if len(said) < 3:
                row, before = data.iloc[int(hit.at)], data.iloc[int(hit.before)]
                said.append(
                    f"{row['entity_name']} {before['year']} {before['value']} → {row['year']} {row['value']}"
                )
        first = data.iloc[int(group["at"].iloc[0])]
        few = "; ".join(said) + (" …" if len(group) > 3 else "")
        size_ = ", ".join(str(f) for f in sorted(factors))
        questions.append(
            Question(
                "jump",
                str(first["file"]),
                str(first["sheet"]),
                Label(
                    f"“{first['series_name']}”相邻年份约差 {size_} 倍，共 {len(group)} 处：{few}。请核对单位和口径。",
                    f"{first['series_name']} jumps by about {size_} between neighbouring years in {len(group)} places: {few}. "
                    "Check units and definitions.",
                ),
                blocking=False,
            )
        )
    return questions
