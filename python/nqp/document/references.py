"""The works that the methods rest on: cited in a text, as BibTeX and after GB/T 7714-2015; rows of references.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("references.csv")
MOST_AUTHORS = 3  # GB/T 7714 names so many, then says et al.
_ESCAPED = {"&": r"\&", "%": r"\%", "_": r"\_", "#": r"\#"}


@dataclass(frozen=True)
class Reference:
    """One work; ``authors`` are 'Family, Given' in order."""

    key: str
    kind: str
    authors: tuple[str, ...]
    year: str
    title: str
    container: str
    editors: tuple[str, ...]  # of the book that a chapter stands in
    volume: str
    number: str
    pages: str
    publisher: str
    doi: str

    @property
    def in_text(self) -> str:
        """'Cragg and Donald, 1993'."""
        families = [author.partition(",")[0] for author in self.authors]
        if len(families) > 2:
            return f"{families[0]} et al., {self.year}"
        return f"{' and '.join(families)}, {self.year}"

    @property
    def in_table(self) -> str:
        """'Cragg & Donald (1993)'."""
        families = [author.partition(",")[0] for author in self.authors]
        who = f"{families[0]} et al." if len(families) > 2 else " & ".join(families)
        return f"{who} ({self.year})"

    @property
    def bibtex(self) -> str:
        """The entry for BibTeX."""
        fields = {
            "author": " and ".join(self.authors), "title": f"{{{self.title}}}",
            "booktitle" if self.kind == "incollection" else "journal": self.container,
            "editor": " and ".join(self.editors), "year": self.year, "volume": self.volume,
            "number": self.number, "pages": self.pages.replace("-", "--"), "publisher": self.publisher.partition(": ")[2],
            "address": self.publisher.partition(": ")[0], "doi": self.doi,
        }  # fmt: skip
        lines = [
            f"  {name} = {{{_tex(value) if name != 'doi' else value}}},"
            for name, value in fields.items()
            if value
        ]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"]) + "\n"

    @property
    def gbt7714(self) -> str:
        """The entry after GB/T 7714-2015, without its number in the list."""
        who = _listed(self.authors)
        if self.kind == "book":
            text = f"{who}. {self.title}[M]. {self.publisher}, {self.year}"
        elif self.kind == "incollection":
            text = f"{who}. {self.title}[M]//{_listed(self.editors)}. {self.container}. {self.publisher}, {self.year}: {self.pages}"
        else:
            issue = f"({self.number})" if self.number else ""
            text = (
                f"{who}. {self.title}[J]. {self.container}, {self.year}, {self.volume}{issue}: {self.pages}"
            )
        return f"{text}. DOI: {self.doi}." if self.doi else f"{text}."


def _tex(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)


def _listed(people: Sequence[str]) -> str:
    names = [_chinese_order(one) for one in people[:MOST_AUTHORS]]
    return ", ".join([*names, "et al"] if len(people) > MOST_AUTHORS else names)


def _chinese_order(author: str) -> str:
    """'Cameron, A. C.' as CAMERON A C."""
    family, _, given = author.partition(", ")
    return f"{family.upper()} {re.sub('[.]', '', given)}".strip()


@cache
def known() -> dict[str, Reference]:
    """Every work by its key."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {}
    for row in rows:
        authors, editors = (tuple(filter(None, row.pop(name).split("; "))) for name in ("authors", "editors"))
        found[row["key"]] = Reference(**row, authors=authors, editors=editors)
    return found


def bibliography(keys: Iterable[str]) -> dict[str, bytes]:
    """The works cited, in the order in which they are, in both forms, by the name of the file."""
    cited = [known()[key] for key in dict.fromkeys(keys)]
    listed = "".join(f"[{place}] {one.gbt7714}\n" for place, one in enumerate(cited, start=1))
    return {
        "references.bib": "\n".join(one.bibtex for one in cited).encode(),
        "references.gbt7714.txt": listed.encode(),
    }
