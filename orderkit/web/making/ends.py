"""Where a record came from and what was made of it, as the page of a record shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orderkit.engine import records
from orderkit.engine.records import Link, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews
from orderkit.web.recording.sections import value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EndView:
    """One record at the other end: what it is, where it stands, and how much went there."""

    form: str
    title: str
    url: str
    state: FieldView | None
    quantities: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsView:
    """Both ways. Empty ones are not shown."""

    origins: tuple[EndView, ...]
    made: tuple[EndView, ...]


def ends_view(unit: Unit, form: Form, record: RecordView, views: FieldViews) -> EndsView:
    """Return the records at both ends of a record that this person may see."""
    found = records.links(unit, form.id, record.id)
    return EndsView(
        origins=tuple(_ends(unit, found.origins, views)), made=tuple(_ends(unit, found.made, views))
    )


def _ends(unit: Unit, links: Sequence[Link], views: FieldViews) -> Iterator[EndView]:
    for link in links:
        try:
            record = records.get(unit, link.form, link.id)
        except NotFound:
            continue
        form = unit.project.form_by_id[link.form]
        states = [each for each in form.fields if each.workflow and record.values.get(each.id) is not None]
        yield EndView(
            form=text_of(form.label, views.locale),
            title=record.title,
            url=f"/forms/{form.id}/{link.id}",
            state=views.view(form, states[0], value_of(record, states[0].id)) if states else None,
            quantities=tuple(
                views.view(form, field, FieldValue(value=total)) for field, total in link.quantities
            ),
        )
