"""The two models that are compared, and which name of the old one is which of the new one.

A form or a field is another one's successor only where the model says `renamed_from` or `moved_from`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orderkit.catalog import Catalog
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole
from orderkit.model.project import Project
from orderkit.plan.areas.ledgers import names_of_ledgers

_CHOICES = frozenset({"choice", "choices"})


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The model before and the model after."""

    old: Project
    new: Project
    catalog: Catalog

    @cached_property
    def form_before(self) -> Mapping[FormId, FormId]:
        """What each form that stays was called, by its id from now on."""
        found = {}
        for form in self.new.forms:
            before = self._called_before(form)
            if before in self.old.form_by_id:
                found[form.id] = before
        return found

    @cached_property
    def form_after(self) -> Mapping[FormId, FormId]:
        """What each form that stays is called from now on, by its old id."""
        return {before: after for after, before in self.form_before.items()}

    def _called_before(self, form: Form) -> FormId:
        if form.parent is not None:
            parent = self.new.form_by_id[form.parent]
            last = form.id.rsplit(".", 1)[1]
            field = parent.by_id.get(last)
            before = f"{self._called_before(parent)}.{last}"
            if before not in self.old.form_by_id and field is not None and field.renamed_from is not None:
                return f"{self._called_before(parent)}.{field.renamed_from}"
            return before
        origin = form.renamed_from
        is_renamed = (
            origin is not None
            and form.id not in self.old.form_by_id
            and origin in self.old.form_by_id
            and origin not in self.new.form_by_id
        )
        return origin if is_renamed and origin is not None else form.id

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """What names of forms, fields and options became, where they have others now."""
        found = {before: after for before, after in self.form_after.items() if before != after}
        for old, new in self.kept_forms():
            names = fields_before(old, new)
            found |= {before: after for after, before in names.items() if before != after}
            for after, before in names.items():
                found |= _options_renamed(old.by_id[before], new.by_id[after])
        return {**found, **names_of_ledgers(self.old, self.new)}

    def kept_forms(self) -> Iterator[tuple[Form, Form]]:
        """Yield the forms that stay, as they were and as they are."""
        for after, before in self.form_before.items():
            yield self.old.form_by_id[before], self.new.form_by_id[after]

    def new_forms(self) -> Iterator[Form]:
        """Yield the forms that are new."""
        return (form for form in self.new.forms if form.id not in self.form_before)

    def gone_forms(self) -> Iterator[Form]:
        """Yield the forms that are gone."""
        return (form for form in self.old.forms if form.id not in self.form_after)


def _options_renamed(old: Field, new: Field) -> Mapping[str, str]:
    before = options_of(old)
    return {
        option.renamed_from: value
        for value, option in options_of(new).items()
        if option.renamed_from in before and value not in before
    }


def options_of(field: Field) -> Mapping[str, Any]:
    """Return the options of a choice by value; none of any other field."""
    if field.type not in _CHOICES:
        return {}
    return {each.value: each for each in getattr(field.options, "options", ())}


def own_fields(form: Form) -> dict[FieldId, Field]:
    """Return the fields that the project declares, by id; what orderkit adds follows from elsewhere."""
    return {field.id: field for field in form.fields if field.system is SystemRole.NONE}


def fields_before(old: Form, new: Form) -> dict[FieldId, FieldId]:
    """Return what each field that stays was called, by its id from now on."""
    before, after = own_fields(old), own_fields(new)
    found = {name: name for name in after if name in before}
    for name, field in after.items():
        origin = field.renamed_from
        if name not in before and origin is not None and origin in before and origin not in after:
            found[name] = origin
    return found
