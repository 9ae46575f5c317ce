"""References of a file: each text that stands for a record is looked up once, many in one query.

A reference that is not found is made with the records that need it, if the mapping says so; until
then it has no id. `rows` asks for references, `writing` makes the missing ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from orderkit.engine.access import Action, row_condition
from orderkit.engine.importing.matching.mapping import Slot
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, FormId
from orderkit.model.labels import Label, label, text_of

BATCH = 500
"""Values in one `IN`: both databases take it, and the statement stays in their caches."""

T = TypeVar("T")


@dataclass(slots=True, kw_only=True, eq=False)
class Reference:
    """One record that a file refers to by `key`, whichever rows do so.

    `id` is None while it is unknown. `why` says why it cannot be used. `parts` are the values to
    make it with, the first that stands in the file for each field; `tried` is what a trial made of them.
    """

    path: str
    form: FormId
    keys: tuple[FieldId, ...]
    key: tuple[Scalar, ...]
    may_create: bool
    is_by_parts: bool = False
    parts: dict[FieldId, Scalar] = field(default_factory=dict)
    row: int = 0
    id: int | None = None
    why: Label | None = None
    tried: Mapping[FieldId, Scalar] | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it has to be made before a record can refer to it."""
        return self.id is None and self.why is None

    @property
    def text(self) -> str:
        """What stands in the file."""
        return " ".join(str(each) for each in self.key if each is not None)

    def add(self, slot: Slot, parts: Mapping[FieldId, Scalar]) -> None:
        """Note what one more row says about the record."""
        self.may_create |= slot.may_create
        for name, value in parts.items():
            if value is not None:
                self.parts.setdefault(name, value)


@dataclass(frozen=True, slots=True, eq=False)
class Several:
    """The references of a field that refers to several records."""

    each: tuple[Reference, ...]


def references_in(value: object) -> tuple[Reference, ...]:
    """Return the references that a value stands for."""
    if isinstance(value, Several):
        return value.each
    return (value,) if isinstance(value, Reference) else ()


class References:
    """All references of one file."""

    def __init__(self) -> None:
        self._plain: dict[tuple[FormId, tuple[FieldId, ...], str], Reference] = {}
        self._parts: dict[tuple[FormId, tuple[FieldId, ...], tuple[Scalar, ...]], Reference] = {}
        self._known: dict[tuple[FormId, int], Reference] = {}

    def by_text(self, slot: Slot, text: str, parts: Mapping[FieldId, Scalar], row: int) -> Reference:
        """Return the reference to what a person calls `text`."""
        assert slot.target is not None
        known = (slot.target, slot.keys, text)
        found = self._plain.get(known)
        if found is None:
            found = self._plain[known] = Reference(
                path=slot.path,
                form=slot.target,
                keys=slot.keys,
                key=(text,),
                may_create=slot.may_create,
                row=row,
            )
        found.add(slot, parts)
        return found

    def by_parts(self, slot: Slot, parts: Mapping[FieldId, Scalar], row: int) -> Reference | None:
        """Return the reference to the record with these values; None when nothing stands there."""
        assert slot.target is not None
        key = tuple(parts.get(each) for each in slot.keys)
        if all(each is None for each in key):
            return None
        known = (slot.target, slot.keys, key)
        found = self._parts.get(known)
        if found is None:
            found = self._parts[known] = Reference(
                path=slot.path,
                form=slot.target,
                keys=slot.keys,
                key=key,
                may_create=slot.may_create,
                is_by_parts=True,
                row=row,
            )
        found.add(slot, parts)
        return found

    def by_id(self, slot: Slot, record_id: int) -> Reference:
        """Return the reference to a record that an expression found."""
        assert slot.target is not None
        known = (slot.target, record_id)
        found = self._known.get(known)
        if found is None:
            found = self._known[known] = Reference(
                path=slot.path, form=slot.target, keys=(), key=(record_id,), may_create=False, id=record_id
            )
        return found

    def resolve(self, unit: Unit) -> None:
        """Look up every reference that has no id yet, and say of each that cannot be used why."""
        by_parts: dict[tuple[FormId, tuple[FieldId, ...]], list[Reference]] = {}
        for reference in self._parts.values():
            by_parts.setdefault((reference.form, reference.keys), []).append(reference)
        for (form, keys), wanted in by_parts.items():
            _resolve(unit, form, keys, wanted)
        by_text: dict[tuple[FormId, tuple[FieldId, ...]], list[Reference]] = {}
        for reference in self._plain.values():
            by_text.setdefault((reference.form, reference.keys), []).append(reference)
        for (form, keys), wanted in by_text.items():
            for key in keys:
                _resolve(unit, form, (key,), [each for each in wanted if each.id is None])
        for reference in (*self._parts.values(), *self._plain.values()):
            if reference.is_missing and not reference.may_create:
                reference.why = _not_found(unit.project.form_by_id[reference.form], reference)

    def missing(self) -> Iterator[Reference]:
        """Yield what has to be made, in the order of the file."""
        yield from (each for each in (*self._parts.values(), *self._plain.values()) if each.is_missing)


def values_to_make(form: Form, reference: Reference) -> dict[FieldId, Scalar]:
    """Return the values of a record that is made because a file refers to it.

    One that is known by its text only gets it as its key and as what else is required of it.
    """
    if reference.is_by_parts:
        return dict(reference.parts)
    needed = [f.id for f in form.fields if _needs_text(f)]
    return {**dict.fromkeys((*reference.keys[:1], *needed), reference.key[0]), **reference.parts}


def _needs_text(each: Field) -> bool:
    return each.required and each.type == "text" and each.default is None and each.copy is None


def _resolve(unit: Unit, form_id: FormId, keys: tuple[FieldId, ...], wanted: Sequence[Reference]) -> None:
    table = unit.runtime.database.tables[form_id]
    form = unit.project.form_by_id[form_id]
    columns = [table.c[key] for key in keys]
    found: dict[tuple[Scalar, ...], list[int]] = {}
    lead, *_ = columns
    seen = dict.fromkeys(reference.key[0] for reference in wanted if reference.key[0] is not None)
    for batch in batches(seen, BATCH):
        query = sa.select(table.c.id, *columns).where(lead.in_(batch))
        if not form.is_built_in:
            query = query.where(row_condition(unit, form_id, Action.READ, table))
        for record_id, *key in unit.connection.execute(query):
            found.setdefault(tuple(key), []).append(record_id)
    for reference in wanted:
        ids = found.get(reference.key, [])
        if len(ids) == 1:
            reference.id, reference.why = ids[0], None
        elif ids and reference.id is None:
            reference.why = label(
                zh=f"有 {len(ids)} 条{text_of(form.label, 'zh')}都是“{reference.text}”",
                en=f"{len(ids)} records of {text_of(form.label, 'en')} are called `{reference.text}`",
            )


def _not_found(form: Form, reference: Reference) -> Label:
    return label(
        zh=f"没有这个{text_of(form.label, 'zh')}：{reference.text}",
        en=f"there is no {text_of(form.label, 'en').lower()} `{reference.text}`",
    )


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the values in lists of at most `size`."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch
