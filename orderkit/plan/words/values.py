"""Values of a model in words: what stands under `before` and `after`."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeGuard, get_args

from pydantic import BaseModel

from orderkit.model.expressions.nodes import Expression, Literal, Template
from orderkit.model.forms import Check, Field, SortKey
from orderkit.model.labels import Label, label
from orderkit.model.people import Who
from orderkit.model.project import Project
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.workflows import Action, Ask, Step
from orderkit.plan.words.expressions import written
from orderkit.plan.words.filling import code, filled, in_sequence, listed, same
from orderkit.plan.words.people import called

LONGEST = 160
YES, NO = label(zh="是", en="yes"), label(zh="否", en="no")
_EXPRESSION = get_args(Expression)
_WHO = get_args(Who)
_LANGUAGES = frozenset({"zh", "en"})
_NOT_SHOWN = frozenset({"origin", "value_type"})


def told(value: Any, project: Project) -> Label | None:
    """Return a value in words; None for nothing."""
    if value is None or value in ((), "", frozenset()) or (isinstance(value, Mapping) and not value):
        return None
    return _shortened(_told(value, project))


def _told(value: Any, project: Project) -> Label:
    match value:
        case Mapping():
            return _of_mapping(value, project)
        case frozenset():
            return listed(_told(each, project) for each in sorted(value))
        case tuple() | list():
            return _of_row(tuple(value), project)
        case BaseModel():
            return _of_mapping(value.model_dump(mode="json", exclude_defaults=True), project)
        case _ if is_dataclass(value) and not isinstance(value, TimeSpan):
            return _of_object(value, project)
        case bool():
            return YES if value else NO
        case Enum():
            return code(str(value.value))
        case _:
            return same(str(value))


def _of_object(value: Any, project: Project) -> Label:
    match value:
        case Literal(value=str() as text):
            return same(text)
        case Template():
            return code(written(value))
        case _ if isinstance(value, _EXPRESSION):
            return code(written(value))
        case _ if isinstance(value, _WHO):
            return called(value, project)
        case Check(that=that):
            return code(written(that))
        case SortKey(field=name, descending=descending):
            return code(f"-{name}" if descending else name)
        case Ask(field=Field(id=name, label=name_label), required=required):
            words = (
                label(zh="{name}（必填）", en="{name} (required)")
                if required
                else label(zh="{name}", en="{name}")
            )
            return filled(words, name=name_label or name)
        case Step(id=name, label=name_label):
            return name_label or same(name)
        case Action(kind=kind, options=options):
            return code(f"{kind} {_short(options, project)}".strip())
        case _:
            return _of_parts(value, project)


def is_label(value: object) -> TypeGuard[Label]:
    """Return whether a mapping is a text in several languages."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and value.keys() <= _LANGUAGES
        and all(isinstance(each, str) for each in value.values())
    )


def _of_mapping(value: Mapping[Any, Any], project: Project) -> Label:
    if is_label(value):
        return label(**value)
    return in_sequence(
        filled(label(zh="{key}：{value}", en="{key}: {value}"), key=str(key), value=told(each, project) or NO)
        for key, each in value.items()
    )


def _of_row(value: tuple[Any, ...], project: Project) -> Label:
    if len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], _EXPRESSION):
        return code(f"{value[0]} = {written(value[1])}")
    if all(isinstance(each, str) for each in value):
        return listed(code(each) for each in value)
    parts = [_told(each, project) for each in value if each is not None]
    return in_sequence(parts) if any(is_dataclass(each) for each in value) else listed(parts)


def _of_parts(value: Any, project: Project) -> Label:
    """Return what an object of the model holds: its label where it has one, else what is set on it."""
    given = getattr(value, "label", None)
    if is_label(given):
        return label(**given)
    parts = []
    for each in fields(value):
        part = getattr(value, each.name)
        words = told(part, project) if each.name not in _NOT_SHOWN and part is not False else None
        if words is not None:
            parts.append(filled(label(zh="{name} {words}", en="{name} {words}"), name=each.name, words=words))
    return listed(parts)


def _short(options: Mapping[str, Any], project: Project) -> str:
    texts = [(name, told(value, project)) for name, value in options.items()]
    return ", ".join(f"{name}: {words['en'].replace('`', '')}" for name, words in texts if words is not None)


def _shortened(text: Label) -> Label:
    return label(**{language: _cut(words) for language, words in text.items()})


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= LONGEST:
        return flat
    cut = flat[:LONGEST].rstrip()
    return f"{cut}…`" if cut.count("`") % 2 else f"{cut}…"
