"""Where a model names a form or a field, as places that people find in their files."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from orderkit.model.expressions.nodes import Expression, Get
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record, Rows
from orderkit.model.forms import Form, Origin
from orderkit.model.project import Project


def places_of_form(project: Project, form: str) -> tuple[str, ...]:
    """Return where a form is declared, and what refers to it."""
    own = _place(project.form_by_id[form].origin, f"form {form}")
    return _sorted(own, (place for place, value in _values(project, form) if _names_form(value, form)))


def places_of_field(project: Project, form: str, field: str) -> tuple[str, ...]:
    """Return where a field is declared, and the expressions that read it."""
    declared = project.form_by_id[form].by_id[field]
    own = _place(declared.origin, f"{form}.{field}")
    used = (
        place
        for place, value in _values(project, None)
        if isinstance(value, Expression) and _reads(value, form, field)
    )
    return _sorted(own, used)


def _sorted(own: str, others: Iterator[str]) -> tuple[str, ...]:
    return (own, *sorted({*others} - {own}))


def _place(origin: Origin | None, otherwise: str) -> str:
    return otherwise if origin is None else f"{origin.path}:{origin.line}"


def _names_form(value: object, form: str) -> bool:
    if isinstance(value, Expression):
        return any(isinstance(each, Get) and each.type in (Record(form), Rows(form)) for each in walk(value))
    return isinstance(value, Record) and value.form == form


def _reads(expression: Expression, form: str, field: str) -> bool:
    return any(
        isinstance(node, Get)
        and node.field == field
        and isinstance(node.base.type, Record | Rows)
        and node.base.type.form == form
        for node in walk(expression)
    )


def _values(project: Project, without: str | None) -> Iterator[tuple[str, Any]]:
    """Yield every expression and type in the model with the nearest object that says where it is declared."""
    for each in fields(project):
        for item in _items(getattr(project, each.name)):
            if not (isinstance(item, Form) and without in (item.id, item.parent)):
                yield from _inside(item, project.id)


def _inside(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Expression | Record):
        yield place, value
        return
    if isinstance(value, tuple):
        for each in value:
            yield from _inside(each, place)
        return
    if not is_dataclass(value) or isinstance(value, type):
        return
    here = _place(getattr(value, "origin", None), place)
    for each in fields(value):
        yield from _inside(getattr(value, each.name), here)


def _items(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()
