"""The options of one field's type: limits, places, what it refers to, and the options of a choice."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orderkit.database.changes.judging import Severity
from orderkit.model.forms import Field
from orderkit.model.labels import Label, label
from orderkit.plan.areas.comparing import is_same
from orderkit.plan.areas.objects import ORDER
from orderkit.plan.areas.sides import Sides, options_of
from orderkit.plan.values import Area, Entry, Manner
from orderkit.plan.words.attributes import attribute_of
from orderkit.plan.words.filling import code, filled, listed
from orderkit.plan.words.names import named, sentence
from orderkit.plan.words.values import told

# What rows belong to follows from the field itself.
_FOLLOWS = frozenset({"form"})


def _raised(old: Any, new: Any) -> Severity:
    return Severity.BREAKING if new is not None and (old is None or new > old) else Severity.SAFE


def _lowered(old: Any, new: Any) -> Severity:
    return Severity.BREAKING if new is not None and (old is None or new < old) else Severity.SAFE


_LIMITS: Mapping[str, Callable[[Any, Any], Severity]] = {
    "min": _raised,
    "min_length": _raised,
    "max": _lowered,
    "max_length": _lowered,
    "max_size": _lowered,
    "scale": _lowered,
}

_SAID: Mapping[str, Label] = {
    "added": label(zh="字段 {field} 新增选项 {option}", en="field {field}: new option {option}"),
    "removed": label(zh="字段 {field} 的选项 {option} 被删除", en="field {field}: option {option} is gone"),
    "renamed": label(
        zh="字段 {field} 的选项 {before} 改名为 {option}",
        en="field {field}: option {before} is now called {option}",
    ),
    "retired": label(
        zh="字段 {field} 的选项 {option} 停用：已有记录保留，不能再选",
        en="field {field}: option {option} is retired: records keep it, nobody can choose it",
    ),
    "back": label(
        zh="字段 {field} 的选项 {option} 恢复可选", en="field {field}: option {option} can be chosen again"
    ),
    "label": label(
        zh="字段 {field} 的选项 {option}：名称改变", en="field {field}: option {option} has another label"
    ),
    "color": label(
        zh="字段 {field} 的选项 {option}：颜色改变", en="field {field}: option {option} has another colour"
    ),
}


def option_entries(old: Field, new: Field, subject: str, sides: Sides) -> Iterator[Entry]:
    """Yield what changes about the options of a field whose type stays."""
    before, after = _given(old), _given(new)
    for name in after:
        if name in _FOLLOWS:
            continue
        if is_same(before.get(name), after[name]):
            continue
        if name == "options" and options_of(new):
            yield from _choice_entries(old, new, subject)
            continue
        if name == "to" and sides.form_after.get(before["to"]) == after["to"]:
            continue
        attribute = attribute_of(new, name)
        yield Entry(
            severity=_LIMITS.get(name, attribute.weigh)(before.get(name), after[name]),
            area=Area.FORMS,
            subject=subject,
            manner=Manner.CHANGED,
            attribute=name,
            words=sentence(Manner.CHANGED, subject, new, attribute.words),
            before=told(before.get(name), sides.old),
            after=told(after[name], sides.new),
        )


def _given(field: Field) -> dict[str, Any]:
    return {name: getattr(field.options, name) for name in type(field.options).model_fields}


def _choice_entries(old: Field, new: Field, subject: str) -> Iterator[Entry]:
    before, after = options_of(old), options_of(new)
    names = {value: value for value in after if value in before}
    for value, option in after.items():
        origin = option.renamed_from
        if value not in before and origin in before and origin not in after:
            names[value] = origin
    field = named(subject, new)
    for value in before:
        if value not in names.values():
            yield _option_entry(
                "removed", Manner.REMOVED, subject, value, field, severity=Severity.DESTRUCTIVE
            )
    for value, option in after.items():
        if value not in names:
            yield _option_entry("added", Manner.ADDED, subject, value, field)
            continue
        was = before[names[value]]
        if names[value] != value:
            yield _option_entry("renamed", Manner.RENAMED, subject, value, field, before=names[value])
        if was.retired != option.retired:
            kind = "retired" if option.retired else "back"
            yield _option_entry(kind, Manner.CHANGED, subject, value, field)
        if not is_same(was.label, option.label):
            yield _option_entry("label", Manner.CHANGED, subject, value, field)
        if was.color != option.color:
            yield _option_entry("color", Manner.CHANGED, subject, value, field)
    kept = [names[value] for value in after if value in names]
    if kept != [value for value in before if value in names.values()]:
        what = filled(ORDER, what=attribute_of(new, "options").words)
        yield Entry(
            severity=Severity.SAFE,
            area=Area.FORMS,
            subject=subject,
            manner=Manner.CHANGED,
            attribute="options",
            words=sentence(Manner.CHANGED, subject, new, what),
            after=listed(code(value) for value in after),
        )


def _option_entry(
    kind: str,
    manner: Manner,
    subject: str,
    value: str,
    field: Label,
    *,
    severity: Severity = Severity.SAFE,
    before: str = "",
) -> Entry:
    return Entry(
        severity=severity,
        area=Area.FORMS,
        subject=f"{subject}.{value}",
        manner=manner,
        attribute="options" if manner is not Manner.CHANGED else f"options.{kind}",
        words=filled(_SAID[kind], field=field, option=code(value), before=code(before)),
        before=code(before) if before else None,
        after=code(value) if manner is Manner.RENAMED else None,
    )
