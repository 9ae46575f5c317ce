"""The classes of connectors as types of expressions: what an argument takes, what `result` and `row` have."""

import types
import typing
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic import SecretStr

from orderkit.language.expressions.scope import FieldScope, FormScope, Scope
from orderkit.model.expressions.nodes import Root
from orderkit.model.expressions.types import Boolean, Choice, Date, DateTime, Json, Number, Record, Text, Type
from orderkit.model.options import OptionModel

_SCALARS: dict[object, Type] = {
    str: Text(),
    SecretStr: Text(),
    bool: Boolean(),
    int: Number(),
    Decimal: Number(scale=6),
    date: Date(),
    datetime: DateTime(),
}


@dataclass(frozen=True, slots=True)
class InnerOptions:
    """A class inside another: once, or in a list."""

    options: type[OptionModel]
    is_list: bool


def type_of(annotation: Any) -> Type | None:
    """Return the type of expressions that a part of a class takes or gives; None: JSON of any shape."""
    annotation = _present(annotation)
    if get_origin(annotation) is typing.Literal:
        return Choice(tuple(str(each) for each in get_args(annotation)))
    return _SCALARS.get(annotation) if isinstance(annotation, type) else None


def inner_options(annotation: Any) -> InnerOptions | None:
    """Return the class that a part is made of, where it is one of a connector's own."""
    annotation = _present(annotation)
    is_list = get_origin(annotation) in (list, tuple)
    of = get_args(annotation)[0] if is_list else annotation
    if isinstance(of, type) and issubclass(of, OptionModel):
        return InnerOptions(of, is_list)
    return None


def _present(annotation: Any) -> Any:
    """Return what stands there when it is not empty: `str` of `str | None`."""
    if get_origin(annotation) in (typing.Union, types.UnionType):
        present = [each for each in get_args(annotation) if each is not type(None)]
        if len(present) == 1:
            return present[0]
    return annotation


def with_outside(scope: Scope, root: str, options: type[OptionModel] | None, name: str) -> Scope:
    """Return a scope in which a value from outside has the parts of a class.

    Args:
        scope: the place.
        root: how it is called there: `result`, `row`.
        options: the class; None: JSON of any shape.
        name: what it is called in messages: `finance.save_voucher`.
    """
    if options is None:
        return replace(scope, roots={**scope.roots, root: Root(root, Json())})
    # No form has brackets in its id, so it cannot be taken for one.
    form = f"{name}()"
    fields = {
        key: FieldScope(type_of(info.annotation) or Json(), is_required=info.is_required())
        for key, info in options.model_fields.items()
    }
    return replace(
        scope,
        forms={**scope.forms, form: FormScope(fields=fields)},
        roots={**scope.roots, root: Root(root, Record(form))},
    )
