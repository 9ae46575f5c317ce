"""Cursors: the place between two pages, as the values of the order at the row beside it.

A page found so stays put while other records come and go, and costs the same however far in it is.
Empty values stand last in both directions.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, false, literal, or_, true

from orderkit.catalog import Catalog
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field
from orderkit.model.labels import label


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order: what the rows are compared by."""

    field: Field
    column: ColumnElement[Any]
    descending: bool
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order, and the way to go from there."""

    values: tuple[Scalar, ...]
    is_backward: bool


def order_by(keys: Sequence[Key], *, is_backward: bool) -> list[UnaryExpression[Any]]:
    """Return the ORDER BY; backward it is the very reverse, so that the nearest rows come first."""
    found: list[UnaryExpression[Any]] = []
    for key in keys:
        ordered = key.column.desc() if key.descending != is_backward else key.column.asc()
        if key.may_be_empty:
            ordered = ordered.nulls_first() if is_backward else ordered.nulls_last()
        found.append(ordered)
    return found


def beyond(keys: Sequence[Key], cursor: Cursor) -> ColumnElement[bool]:
    """Return which rows lie beyond a cursor, in its direction."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys, cursor.values, strict=True):
        ways.append(and_(*same, _further(key, value, is_backward=cursor.is_backward)))
        same.append(key.column.is_(None) if value is None else key.column == value)
    return and_(_bound(keys[0], cursor.values[0], is_backward=cursor.is_backward), or_(*ways))


def write_cursor(
    catalog: Catalog, keys: Sequence[Key], values: Sequence[Scalar], *, is_backward: bool
) -> str:
    """Return a cursor as text for an address."""
    document = {
        "k": _signature(keys),
        "v": [
            None if value is None else catalog.fields[key.field.type].to_json(key.field.options, value)
            for key, value in zip(keys, values, strict=True)
        ],
        "b": is_backward,
    }
    return base64.urlsafe_b64encode(json.dumps(document, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(catalog: Catalog, keys: Sequence[Key], text: str) -> Cursor:
    """Return the place that a cursor stands for. Raises Refused when it is damaged or of another order."""
    try:
        document = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        if document["k"] != _signature(keys) or len(document["v"]) != len(keys):
            raise _refused()
        values = []
        for key, given in zip(keys, document["v"], strict=True):
            value = catalog.fields[key.field.type].from_json(key.field.options, given)
            if isinstance(value, Invalid):
                raise _refused()
            values.append(value)
        return Cursor(tuple(values), bool(document["b"]))
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused() from error


def _further(key: Key, value: Scalar, *, is_backward: bool) -> ColumnElement[bool]:
    if value is None:
        return key.column.is_not(None) if is_backward else false()
    greater = key.descending == is_backward
    place = literal(value, key.column.type)
    compared: ColumnElement[bool] = key.column > place if greater else key.column < place
    return or_(compared, key.column.is_(None)) if key.may_be_empty and not is_backward else compared


def _bound(key: Key, value: Scalar, *, is_backward: bool) -> ColumnElement[bool]:
    """Return what follows for the first key alone: from an OR no database knows where in an index to begin."""
    if value is None or (key.may_be_empty and not is_backward):
        return true()
    place = literal(value, key.column.type)
    return key.column >= place if key.descending == is_backward else key.column <= place


def _signature(keys: Sequence[Key]) -> str:
    return ",".join(f"{'-' if key.descending else ''}{key.field.id}" for key in keys)


def _refused() -> Refused:
    message = label(
        zh="这一页的位置已失效，请回到第一页",
        en="This place in the list no longer holds; begin at the first page",
    )
    return Refused([Problem(path="cursor", code="bad_cursor", message=message)])
