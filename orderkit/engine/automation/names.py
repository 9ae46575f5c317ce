"""Which fields of a former record the expressions of an automation read: only these are kept for its run."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from orderkit.engine.runtime import Runtime
from orderkit.model.expressions.nodes import Get, Root
from orderkit.model.workflow.automations import Automation

RECORD = ("record", "this")
OLD = "old"


class _Read(dict[tuple[str, str], frozenset[str]]):
    """Fields read, by automation and the name of what they are read of."""


def fields_read(runtime: Runtime, automation: Automation, *names: str) -> frozenset[str]:
    """Return the fields that are read of what these names stand for."""
    known = runtime.keep(_Read, _Read)
    found: frozenset[str] = frozenset()
    for name in names:
        if (automation.id, name) not in known:
            known[automation.id, name] = frozenset(_fields(automation, name))
        found |= known[automation.id, name]
    return found


def _fields(part: object, name: str) -> Iterator[str]:
    if isinstance(part, Get) and isinstance(part.base, Root) and part.base.name == name:
        yield part.field
    elif is_dataclass(part) and not isinstance(part, type):
        for each in fields(part):
            yield from _fields(getattr(part, each.name), name)
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from _fields(inner, name)
    elif isinstance(part, tuple):
        for inner in part:
            yield from _fields(inner, name)
