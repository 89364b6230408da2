"""The one error that a user meets: what is wrong, where, and how to mend it."""

from __future__ import annotations


class StudyError(Exception):
    """A fault in the input or the surroundings, told in one message; the command exits with code 1."""
