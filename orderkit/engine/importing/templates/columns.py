"""The columns of a template: what the plan reads, under headings that it finds again."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.engine.access import Right, field_rights
from orderkit.engine.importing.matching.mapping import Level, Plan, Slot, Source
from orderkit.engine.importing.reading.cells import heading_key
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.types import Many
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.model.rights import is_writable


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateColumn:
    """One column. `source` None is a heading that only rules read; `form` is the form of the slot."""

    heading: str
    source: Source | None = None
    slot: Slot | None = None
    form: Form | None = None
    is_required: bool = False

    @property
    def names_a_record(self) -> bool:
        """Whether a record is named here by its key."""
        return self.source is not None and self.source.field.target is not None

    @property
    def holds_several(self) -> bool:
        """Whether several values may stand in one cell."""
        return self.source is not None and isinstance(self.source.field.value_type, Many)


def template_columns(unit: Unit, plan: Plan) -> tuple[TemplateColumn, ...]:
    """Return the columns, each heading once: those of the mapping, or the fields that this person may fill."""
    found: dict[str, TemplateColumn] = {}
    for each in _of_form(unit, plan, found) if plan.is_from_form else _of_mapping(unit, plan):
        found.setdefault(heading_key(each.heading), each)
    return tuple(found.values())


def _of_mapping(unit: Unit, plan: Plan) -> Iterator[TemplateColumn]:
    by_heading: dict[str, TemplateColumn] = {}
    for level in plan.levels:
        for slot in level.slots:
            for source in slot.sources:
                for heading in source.headings:
                    column = TemplateColumn(
                        heading=heading,
                        source=source,
                        slot=slot,
                        form=level.form,
                        is_required=_must_be_given(slot, source),
                    )
                    by_heading.setdefault(heading, column)
    written = (each.heading for each in unit.project.import_by_id[plan.id].columns)
    for heading in dict.fromkeys((*written, *plan.headings_in_expressions)):
        yield by_heading.get(heading) or TemplateColumn(heading=heading)


def _of_form(unit: Unit, plan: Plan, taken: dict[str, TemplateColumn]) -> Iterator[TemplateColumn]:
    rights = field_rights(unit, plan.form.id, None)
    for level in plan.levels:
        for slot in level.slots:
            source = slot.source
            if (
                source is None
                or not is_writable(slot.field)
                or rights.get(slot.path, Right.HIDDEN) < Right.WRITE
            ):
                continue
            yield TemplateColumn(
                heading=_heading(unit, level, source, taken),
                source=source,
                slot=slot,
                form=level.form,
                is_required=_must_be_given(slot, source),
            )


def _heading(unit: Unit, level: Level, source: Source, taken: dict[str, TemplateColumn]) -> str:
    """Return the shortest heading in the reader's language under which the plan finds this very source."""
    own = text_of(source.field.label, unit.locale)
    wanted = [own, source.field.id]
    if level.collection:
        title = text_of(level.title, unit.locale)
        wanted = [own, f"{title}.{own}", f"{level.collection}.{source.field.id}"]
    known = {heading_key(each) for each in source.headings}
    return next(each for each in wanted if heading_key(each) in known and heading_key(each) not in taken)


def _must_be_given(slot: Slot, source: Source) -> bool:
    field = slot.field
    if not field.required or source.assigned is not None or source.default is not None:
        return False
    if field.default is not None or field.copy is not None:
        return False
    return slot.source is source or source.field.id in slot.keys
