"""The tables that describe variables beside each other: correlations, variance inflation, groups, balance, definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nqp.language.labels import Label

KINDS = ("correlations", "vif", "groups", "balance", "definitions")


@dataclass(frozen=True)
class DescribedTable:
    """Variables of the panel beside each other; ``kind`` is correlations, vif, groups or balance.

    ``by``: of a table of balance, the variable of 0 and 1 that parts the rows; blank otherwise.
    """

    code: str
    kind: str
    title: Label
    variables: tuple[str, ...]
    notes: tuple[Label, ...]
    by: str = ""


@dataclass(frozen=True)
class DefinitionTable:
    """What each variable is, how it is measured, and where its figures come from."""

    code: str
    title: Label
    variables: tuple[str, ...]
    notes: tuple[Label, ...]


def described_table(
    kind: str,
    code: str,
    title: Label,
    content: Mapping[str, Any],
    names: Callable[[Mapping[str, Any], str], tuple[str, ...]],
    notes: tuple[Label, ...],
    fail: Callable[[str], Exception],
) -> DescribedTable | DefinitionTable:
    """The table that a piece of specifications.toml asks for; ``names`` reads a list of names."""
    variables = names(content, "variables")
    fewest = 2 if kind in ("correlations", "vif") else 1
    if len(variables) < fewest:
        raise fail(f"key 'variables': name at least {'two variables' if fewest == 2 else 'one variable'}.")
    if kind == "definitions":
        return DefinitionTable(code, title, variables, notes)
    by = content.get("by", "")
    if kind == "balance" and (not isinstance(by, str) or not by):
        raise fail("key 'by': name the variable of 0 and 1 that parts the rows.")
    if by in variables:
        raise fail(f"key 'by': '{by}' parts the rows and cannot be among the variables that are compared.")
    return DescribedTable(code, kind, title, variables, notes, by)
