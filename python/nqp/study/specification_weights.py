"""What a column says of the weights of its rows and of its constant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from nqp.econometrics.weights import KINDS_OF_WEIGHTS, Weights


def read_weights(
    content: Mapping[str, Any],
    effects: Collection[str],
    instruments: Collection[str],
    names: Collection[str],
    fail: Callable[[str], Exception],
) -> tuple[Weights | None, bool]:
    """The weights, and whether there is a constant; ``names`` are the variables of the equation."""
    value, constant = content.get("weights"), content.get("constant", True)
    if not isinstance(constant, bool):
        raise fail("key 'constant': true or false.")
    if not constant and effects:
        raise fail("key 'constant': with effects there is a constant in them. Write effects = [] too.")
    if instruments and (value or not constant):
        raise fail(
            "weights and constant = false go with least squares only. Leave them out, or the instruments."
        )
    if value is None or value == {}:
        return None, constant
    kind = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    if kind not in KINDS_OF_WEIGHTS or not isinstance(value[kind], str):
        raise fail(
            'key \'weights\': write { analytic = "variable" } or { frequency = "variable" }, {} for none.'
        )
    if content.get("winsorise") is not None and value[kind] in names:
        raise fail(
            f"key 'weights': '{value[kind]}' is in the equation too and would be winsorised there. Give the weights a variable of "
            "their own."
        )
    return Weights(kind, value[kind]), constant
