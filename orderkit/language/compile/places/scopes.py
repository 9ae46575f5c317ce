"""What expressions may name, place by place: the table of section 4 of the language, as functions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from orderkit.language.compile.shapes.formulas import Formulas
from orderkit.language.compile.shapes.shape import BROKEN, FormShape
from orderkit.language.expressions.scope import FieldScope, FormScope, LedgerScope, Scope, WhenAsked
from orderkit.model.expressions.nodes import Root
from orderkit.model.expressions.types import Choice, DateTime, Json, Record, Type
from orderkit.model.forms import SystemRole
from orderkit.model.labels import label

ME = Root("me", Record("user"))
# No form can have this id.
_VISIT = "(visit)"
_VISITS = FormScope(
    fields={"entered_at": FieldScope(DateTime(), is_required=True)},
    is_found=False,
    label=label(zh="本次停留", en="the visit"),
)


def form_scopes(shapes: Mapping[str, FormShape]) -> dict[str, FormScope]:
    """Return every form as expressions see it."""
    return {**{shape.id: _form_scope(shape) for shape in shapes.values()}, _VISIT: _VISITS}


class _AnyField(Mapping[str, FieldScope]):
    """The fields of a form that could not be read: whatever is asked for may be among them."""

    def __getitem__(self, name: str) -> FieldScope:
        return FieldScope(BROKEN, is_required=True)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _form_scope(shape: FormShape) -> FormScope:
    if shape.is_broken:
        return FormScope(fields=_AnyField())
    fields = {}
    parent = None
    formulas = Formulas(shape)
    for name, each in shape.fields.items():
        if each.written is None and each.field is not None and each.field.system is SystemRole.PARENT:
            parent = name
        fields[name] = FieldScope(each.type, formulas.is_never_empty(name))
    return FormScope(
        fields=fields,
        collections={name: collection.form for name, collection in shape.collections.items()},
        parent=parent,
        label=shape.label,
        labels=WhenAsked(shape.labels),
        option_labels=WhenAsked(lambda: _option_labels(shape)),
    )


def _option_labels(shape: FormShape) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    return {
        each.type.options: each.option_labels
        for each in shape.fields.values()
        if isinstance(each.type, Choice)
    }


class Places:
    """The scopes of one project."""

    def __init__(
        self, forms: Mapping[str, FormScope], ledgers: Mapping[str, LedgerScope], timezone: str
    ) -> None:
        self.forms = forms
        self.ledgers = ledgers
        self.timezone = timezone
        self._records: dict[str, Scope] = {}
        self._stored: dict[str, Scope] = {}

    def record(self, form: str, **more: Root) -> Scope:
        """Return the scope of a form's own keys, of workflows and of roles: this record, and `me`."""
        if more:
            return self._record(form, more)
        scope = self._records.get(form)
        if scope is None:
            scope = self._records[form] = self._record(form, {})
        return scope

    def _record(
        self,
        form: str,
        more: Mapping[str, Root],
        *,
        is_stored: bool = False,
        has_changes: bool = False,
        has_sequence: bool = False,
    ) -> Scope:
        record = Root("record", Record(form))
        return Scope(
            forms=self.forms,
            ledgers=self.ledgers,
            implicit=record,
            roots={"this": record, "me": ME, **more},
            is_stored=is_stored,
            has_changes=has_changes,
            has_sequence=has_sequence,
            timezone=self.timezone,
        )

    def change(self, form: str, **more: Root) -> Scope:
        """Return the scope of rules that see a change: `old` and `changed()` besides."""
        return self._record(form, {"old": Root("old", Record(form)), **more}, has_changes=True)

    def value(self, form: str, value: Type) -> Scope:
        """Return the scope of a field's `check`."""
        return self.change(form, value=Root("value", value))

    def converted(self, form: str) -> Scope:
        """Return the scope of a field's `convert`: `value` is what it held before, of whatever type."""
        return self.record(form, value=Root("value", Json()))

    def stored(self, form: str) -> Scope:
        """Return the scope of a `compute`: no clock, no `me`."""
        scope = self._stored.get(form)
        if scope is None:
            scope = self._stored[form] = self._record(form, {}, is_stored=True)
        return scope

    def number(self, form: str) -> Scope:
        """Return the scope of `number`, where `{seq:4}` has a meaning."""
        return self._record(form, {}, has_sequence=True)

    def candidate(self, holder: str, target: str) -> Scope:
        """Return the scope of the `where` of a reference: fields of the candidate; `this` is the holder."""
        return Scope(
            forms=self.forms,
            ledgers=self.ledgers,
            implicit=Root("candidate", Record(target)),
            roots={"this": Root("record", Record(holder)), "me": ME},
            timezone=self.timezone,
        )

    def among(self, target: str, holder: str | None) -> Scope:
        """Return the scope of a selection's `where`; without a record that holds it, `this` is the candidate."""
        if holder is not None:
            return self.candidate(holder, target)
        candidate = Root("candidate", Record(target))
        return Scope(
            forms=self.forms,
            ledgers=self.ledgers,
            implicit=candidate,
            roots={"this": candidate, "me": ME},
            timezone=self.timezone,
        )

    def workflow(self, form: str) -> Scope:
        """Return the scope of guards, of steps and of actions."""
        return self.change(
            form,
            submitter=Root("submitter", Record("user")),
            approver=Root("approver", Record("user")),
            visit=Root("visit", Record(_VISIT)),
            decisions=Root("decisions", Json()),
        )

    def request(self) -> Scope:
        """Return the scope of what a request sets off: its `body` and `headers`, no record."""
        received = {"body": Root("body", Json()), "headers": Root("headers", Json())}
        return Scope(
            forms=self.forms, ledgers=self.ledgers, roots={"me": ME, **received}, timezone=self.timezone
        )

    def row(self, form: str) -> Scope:
        """Return the scope of an import: this record as far as it is read, and the `row` of the sheet."""
        return self.record(form, row=Root("row", Json()))

    def row_only(self) -> Scope:
        """Return the scope of an import's `where`: the `row` alone."""
        return Scope(
            forms=self.forms, ledgers=self.ledgers, roots={"row": Root("row", Json())}, timezone=self.timezone
        )

    def source_row(self, row_form: str | None) -> Scope:
        """Return the scope of conditions on rows that records are made from: names are the row's fields."""
        row = Root("item", Json() if row_form is None else Record(row_form))
        return Scope(
            forms=self.forms,
            ledgers=self.ledgers,
            implicit=row,
            roots={"item": row, "me": ME},
            timezone=self.timezone,
        )

    def measures(self, types: Mapping[str, Type]) -> Scope:
        """Return the scope of a ratio: the measures of the report as fields of one record."""
        forms = {
            **self.forms,
            "measures": FormScope(fields={name: FieldScope(each) for name, each in types.items()}),
        }
        return Scope(forms=forms, implicit=Root("measures", Record("measures")), timezone=self.timezone)

    def constant(self) -> Scope:
        """Return the scope of a place without a record, such as a seed."""
        return Scope(forms=self.forms, ledgers=self.ledgers, roots={"me": ME}, timezone=self.timezone)


def inside_each(scope: Scope, row_form: str | None) -> Scope:
    """Return a scope with `item`, the row that is looked at; a value from outside has no form."""
    item = Root("item", Json() if row_form is None else Record(row_form))
    return replace(scope, roots={**scope.roots, "item": item})
