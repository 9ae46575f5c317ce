"""A form while it is being filled in: what would be saved, and what is still wrong. Nothing is saved."""

from collections.abc import Iterator, Mapping

from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.access.masks import masked
from orderkit.engine.records.changes import Create, LineChange, Lines, Update, Values
from orderkit.engine.records.documents.deriving import derive
from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.documents.laying import Layer, load_documents
from orderkit.engine.records.documents.naming import why_not_given
from orderkit.engine.records.documents.plans import FieldRules, FormRules
from orderkit.engine.records.documents.terms import FOR_PEOPLE
from orderkit.engine.records.documents.uniqueness import check_uniqueness
from orderkit.engine.records.documents.validating import (
    condition_value,
    is_required,
    is_visible,
    validate,
)
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.reading.units import units_of
from orderkit.engine.records.reading.viewing import Told, files_in, titles_of, told
from orderkit.engine.records.views import Draft, DraftLine, FieldState
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, FormId

Rights = Mapping[str, Right]


def draft(
    unit: Unit,
    form_id: FormId,
    record_id: int | None,
    values: Values,
    lines: Lines | None = None,
    *,
    touched: frozenset[str] | None = None,
) -> Draft:
    """Return the record as it would be saved with these values. What may not be written is left out.

    `touched` names the paths (`term`, `lines.0.price`) that the person typed into; an editable copy
    that is not touched is taken again. None means that everything given was typed.
    Raises: NotFound (no such form or record for this person), Denied (they may create none).
    """
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound
    row = None if record_id is None else readable_row(unit, form_id, record_id)
    rights = field_rights(unit, form_id, row)
    writable = _Writable(unit, rights, touched)
    given, given_lines = writable.values(form, values), writable.lines(form, lines or {})
    layer = Layer(unit, FOR_PEOPLE)
    if row is None:
        document = layer.create(0, Create(form=form_id, values=given, lines=given_lines))
    else:
        load_documents(unit, form_id, [row.id], lock=False)
        decision = decide(unit.person, Action.UPDATE, form_id, row, unit=unit)
        change = Update(form=form_id, id=row.id, values=given, lines=given_lines)
        document = layer.update(0, change, row) if decision else layer.unchanged(row)
    _leave_out_unknown(unit, document)
    derive(unit, [document])
    validate(unit, [document], FOR_PEOPLE)
    check_uniqueness(unit, [document], FOR_PEOPLE)
    made = _Drafter(unit, document, rights).draft(record_id)
    # What is in hand now has the draft in it, which nobody has saved.
    rows_of(unit).forget_everything()
    return made


def _leave_out_unknown(unit: Unit, document: Document) -> None:
    """Empty what names a record or file of which the person may not know: a draft would tell of it."""
    for _, part in document.parts():
        for name in sorted(part.given):
            why = why_not_given(unit, part.form.by_id[name], part.row.values.get(name))
            if why is not None:
                part.put(name, None)
                document.refuse(part.path + name, "not_found", why)


class _Writable:
    """What of the given values the person may write, without copies that nobody typed over."""

    def __init__(self, unit: Unit, rights: Rights, touched: frozenset[str] | None) -> None:
        self.unit = unit
        self.rights = rights
        self.touched = touched

    def values(
        self, form: Form, values: Values, *, collection: str = "", place: str = ""
    ) -> dict[FieldId, Scalar]:
        """Return the values of one row; `place` is its path (`lines.0.`)."""
        found: dict[FieldId, Scalar] = {}
        for name, value in values.items():
            field = form.by_id.get(name)
            path = f"{collection}.{name}" if collection else name
            if field is None or self.rights.get(path, Right.HIDDEN) is not Right.WRITE:
                continue
            is_typed = self.touched is None or f"{place}{name}" in self.touched
            if field.copy is None or is_typed:
                found[name] = value
        return found

    def lines(self, form: Form, lines: Lines) -> dict[str, list[LineChange]]:
        """Return the rows of every collection that the form has."""
        found: dict[str, list[LineChange]] = {}
        for name, changes in lines.items():
            collection = form.collection_by_id.get(name)
            if collection is None or not collection.is_lines:
                continue
            rows = self.unit.project.form_by_id[collection.form]
            found[name] = [
                LineChange(
                    id=change.id,
                    values=self.values(rows, change.values, collection=name, place=f"{name}.{index}."),
                )
                for index, change in enumerate(changes)
            ]
        return found


class _Drafter:
    """Turns a document into what the person filling it in may see."""

    def __init__(self, unit: Unit, document: Document, rights: Rights) -> None:
        self.unit = unit
        self.document = document
        self.rights = rights

    def draft(self, record_id: int | None) -> Draft:
        document = self.document
        shown = {id(part): self._values(collection, part) for collection, part in document.parts()}
        clear = [
            (part.form.by_id[name], value)
            for collection, part in document.parts()
            for name, value in shown[id(part)].items()
            if self._right(collection, name) is not Right.MASKED
        ]
        titles = titles_of(self.unit, clear)
        stored = files_in(self.unit, clear)
        top = shown[id(document.top)]
        named = told(self.unit, document.form, self._clear(None, top), titles, stored)
        return Draft(
            form=document.form.id,
            id=record_id,
            values=top,
            titles=named.titles,
            lines={
                name: tuple(
                    self._line(
                        name,
                        part,
                        told(self.unit, part.form, self._clear(name, shown[id(part)]), titles, stored),
                        shown[id(part)],
                    )
                    for part in parts
                )
                for name, parts in document.lines.items()
                if self._right(None, name) is not Right.HIDDEN
            },
            files=named.files,
            items=named.items,
            units=self._units(None, document.top, top),
            states=dict(self._states()),
            problems=tuple(p for p in document.problems if self._is_known(p.path)),
        )

    def _values(self, collection: str | None, part: Part) -> dict[FieldId, Scalar]:
        values: dict[FieldId, Scalar] = {}
        for field in part.form.fields:
            right = self._right(collection, field.id)
            if field.type == "lines" or right is Right.HIDDEN:
                continue
            value = _value(part, field)
            values[field.id] = (
                masked(value, field.mask) if right is Right.MASKED and not part.is_new else value
            )
        return values

    def _clear(self, collection: str | None, values: Mapping[FieldId, Scalar]) -> dict[FieldId, Scalar]:
        """Return the values that are not masked."""
        return {
            name: value for name, value in values.items() if self._right(collection, name) is not Right.MASKED
        }

    def _units(
        self, collection: str | None, part: Part, values: Mapping[FieldId, Scalar]
    ) -> dict[FieldId, str]:
        rights = {each.id: self._right(collection, each.id) for each in part.form.fields}
        fields = [part.form.by_id[name] for name in self._clear(collection, values)]
        return units_of(self.unit, part.row, fields, rights)

    def _line(self, collection: str, part: Part, named: Told, values: Mapping[FieldId, Scalar]) -> DraftLine:
        return DraftLine(
            id=None if part.is_new else part.row.id,
            values=values,
            titles=named.titles,
            files=named.files,
            items=named.items,
            units=self._units(collection, part, values),
        )

    def _right(self, collection: str | None, name: str) -> Right:
        path = name if collection is None else f"{collection}.{name}"
        return self.rights.get(path, Right.HIDDEN)

    def _states(self) -> Iterator[tuple[str, FieldState]]:
        for rules in self.document.plan.rules:
            for part in self.document.parts_of(rules.form.id):
                yield from self._part_states(rules, part)

    def _part_states(self, rules: FormRules, part: Part) -> Iterator[tuple[str, FieldState]]:
        collection = part.path.split(".", 1)[0] if part.path else None
        for each in rules.fields:
            right = self._right(collection, each.field.id)
            if right is Right.HIDDEN:
                continue
            yield (
                part.path + each.field.id,
                FieldState(
                    is_visible=is_visible(self.unit, each, part),
                    is_required=is_required(self.unit, each, part),
                    is_readonly=right is not Right.WRITE or self._is_locked(each, part),
                ),
            )

    def _is_locked(self, rules: FieldRules, part: Part) -> bool:
        if rules.field.set_once and part.old is not None and part.old.values.get(rules.field.id) is not None:
            return True
        if rules.readonly_if is None:
            return False
        try:
            return condition_value(self.unit, part, rules.readonly_if, {"old": part.old}) is True
        except EvaluationError:
            return False

    def _is_known(self, path: str) -> bool:
        """Return whether the reader may know of the field that a problem is about."""
        parts = [each for each in path.split(".") if not each.isdecimal()]
        return not path or self.rights.get(".".join(parts), Right.HIDDEN) is not Right.HIDDEN


def _value(part: Part, field: Field) -> Scalar:
    if field.id == "id" and part.is_new:
        return None
    if field.virtual is None:
        value = part.row.values.get(field.id)
        return None if isinstance(value, int) and value < 0 and field.system else value
    try:
        return part.row.get(field.id)
    except EvaluationError:
        return None
