"""The paper that a study takes up, as far as the study knows it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from nqp.language.labels import NOTHING, Label


@dataclass(frozen=True)
class Paper:
    """What one needs to cite the paper; a field that the study does not know is blank."""

    authors: Label = NOTHING
    year: Label = NOTHING
    title: Label = NOTHING
    journal: Label = NOTHING
    volume: Label = NOTHING
    issue: Label = NOTHING
    pages: Label = NOTHING
    doi: Label = NOTHING

    @property
    def known(self) -> dict[str, Label]:
        """The fields that are known, in the order of a citation."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value}


FIELDS = tuple(field.name for field in fields(Paper))


def read_paper(
    content: Any,
    only: Callable[[Mapping[str, Any], Collection[str]], None],
    label: Callable[[Any, str], Label],
    fail: Callable[[str], Exception],
) -> Paper | None:
    """The paper of ``[study.paper]``; None where a study takes up none."""
    if content is None:
        return None
    if not isinstance(content, dict):
        raise fail("write it as [study.paper].")
    only(content, FIELDS)
    texts = {name: str(value) if isinstance(value, int) else value for name, value in content.items()}
    return Paper(**{name: label(value, name) for name, value in texts.items()})
