"""The one error that a user meets: what is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class StudyError(Exception):
    """A fault in the input or the surroundings, told in one message; the command exits with code 1."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """A question that names the allowed word nearest to an unknown one, to end a message; blank where none is near."""
    words = {name.lower(): name for name in allowed}
    near = difflib.get_close_matches(word.lower(), list(words), n=1, cutoff=0.7)
    return f" Did you mean '{words[near[0]]}'?" if near else ""
