"""The published numbers beside ours, cell by cell, and the verdicts on the hypotheses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pandas as pd

from nqp.errors import StudyError, did_you_mean
from nqp.language.labels import NOTHING, Label
from nqp.study.specification import DescriptiveTable
from nqp.study.style import STATISTICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nqp.econometrics.equation import Dropped
    from nqp.estimates.regressions import Estimates
    from nqp.study.marts import Marts
    from nqp.study.specification import Hypothesis, Specification

PRINTED_KEY = ("table_code", "panel_code", "model_code", "equation", "term", "statistic")
DESCRIPTIVES = (
    ("obs", "observations"),
    ("mean", "mean"),
    ("std_dev", "std_dev"),
    ("min", "min"),
    ("max", "max"),
)


@dataclass(frozen=True)
class ComparedCell:
    """One printed number and ours.

    ``ours`` is under the covariance the tables are printed with, ``ours_iid`` under iid errors (the same number
    where the covariance does not matter). ``agrees`` says whether ours, rounded to the printed digits, is the
    printed number under either of them; None where one of the two does not exist.
    """

    table_code: str
    panel_code: str
    model_code: str
    equation: str
    term: str
    statistic: str
    printed: str
    ours: float | None
    ours_iid: float | None
    why: Label = NOTHING

    @property
    def printed_number(self) -> float | None:
        """The printed digits as a number."""
        number = _decimal(self.printed)
        return None if number is None else float(number)

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        number = _decimal(self.printed)
        return 0 if number is None else max(0, -int(number.as_tuple().exponent))

    @property
    def difference(self) -> float | None:
        """Ours minus printed."""
        if self.ours is None or self.printed_number is None:
            return None
        return self.ours - self.printed_number

    @property
    def agrees(self) -> bool | None:
        """Whether ours is the printed number at the printed digits."""
        if self.printed_number is None or self.ours is None:
            return None
        half = 0.5000001 * 10.0**-self.decimals
        candidates = [value for value in (self.ours, self.ours_iid) if value is not None]
        return any(abs(value - self.printed_number) <= half for value in candidates)

    def row(self) -> dict[str, Any]:
        """The cell as a row of ``estimates.comparison``."""
        return {
            **{key: getattr(self, key) for key in PRINTED_KEY},
            "printed": self.printed,
            "ours": self.ours,
            "ours_iid": self.ours_iid,
            "difference": self.difference,
            "agrees": self.agrees,
            "why_zh": self.why.zh,
            "why_en": self.why.en,
        }


@dataclass(frozen=True)
class Verdict:
    """What the estimate says about a hypothesis."""

    hypothesis: Hypothesis
    estimate: float
    std_error: float
    p_value: float
    p_wild: float
    stars: str
    verdict: str
    label: Label
    p_holm: float = float("nan")
    p_romano_wolf: float = float("nan")


VERDICTS = {
    "supported": Label("相关，方向相符", "associated, in the direction stated"),
    "fragile": Label(
        "聚类 t 检验下相关，CR2 或野聚类自助法下不能确认",
        "associated by the clustered t test, not by CR2 or the wild bootstrap",
    ),
    "not significant": Label(
        "未见相关：方向相符，但不能拒绝系数为零",
        "no association established: sign as stated, not significant",
    ),
    "contrary, not significant": Label(
        "未见相关：方向相反，且不显著", "no association established: opposite sign, not significant"
    ),
    "contradicted": Label("相关，方向相反", "associated, in the opposite direction"),
}


def verdicts_on(hypotheses: Iterable[Hypothesis], estimates: Estimates) -> list[Verdict]:
    """The verdict on each hypothesis whose column was estimated, at its own level, two-sided."""
    verdicts = []
    for hypothesis in hypotheses:
        row = estimates.coefficient(hypothesis.address)
        if row is None:
            address = hypothesis.address
            equation = estimates.equation(address.table, address.panel, address.model)
            if equation is not None:  # its column was estimated without the term
                verdicts.append(_not_estimated(hypothesis, equation.fit.dropped))
            continue
        as_expected = (row["estimate"] > 0) == (hypothesis.sign == "positive")
        significant = row["p_value"] < hypothesis.level
        # NaN, where a method was not run, is not above the level.
        doubted = row["p_cr2"] >= hypothesis.level or row["p_wild"] >= hypothesis.level
        verdict = (
            (("fragile" if doubted else "supported") if significant else "not significant")
            if as_expected
            else ("contradicted" if significant else "contrary, not significant")
        )
        verdicts.append(
            Verdict(
                hypothesis,
                row["estimate"],
                row["std_error"],
                row["p_value"],
                row["p_wild"],
                row["stars"],
                verdict,
                VERDICTS[verdict],
            )
        )
    return verdicts


def comparison_frame(cells: Iterable[ComparedCell]) -> pd.DataFrame:
    """One row per printed cell: the table ``estimates.comparison``."""
    columns = [*PRINTED_KEY, "printed", "ours", "ours_iid", "difference", "agrees", "why_zh", "why_en"]
    return pd.DataFrame([cell.row() for cell in cells], columns=columns)


def verdict_frame(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """One row per hypothesis: the table ``estimates.hypotheses``."""
    numbers = ["estimate", "std_error", "p_value", "p_wild", "p_holm", "p_romano_wolf", "verdict"]
    rows = [
        {"hypothesis": one.hypothesis.code, **{name: getattr(one, name) for name in numbers}}
        for one in verdicts
    ]
    return pd.DataFrame(rows, columns=["hypothesis", *numbers])


def _not_estimated(hypothesis: Hypothesis, dropped: Sequence[Dropped]) -> Verdict:
    """The verdict on a term that its column dropped: none, and why."""
    reason = next((one for one in dropped if one.term == hypothesis.address.term), None)
    label = Label(
        f"无法检验：{reason.reason_zh if reason else '该项不在列中'}",
        f"not tested: the term {reason.reason if reason else 'is not in the column'}",
    )
    nothing = float("nan")
    return Verdict(hypothesis, nothing, nothing, nothing, nothing, "", "not estimated", label)


def compare(
    marts: Marts, estimates: Estimates, iid: Estimates, descriptive_tables: Sequence[DescriptiveTable]
) -> list[ComparedCell]:
    """Every printed cell that has a counterpart among what was estimated, in the order of the tables."""
    explanations = marts.published_explanations.fillna("").to_dict("records")
    cells: list[ComparedCell] = []

    def add(printed: Any, ours: Any, ours_iid: Any, **key: str) -> None:
        text = _text(printed)
        if not text:
            return
        full = {name: key.get(name, "") for name in PRINTED_KEY}
        cell = ComparedCell(
            full["table_code"],
            full["panel_code"],
            full["model_code"],
            full["equation"],
            full["term"],
            full["statistic"],
            printed=text,
            ours=_number(ours),
            ours_iid=_number(ours_iid),
        )
        cells.append(cell if cell.agrees else replace(cell, why=_explanation(explanations, full)))

    described = marts.descriptive_statistics.set_index("variable_code")
    for table in descriptive_tables:
        for variable, source in printed_rows(marts, table):
            for printed_name, our_name in DESCRIPTIVES:
                ours = described.at[variable, our_name]
                add(
                    source[printed_name], ours, ours, table_code=table.code, term=variable, statistic=our_name
                )

    equation_key = ("table_code", "panel_code", "model_code", "equation", "term")
    under_iid = {
        tuple(row[name] for name in equation_key): row for row in iid.coefficients.to_dict("records")
    }
    printed_coefficients = _by_key(
        marts.published_coefficients, "table_code", "model_code", "equation", "term"
    )
    for ours in estimates.coefficients.to_dict("records"):
        key = {name: ours[name] for name in equation_key}
        other = under_iid[tuple(key.values())]
        printed_key = (ours["table_code"], ours["model_code"], ours["equation"], ours["term"])
        for row in printed_coefficients.get(printed_key, ()):
            for name in ("estimate", "std_error"):
                add(row[name], ours[name], other[name], **key, statistic=name)
            add(row["finding"], None, None, **key, statistic="finding")

    printed_statistics = _by_key(marts.published_statistics, "table_code", "model_code", "statistic")
    for (table_code, panel_code, model_code, statistic), value in estimates.statistics_by_key().items():
        for row in printed_statistics.get((table_code, model_code, statistic), ()):
            add(
                row["printed_value"],
                value,
                value,
                table_code=table_code,
                panel_code=panel_code,
                model_code=model_code,
                equation="main",
                statistic=statistic,
            )
    columns = list(dict.fromkeys((c.table_code, c.panel_code, c.model_code) for c in cells))
    return sorted(cells, key=lambda c: columns.index((c.table_code, c.panel_code, c.model_code)))


# What a printed table says of itself beside numbers: the audit reads it, no estimate stands beside it (docs/audit.md).
CLAIMS = frozenset({
    "effects", "n_controls", "n_entities", "n_years", "n_clusters", "n_instruments", "n_endogenous", "n_lags", "se_type",
    "star_levels", "outcome", "same_as", "part_of", "sum_of", "share", "share_of", "finding", "stock_yogo_10", "stock_yogo_15", "stock_yogo_20",
    "stock_yogo_25",
})  # fmt: skip


def rows_without_counterpart(
    marts: Marts, estimates: Estimates, cells: Sequence[ComparedCell], specification: Specification
) -> list[str]:
    """The rows of the pub_ files that stand beside nothing in this run, as file and key, to be named.

    A code that is nearly one of ours is taken for a slip: raises StudyError with the nearest one. Any other row may be
    about what the study does not estimate; the audit reads it all the same.
    """
    columns = {
        (panel.code, model.code)
        for table in specification.regression_tables
        for panel in table.panels
        for model in panel.models
    }
    described = {str(code) for code in marts.descriptive_statistics["variable_code"]}
    known = {
        "table_code": {table.code for table in specification.tables},
        "panel_code": {panel for panel, _ in columns},
        "model_code": {model for _, model in columns},
        "term": {str(term) for term in estimates.coefficients["term"]} | described,
        "statistic": {key[-1] for key in estimates.statistics_by_key()} | {name for pair in DESCRIPTIVES for name in pair}
        | {"estimate", "std_error", *STATISTICS} | CLAIMS,  # a study that estimates nothing may have them printed too
        "variable_code": described,
    }  # fmt: skip
    beside = {
        printed
        for table in specification.tables
        if isinstance(table, DescriptiveTable)
        for printed in table.beside.values()
    }
    found = []
    for name in ("coefficients", "statistics", "descriptives", "explanations"):
        for row in getattr(marts, f"published_{name}").fillna("").to_dict("records"):
            unknown = {
                key: row[key]
                for key in known
                if row.get(key) and row[key] not in known[key] and row[key] not in beside
            }
            for key, code in unknown.items():
                if near := did_you_mean(code, known[key]):
                    raise StudyError(f"pub_{name}.csv: {key} '{code}' is not known.{near}")
            if unknown or (name == "explanations" and not _explains(row, cells)):
                keys = [f"{key}={row[key]}" for key in known if row.get(key)]
                found.append(f"pub_{name}.csv: {', '.join(keys)}")
    return list(dict.fromkeys(found))


def _explains(row: Mapping[str, str], cells: Iterable[ComparedCell]) -> bool:
    """Whether a reason is about a cell that was compared."""
    stated = [key for key in PRINTED_KEY if row.get(key)]
    return any(all(getattr(cell, key) == row[key] for key in stated) for cell in cells)


def printed_rows(marts: Marts, table: DescriptiveTable) -> list[tuple[str, dict[str, Any]]]:
    """The variables of a descriptive table that have a printed row, their own or one set beside them."""
    published = {
        row["variable_code"]: row for row in marts.published_descriptives.fillna("").to_dict("records")
    }
    for printed in table.beside.values():
        if printed not in published:
            raise StudyError(
                f"specifications.toml: table '{table.code}', key 'beside': no printed row '{printed}'."
            )
    rows = [(variable, published.get(table.beside.get(variable, variable))) for variable in table.variables]
    return [(variable, row) for variable, row in rows if row is not None]


def _by_key(published: pd.DataFrame, *names: str) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Printed rows by their key; a blank equation is the main one."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in published.fillna("").to_dict("records"):
        row["equation"] = row.get("equation") or "main"
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


def _explanation(explanations: list[dict[str, Any]], key: dict[str, str]) -> Label:
    """The reason whose keys fit best; a blank cell of a reason fits everything."""
    best, best_fit = NOTHING, -1
    for row in explanations:
        stated = [name for name in PRINTED_KEY if row.get(name)]
        if len(stated) > best_fit and all(row[name] == key[name] for name in stated):
            best, best_fit = Label(row["why_zh"], row["why_en"]), len(stated)
    return best


# What tables print around a number: stars, brackets, and the wide forms of a Chinese keyboard.
_PLAIN = str.maketrans("−–（）［］，．０１２３４５６７８９＊", "--()[],.0123456789*")


def _decimal(text: str) -> Decimal | None:
    """The number in a printed cell; brackets and stars around it do not count."""
    try:
        return Decimal(text.translate(_PLAIN).strip("()[]* ").replace(",", ""))
    except InvalidOperation:
        return None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
