"""What of a field's view is the same for each of its values: worked out once in a language, not for every cell.

Nothing in it hangs on who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orderkit.catalog import Catalog
from orderkit.engine.runtime import Unit
from orderkit.fields.choice import ChoiceOptions
from orderkit.fields.field_type import ATTACHED, FieldType
from orderkit.model.expressions.types import Number
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole
from orderkit.model.labels import text_of
from orderkit.model.options import OptionModel
from orderkit.model.project import Project
from orderkit.web.display.currencies import mark_of
from orderkit.web.display.hues import hues_of

WIDE_TYPES = frozenset({"longtext", "richtext", "json", "lines"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTraits:
    """One field in one language. `hues` are the colours of its values."""

    field: Field
    kind: FieldType[Any]
    label: str
    help: str
    placeholder: str
    unit: str
    options_url: str
    upload_url: str
    settings: OptionModel
    hues: Mapping[str, str]
    is_number: bool
    is_state: bool
    is_wide: bool
    is_computed: bool


class AllTraits:
    """Traits of the fields of a project in one language, each made when it is first asked for."""

    def __init__(self, project: Project, catalog: Catalog, locale: str) -> None:
        self._project = project
        self._catalog = catalog
        self._locale = locale
        self._known: dict[tuple[FormId, FieldId], FieldTraits] = {}

    def of(self, form: Form, field: Field) -> FieldTraits:
        """Return the traits of a field of `form`; of one that somebody has altered, for this once."""
        found = self._known.get((form.id, field.id))
        if found is not None and found.field is field:
            return found
        found = traits_of(self._project, self._catalog, self._locale, form, field)
        if form.by_id.get(field.id) is field and self._project.form_by_id.get(form.id) is form:
            self._known[form.id, field.id] = found
        return found


def traits_of(project: Project, catalog: Catalog, locale: str, form: Form, field: Field) -> FieldTraits:
    """Return what is the same for each value of a field."""
    kind = catalog.fields[field.type]
    system = field.system
    return FieldTraits(
        field=field,
        kind=kind,
        label=text_of(field.label, locale),
        help=text_of(field.help, locale) if field.help else "",
        placeholder=text_of(field.placeholder, locale) if field.placeholder else "",
        unit=_unit(field),
        options_url=f"/forms/{form.id}/options/{field.id}" if field.target is not None else "",
        upload_url=f"/forms/{form.id}/upload/{field.id}" if kind.column in ATTACHED else "",
        settings=field.options,
        hues=hues_of(project, field) if isinstance(field.options, ChoiceOptions) else {},
        is_number=is_number(field),
        is_state=field.workflow is not None,
        is_wide=field.type in WIDE_TYPES,
        is_computed=field.is_derived or (system is not SystemRole.NONE and system is not SystemRole.OWNER),
    )


class _ByLocale(dict[str, AllTraits]):
    pass


def all_traits(unit: Unit) -> AllTraits:
    """Return the traits in the language of a unit, which the process keeps."""
    runtime, locale = unit.runtime, unit.locale
    known = runtime.keep(_ByLocale, _ByLocale)
    found = known.get(locale)
    if found is None:
        found = AllTraits(runtime.project, runtime.catalog, locale)
        if locale in runtime.project.locales:
            known[locale] = found
    return found


def is_number(field: Field) -> bool:
    """Return whether the field holds a number, which stands at the right of its column."""
    return isinstance(field.value_type, Number)


def _unit(field: Field) -> str:
    """Return the mark that stands before an amount: one letter only, so that inputs line up."""
    type_ = field.value_type
    mark = mark_of(type_.currency) if isinstance(type_, Number) and type_.currency else ""
    return mark if len(mark) == 1 else ""
