"""Cells to decimal text: which sign is the decimal sign, what a symbol means, what stands behind a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from nqp.errors import StudyError
from nqp.importing import reference
from nqp.importing.grids import Grid, clean, half_width, is_chinese

PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
MINUS = str.maketrans("−–﹣－‐‑", "------")
EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d{1,3}")
BODY = r"[-+]?\d[\d.,'’ \u00a0\u2009\u202f\u3000]*"
CELL = re.compile(
    rf"(?P<sign>[<>≈~约])?'?(?P<number>{BODY}|[-+]?[.,]\d+)(?P<percent>%)?(?P<rest>.*)", re.DOTALL
)
FLAG = re.compile(r"\s+\(?[A-Za-z]{1,3}\)?|\s*[①-⑳*†‡¹²³⁴-⁹]+|\s*\[[\da-zA-Z]{1,2}\]")
NEARLY = re.compile(r"[<>≈~约(（]?[-+]?\d[\d.,/oOlI]*\s*\S{0,2}")  # a figure with something wrong about it
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+)?|\d\d:\d\d:\d\d(?:\.\d+)?")
MARKED = re.compile(r"(?P<symbol>[^\w\s]+|n\.?a\.?)\s*(?P<flag>[a-z]{1,3}|[①-⑳*]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Value:
    """A cell as a figure: decimal text or None, a note, whether it was a percentage, and the steps taken."""

    text: str | None
    note: str = ""
    percent: bool = False
    steps: tuple[str, ...] = ()


class Signs:
    """The decimal sign of one table, from all its cells together.

    A sign is certain where only one reading is possible: ``1,234.5`` or ``12,34``. ``1.234`` and ``1,234`` leave it open,
    and both in one table, or certain cells that disagree, are refused.
    """

    def __init__(self, decimal: str | None, symbols: Mapping[str, str] | None) -> None:
        self.decimal = decimal
        self.symbols = reference.symbols() | {k.casefold(): v for k, v in (symbols or {}).items()}

    def settle(self, grid: Grid, texts: Any, where: Callable[[str], str]) -> None:
        """Decide the decimal sign of a table from its distinct cells; `where` names the place of one in words."""
        if self.decimal is not None:
            return
        point = comma = open_comma = open_point = ""
        small = False
        for text in texts:
            found = CELL.fullmatch(_plain(text))
            if not found or EXPONENT.fullmatch(_plain(text)):
                continue
            number = re.sub(r"['’ \u00a0\u2009\u202f\u3000+-]", "", found["number"]).rstrip(".,")
            if re.fullmatch(r"\d{1,3}", number):
                small = True
            if "," not in number and "." not in number:
                continue
            if re.fullmatch(r"[1-9]\d{0,2},\d{3}", number):
                open_comma = open_comma or text
            elif re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", number):
                open_point = open_point or text
            elif re.fullmatch(r"\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}|\d*\.\d+", number):
                point = point or text
            elif re.fullmatch(r"\d{1,3}(\.\d{3})+,\d*|\d{1,3}(\.\d{3}){2,}|\d*,\d+", number):
                comma = comma or text
        if point and comma:
            raise StudyError(
                f"{grid.file}: decimal point and decimal comma in one table: {point} ({where(point)}) and {comma} "
                f"({where(comma)}). Mend the file, or say which by decimal=."
            )
        if point or comma:
            self.decimal = "." if point else ","
        elif open_comma and open_point and not grid.typed:
            raise StudyError(
                f"{grid.file}: {open_point} ({where(open_point)}) and {open_comma} ({where(open_comma)}) do not tell whether "
                "point or comma is the decimal sign. Say which by decimal='.' or decimal=','."
            )
        elif open_comma and (
            (grid.delimiter != ";" and small) or any(is_chinese(str(c)) for c in grid.cells[:40].ravel())
        ):
            self.decimal = (
                "."  # 1,234 beside 567 has no three decimals; Chinese statistics print no decimal comma
            )
        elif open_comma or (open_point and grid.delimiter == ";"):
            one = open_comma or open_point
            raise StudyError(
                f"{grid.file}: {one} ({where(one)}) may be a thousand or a fraction, and no other cell tells. "
                "Say which by decimal='.' or decimal=','."
            )
        else:
            self.decimal = "."

    def value(self, text: str) -> Value | None:
        """One cell; None where it is neither a number nor a known symbol."""
        given = clean(text)
        meaning = self.symbols.get(given.casefold()) or self.symbols.get(half_width(given).casefold())
        if meaning == "zero":
            return Value("0", given, False, ("zero",))
        if meaning == "missing":
            return Value(None, given, False, ("missing",))
        if DATE.fullmatch(given):
            return Value(given)
        plain = _plain(given)
        steps = []
        if plain != given:
            steps.append("full_width" if half_width(given) != given else "minus")
        if EXPONENT.fullmatch(plain):
            return Value(format(Decimal(plain.replace(",", ".")), "f"), "", False, (*steps, "exponent"))
        found = CELL.fullmatch(plain)
        if not found or found["sign"]:
            return self._marked(given)
        number, rest = found["number"], found["rest"]
        if number[-1] in " \u00a0\u2009\u202f\u3000":
            kept = number.rstrip(" \u00a0\u2009\u202f\u3000")
            number, rest = kept, number[len(kept) :] + rest
        note = ""
        if clean(rest):
            if not FLAG.fullmatch(rest):
                return None
            note = clean(rest).strip("()[]")
            steps.append("flag")
        decimal = self._decimal(number, steps)
        if decimal is None:
            return None
        if found["percent"]:
            steps.append("percent")
        return Value(decimal, note, bool(found["percent"]), tuple(steps))

    def _marked(self, given: str) -> Value | None:
        """A symbol with a flag behind it: ``: c``."""
        found = MARKED.fullmatch(given)
        if found and self.symbols.get(found["symbol"].casefold()) == "missing":
            return Value(None, f"{found['symbol']} {found['flag']}", False, ("missing", "flag"))
        return None

    def _decimal(self, number: str, steps: list[str]) -> str | None:
        sign = "-" if number[0] == "-" else ""
        number = number.lstrip("+-")
        blanks = r"['’ \u00a0\u2009\u202f\u3000]"
        if re.search(blanks, number):
            if not re.fullmatch(rf"\d{{1,3}}(?:{blanks}\d{{3}})+(?:[.,]\d+)?", number):
                return None
            number = re.sub(blanks, "", number)
            steps.append("thousands")
        point = self.decimal or "."
        thousands = "," if point == "." else "."
        whole, _, fraction = number.partition(point)
        if point in fraction or thousands in fraction:
            return None
        if thousands in whole:
            if not re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+", whole):
                return None
            whole = whole.replace(thousands, "")
            steps.append("thousands")
        if not whole and not fraction:
            return None
        if point == "," and fraction:
            steps.append("decimal_comma")
        whole = whole.lstrip("0") or "0"
        return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def _plain(text: str) -> str:
    return clean(half_width(text)).translate(MINUS)


def looks_numeric(cells: Any) -> Any:
    """Which cells of an array are numbers or symbols for none, whatever the decimal sign: an array of bool."""
    signs = Signs(".", None)
    other = Signs(",", None)
    memory: dict[str, bool] = {"": False}
    out = np.zeros(cells.shape, dtype=bool)
    flat, target = cells.ravel(), out.ravel()
    for i, text in enumerate(flat.tolist()):
        known = memory.get(text)
        if known is None:
            known = bool(PLAIN.fullmatch(text)) or any(
                (v := s.value(text)) is not None and v.text is not None for s in (signs, other)
            )
            memory[text] = known
        target[i] = known
    return out.reshape(cells.shape)
