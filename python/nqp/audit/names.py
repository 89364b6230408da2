"""What the page calls the codes in a finding: tables, columns, variables, series and the words of seeds/words/audit_terms.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nqp.audit.rules import word_rows
from nqp.language.labels import Label
from nqp.language.words import in_sentence
from nqp.study.names import name_of

if TYPE_CHECKING:
    from nqp.study.marts import Marts
    from nqp.study.specification import Specification

TERMS: Mapping[str, Label] = {row["code"]: Label(row["text_zh"], row["text_en"]) for row in word_rows("audit_terms")}  # fmt: skip
PATTERNS = ("table", "column", "columns", "lag", "entity", "entities")  # no codes of a finding
ENTITY = TERMS["entity"]  # where no study says what it calls its entities
_ADDRESS = re.compile(r"\b([A-Za-z]\w*)\.(\d+)\b")


@dataclass(frozen=True)
class Names:
    """The words of the audit with those of a study: ``words`` by code, ``tables`` the number of each table."""

    words: Mapping[str, Label] = field(default_factory=lambda: TERMS)
    tables: Mapping[str, int] = field(default_factory=dict)

    def cells(self, text: str) -> Label:
        """The printed cells of a finding, or the name of a candidate."""
        said = _ADDRESS.sub(self._address, text)
        return of_the_study(Label(self._said(said, "zh"), self._said(said, "en")))

    def sentence(self, zh: str, en: str) -> Label:
        """An explanation: the Chinese one without codes; the English one, whose words may look like codes, as it is."""
        return of_the_study(Label(self._said(zh, "zh"), en))

    def place(self, table: str, model: str) -> Label:
        """Where a finding stands: a table, and a column, two of them or a variable."""
        columns = re.split(r" -> ", model)
        if not model or not all(re.fullmatch(r"\d+", one) for one in columns):
            inside = self.words.get(model, Label.both(model))
        elif len(columns) == 1:
            inside = _filled(TERMS["column"], model)
        else:
            inside = _filled(TERMS["columns"], *columns[:2])
        outside = self._table(table)
        return Label(
            " ".join(part for part in (outside.zh, inside.zh) if part),
            ", ".join(part for part in (outside.en, inside.en) if part),
        )

    def _table(self, code: str) -> Label:
        number = self.tables.get(code)
        if number is None and (found := re.fullmatch(r"table(\d+)", code)):
            number = int(found[1])
        return (
            self.words.get(code, Label.both(code)) if number is None else _filled(TERMS["table"], str(number))
        )

    def _address(self, found: re.Match[str]) -> str:
        """A column of another table; both languages read it, so it stays short."""
        known = found[1] in self.tables or re.fullmatch(r"table\d+", found[1])
        return f"{found[1]} ({found[2]})" if known else found[0]

    def _said(self, text: str, language: str) -> str:
        words = {**{code: self._table(code) for code in self.tables}, **self.words}
        codes = sorted(
            (code for code in words if code not in PATTERNS),
            key=len,
            reverse=True,
        )
        pattern = rf"(?<![\w.])(?:L(\d+)\.)?({'|'.join(map(re.escape, codes))})(?![\w.]*\w)"

        def word(found: re.Match[str]) -> str:
            name = words[found[2]]
            lag = _filled(TERMS["lag"], found[1]) if found[1] else Label.both("")
            return lag.zh + name.zh if language == "zh" else lag.en + name.en

        return re.sub(r"\bx (?=\d)", "× ", re.sub(pattern, word, text, flags=re.ASCII))


def names_of(marts: Marts, specification: Specification) -> Names:
    """The words of the audit with the variables, definitions, series and tables of a study."""
    words = dict(TERMS)
    for row in [*marts.series.to_dict("records"), *marts.variables.to_dict("records")]:
        code = row.get("variable_code") or row["series_code"]
        name = name_of(row)
        words[code] = Label(name.zh, in_sentence(name.en))
        for stem in ("name", "definition", "measured_by"):
            known = name_of(row, stem) if f"{stem}_en" in row else Label.both("")
            if known.en and known.zh:
                words.setdefault(in_sentence(known.en), Label(known.zh, in_sentence(known.en)))
    numbers = {table.code: place for place, table in enumerate(specification.tables, start=1)}
    return Names(words, numbers)


def of_the_study(label: Label) -> Label:
    """A text about any study, to be filled with the word that this one has for its entity."""
    en = re.sub(
        rf"\b{ENTITY.en}\b", "{entity}", re.sub(rf"\b{TERMS['entities'].en}\b", "{entities}", label.en)
    )
    return Label(label.zh.replace(ENTITY.zh, "{entity}"), en, label.italic)


def _filled(label: Label, *values: str) -> Label:
    return Label(label.zh.format(*values), label.en.format(*values))
