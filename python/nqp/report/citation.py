"""How the page cites the paper that a study takes up, and what it does not know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nqp.language.labels import NOTHING, Label
from nqp.report.sentences import say
from nqp.study.paper import FIELDS

if TYPE_CHECKING:
    from nqp.study.paper import Paper


def citation(paper: Paper | None) -> Label:
    """The fields that are known, and the names of those that are not; NOTHING where a study takes up no paper."""
    if paper is None:
        return NOTHING
    known, unknown = paper.known, [say(f"cited.{name}") for name in FIELDS if name not in paper.known]
    if not known:
        return say("cited.nothing")
    told = Label(
        ". ".join(value.in_("zh") for value in known.values()),
        ". ".join(value.in_("en") for value in known.values()),
    )
    lost = Label("、".join(one.zh for one in unknown), ", ".join(one.en for one in unknown))
    return say("cited", known=told, unknown=lost) if unknown else say("cited.whole", known=told)
