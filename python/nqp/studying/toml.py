"""Writing specifications.toml: the standard library reads TOML and does not write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# One table a blank line apart; within it plain keys, then the rows of panels and columns.
_NESTED = ("panels", "columns")


def write_toml(content: Mapping[str, Any]) -> str:
    """A specification as text; the same content gives the same bytes."""
    parts = []
    for name, value in content.items():
        if isinstance(value, list):
            for item in value:
                parts.append(_block(f"[[{name}]]", item))
                for nested in _NESTED:
                    parts += [_block(f"[[{name}.{nested}]]", row) for row in item.get(nested, [])]
        else:
            parts.append(_block(f"[{name}]", value))
    return "\n".join(parts)


def _block(heading: str, content: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in content.items() if key not in _NESTED]
    return "\n".join([heading, *lines]) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        if any(isinstance(item, Mapping) for item in value):
            return "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"no TOML value: {value!r}")
