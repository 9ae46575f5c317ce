"""Two models beside each other: which form and field of the one before is which of the one after."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orderkit.database.changes.finding.names import Names
from orderkit.database.schema.tables import FormTable
from orderkit.model.forms import Field, Form
from orderkit.model.project import Project

Cell = tuple[str, str]
"""A field of a form, by ids."""


@dataclass(frozen=True, kw_only=True)
class Models:
    """The model of the last revision and the one to come, with the names of their tables."""

    old: Project
    new: Project
    names: Names

    @cached_property
    def _tables_before(self) -> Mapping[str, FormTable]:
        return {each.form: each for each in self.names.old.values()}

    @cached_property
    def _tables_after(self) -> Mapping[str, FormTable]:
        return {each.form: each for each in self.names.new.values()}

    @cached_property
    def renamed_fields(self) -> Mapping[Cell, Cell]:
        """What became of every field that is there still and has another name or form, virtual ones and lines too."""
        return {
            was: cell
            for form in self.new.forms
            if (before := self.form_before(form.id)) is not None
            for new in form.fields
            if (old := self._like(form, before, new)) is not None
            and (was := (before.id, old.id)) != (cell := (form.id, new.id))
        }

    def form_before(self, form: str) -> Form | None:
        """Return what a form of the new model was, if it was there."""
        table = self._tables_after.get(form)
        before = None if table is None else self.names.tables_before.get(table.name)
        return None if before is None else self.old.form_by_id.get(self.names.old[before].form)

    def form_after(self, form: str) -> Form | None:
        """Return what became of a form of the old model, if it is still there."""
        table = self._tables_before.get(form)
        after = None if table is None else self.names.tables.get(table.name)
        return None if after is None else self.new.form_by_id[self.names.new[after].form]

    def table_of(self, form: str) -> str:
        """Return the table of a form of the new model."""
        return self._tables_after[form].name

    def field_before(self, form: str, field: str) -> Field | None:
        """Return what a field of the new model was, if it was there."""
        before = self.form_before(form)
        if before is None:
            return None
        return before.by_id.get(self.names.column_before(self.table_of(form), field))

    @cached_property
    def pairs(self) -> tuple[tuple[Form, Field, Field], ...]:
        """The new form, the field before and the field after, of all stored fields that were there."""
        return tuple(
            (form, before, field)
            for form in self.new.forms
            for field in form.stored_fields
            if (before := self.field_before(form.id, field.id)) is not None and before.is_stored
        )

    def _like(self, form: Form, before: Form, new: Field) -> Field | None:
        kept = self.field_before(form.id, new.id)
        if kept is None and new.renamed_from is not None and new.renamed_from not in form.by_id:
            return before.by_id.get(new.renamed_from)
        return kept
