"""The study's word for its entity in everything that is said: texts that serve any study say {entity}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from nqp.language.labels import Label
from nqp.language.words import named

T = TypeVar("T")


def with_entity(thing: T, entity: Label) -> T:
    """A section, table or figure whose every text names the entity as the study does; data and drawings stay as they are."""
    found: T = _named(thing, entity)
    return found


def _named(thing: Any, entity: Label) -> Any:
    if isinstance(thing, Label):
        return named(thing, entity)
    if isinstance(thing, tuple):
        return tuple(_named(one, entity) for one in thing)
    if isinstance(thing, Mapping):
        return {key: _named(one, entity) for key, one in thing.items()}
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    parts = {field.name: getattr(thing, field.name) for field in fields(thing)}
    changed = {name: _named(part, entity) for name, part in parts.items()}
    return replace(thing, **{name: part for name, part in changed.items() if part is not parts[name]})
