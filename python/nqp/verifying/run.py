"""Holding a text against the exhibits of a run, and saying what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.errors import StudyError, did_you_mean
from nqp.language.labels import Label, Language
from nqp.output import folder_of
from nqp.verifying import words
from nqp.verifying.manuscript import read_manuscript
from nqp.verifying.shown import Numbers, read_numbers
from nqp.verifying.verdicts import Verdict, verdicts_on


class Differs(StudyError):
    """Numbers of a text are not those of our exhibits; the message lists them."""


def verify(
    *, text: Path, study: str, output: Path | None, numbers: Sequence[str], lists_all: bool, announce: Callable[[str], None],
    languages: Sequence[Language] = ("zh", "en"),
) -> str:  # fmt: skip
    """Compare a text with the exhibits; returns what agrees and what is unclear, in one language after the other.

    Raises Differs, with every number that differs, and StudyError for what cannot be read.
    """
    folder = output or folder_of(study)
    known = read_numbers(folder)
    aliases = _aliases(numbers, known)
    passages = read_manuscript(text)
    announce(f"Reading {text} beside the exhibits of {folder}")
    found = verdicts_on(passages, known, aliases)
    lines = _lines(text, found, lists_all)
    if any(one.status == "differs" for one in found):
        lines = [words.WRONG, *lines]
        raise Differs("\n".join(line.in_(language) for language in languages for line in lines))
    return "".join(line.in_(language) + "\n" for language in languages for line in lines)


def addresses(*, study: str, output: Path | None, exhibit: str) -> str:
    """The numbers of one exhibit with the address and the bookmark by which a text can name them."""
    known = read_numbers(output or folder_of(study))
    if exhibit not in known.by_exhibit:
        raise StudyError(
            f"There is no exhibit '{exhibit}'.{did_you_mean(exhibit, known.by_exhibit)} Known: {', '.join(known.by_exhibit)}."
        )
    lines = [f"{one.address}\t{one.bookmark}\t{one.value:.12g}" for one in known.by_exhibit[exhibit]]
    return "address\tbookmark\tvalue\n" + "\n".join(lines) + "\n"


def _aliases(given: Sequence[str], known: Numbers) -> dict[tuple[str, str], str]:
    """'4-2=table3': the manuscript calls our table3 Table 4-2."""
    found = {}
    pictures = {picture.code for picture in known.exhibits.pictures}
    for text in given:
        number, equals, code = text.partition("=")
        if not equals or not number:
            raise StudyError(f"--number {text}: write it as NUMBER=CODE, such as 4-2=table3.")
        if code not in known.by_exhibit:
            raise StudyError(
                f"--number {text}: there is no exhibit '{code}'.{did_you_mean(code, known.by_exhibit)}"
            )
        found["figure" if code in pictures else "table", number] = code
    return found


def _lines(text: Path, found: Sequence[Verdict], lists_all: bool) -> list[Label]:
    counts = {status: sum(one.status == status for one in found) for status in words.STATUS}
    lines = []
    shown = ("differs", "unclear", "agrees") if lists_all else ("differs", "unclear")
    for status in shown:
        for one in found:
            if one.status == status:
                lines.append(words.one_line(str(text), one.where, one.printed, status, one.what))
    return [*lines, words.summary(str(text), len(found), counts)]
