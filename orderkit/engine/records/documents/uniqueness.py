"""Values that may stand only once: looked up before writing, so that the problem can name the other record.

Two people at the same moment are told apart by the database's own constraint, in `writing.violations`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from orderkit.engine.access import Action, decide
from orderkit.engine.records.documents.deriving import by_form
from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.documents.terms import Terms
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, Form, FormId, SystemRole
from orderkit.model.labels import Label, label, text_of

KEYS_AT_ONCE = 2000
Key = tuple[Scalar, ...]


NOTHING: frozenset[tuple[FormId, int]] = frozenset()


def check_uniqueness(
    unit: Unit,
    documents: Sequence[Document],
    terms: Terms,
    *,
    leaving: frozenset[tuple[FormId, int]] = NOTHING,
) -> None:
    """Note a problem on each document whose unique values another record has.

    `leaving` are rows that are deleted in the same batch, whose values become free.
    """
    for same_form in by_form(documents):
        for form in same_form[0].plan.forms:
            parts = [(d, part) for d in same_form for part in d.parts_of(form.id)]
            for fields in unique_groups(form):
                _Group(unit, form, fields, terms).check(parts, leaving)


def unique_groups(form: Form) -> Iterator[tuple[FieldId, ...]]:
    """Yield the groups of fields whose values may stand only once together."""
    for field in form.fields:
        if field.unique or field.system is SystemRole.NUMBER:
            yield (field.id,)
    yield from form.unique


def taken_message(form: Form, fields: Sequence[FieldId], title: str | None) -> Label:
    """Return the words for a value that is taken; `title` names the other record, if it may be named."""
    names = {
        language: "、".join(text_of(form.by_id[each].label, language) for each in fields)
        for language in ("zh", "en")
    }
    other = {"zh": f"：{title}", "en": f": {title}"} if title else {"zh": "", "en": ""}
    return label(
        zh=f"{names['zh']}已被另一条记录使用{other['zh']}",
        en=f"{names['en']} is already used by another record{other['en']}",
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Fields of a form whose values may stand only once together."""

    unit: Unit
    form: Form
    fields: tuple[FieldId, ...]
    terms: Terms

    def check(self, parts: Sequence[tuple[Document, Part]], leaving: frozenset[tuple[FormId, int]]) -> None:
        wanted: dict[Key, tuple[Document, Part]] = {}
        for document, part in parts:
            key = self.key(part)
            if any(value is None for value in key):
                continue
            if not part.is_new and not part.changed.intersection(self.fields):
                continue
            if key in wanted:
                self.refuse(document, part, None)
            else:
                wanted[key] = (document, part)
        in_hand = {part.row.id: part for _, part in parts}
        for key, other_id in _taken(self.unit, self.form, self.fields, list(wanted)):
            document, part = wanted[key]
            mine = in_hand.get(other_id)
            is_free = (self.form.id, other_id) in leaving or (mine is not None and self.key(mine) != key)
            if other_id != part.row.id and not is_free:
                self.refuse(document, part, _title(self.unit, self.form, other_id, self.terms))

    def key(self, part: Part) -> Key:
        return tuple(part.row.values.get(each) for each in self.fields)

    def refuse(self, document: Document, part: Part, title: str | None) -> None:
        message = taken_message(self.form, self.fields, title)
        document.refuse(part.path + self.fields[0], "not_unique", message)


def _taken(
    unit: Unit, form: Form, fields: tuple[FieldId, ...], keys: Sequence[Key]
) -> Iterator[tuple[Key, int]]:
    table = unit.runtime.database.tables[form.id]
    columns = [table.c[each] for each in fields]
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        if len(columns) == 1:
            condition = columns[0].in_([key[0] for key in some])
        else:
            condition = tuple_(*columns).in_(some)
        for row in unit.connection.execute(select(table.c.id, *columns).where(condition)):
            yield tuple(row[1:]), row[0]


def _title(unit: Unit, form: Form, record_id: int, terms: Terms) -> str | None:
    rows = rows_of(unit)
    other: RecordRow | None = rows.row(form.id, record_id)
    if other is None or form.parent is not None:
        return None
    is_known = terms.is_free(unit) or decide(unit.person, Action.READ, form.id, other, unit=unit)
    return rows.title(form.id, record_id) if is_known else None
