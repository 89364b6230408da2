"""More series and years for a study that is there: each figure is new, equal, revised or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nqp.studying.decisions import Decision, code_of, draft
from nqp.studying.drafting import series_row
from nqp.studying.files import Sheet, Study
from nqp.studying.gathering import Gathered, facts_of
from nqp.studying.layout import OBSERVATIONS


@dataclass(frozen=True)
class Change:
    """One figure of the files beside the study: ``verdict`` is new, equal, revised or refused."""

    verdict: str
    entity: str
    year: str
    series: str
    old: str
    value: str
    note: str
    why: str = ""


@dataclass(frozen=True)
class Addition:
    """What the files bring: every figure with its verdict, the series that are new, and the study with them."""

    changes: tuple[Change, ...]
    new_series: tuple[Decision, ...]
    study: Study


def add_figures(
    study: Study, gathered: Gathered, known_as: Mapping[str, str], source: str, *, revise: bool
) -> Addition:
    """Lay the figures beside those of the study; without ``revise`` a differing figure leaves the old one.

    ``known_as``: the code of a series by a name under which files gave it.
    """
    names = {**_names(study), **known_as}
    codes = {row["series_code"] for row in study.records("def_series")}
    codes |= {row["series_code"] for row in study.records("def_derived_series")}
    fresh = [facts for facts in facts_of(gathered, source) if facts.name not in names]
    new_series = []
    for decision in draft(fresh) if fresh else []:
        code = code_of(decision.series, codes)
        codes.add(code)
        names[decision.series] = code
        new_series.append(_renamed(decision, code))
    entities = {row["entity_code"] for row in study.records("def_entities")}
    derived = {row["series_code"] for row in study.records("def_derived_series")}
    data = study.sheets[OBSERVATIONS]
    places = {(row["entity_code"], row["year"], row["series_code"]): number for number, row in enumerate(study.records(OBSERVATIONS))}  # fmt: skip
    rows = [list(row) for row in data.rows]
    value_at, note_at = (
        data.header.index("observed_value"),
        data.header.index("note") if "note" in data.header else -1,
    )
    changes = []
    for figure in gathered.figures.itertuples(index=False):
        code = names[figure.series_name]
        key = (str(figure.entity_code), str(figure.year), code)
        old = rows[places[key]][value_at].strip() if key in places else ""
        why = ""
        if key[0] not in entities:
            verdict, why = "refused", "the entity is not in def_entities.csv"
        elif code in derived:
            verdict, why = "refused", "the series is derived from others"
        elif not old:
            verdict = "new"
        elif _equal(old, figure.value):
            verdict = "equal"
        else:
            verdict = "revised"
        changes.append(Change(verdict, *key, old, figure.value, figure.note, why))
        if verdict == "new" or (verdict == "revised" and revise):
            if key in places:
                rows[places[key]][value_at] = figure.value
                if note_at >= 0:
                    rows[places[key]][note_at] = figure.note
            else:
                record = dict(zip(("entity_code", "year", "series_code"), key, strict=True))
                record |= {"observed_value": figure.value, "note": figure.note}
                rows.append([record.get(name, "") for name in data.header])
    used = {change.series for change in changes if change.verdict == "new"}
    kept = tuple(decision for decision in new_series if decision.code in used)
    series = study.sheets["def_series"]
    header = tuple(dict.fromkeys((*series.header, "unit_zh", "source_zh"))) if kept else series.header
    sheets = {
        **study.sheets,
        OBSERVATIONS: Sheet(data.header, tuple(tuple(row) for row in rows)),
        "def_series": Sheet.of(header, [*series.records(), *[series_row(decision) for decision in kept]]),
    }
    return Addition(tuple(changes), kept, Study(sheets, study.specification, study.others))


def _names(study: Study) -> dict[str, str]:
    return {
        row[column]: row["series_code"]
        for name in ("def_derived_series", "def_series")
        for row in study.records(name)
        for column in ("name_zh", "name_en", "series_code")
        if row.get(column)
    }


def _renamed(decision: Decision, code: str) -> Decision:
    from dataclasses import replace

    return replace(decision, code=code, use="reference")


def _equal(old: str, new: str) -> bool:
    try:
        return float(old) == float(new)
    except ValueError:
        return False


def counts(changes: Sequence[Change]) -> dict[str, int]:
    """How many figures have each verdict."""
    return {verdict: sum(change.verdict == verdict for change in changes) for verdict in ("new", "equal", "revised", "refused")}  # fmt: skip
