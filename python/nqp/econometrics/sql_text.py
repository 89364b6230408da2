"""Numbers and names as text of SQL."""

from __future__ import annotations


def number(value: float) -> str:
    """A double as SQL; with an exponent, because a number without one is a decimal."""
    return f"{float(value):.17e}"


def quoted(name: str) -> str:
    """A name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'
