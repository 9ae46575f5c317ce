"""Where a record came from and what was made of it, as the page of a record shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderkit.engine import records
from orderkit.engine.records import Link, RecordView, Trace
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews
from orderkit.web.recording.sections import value_of
from orderkit.web.rendering.texts import Speaker

_FROM = {
    Trace.SPLIT: "making.split_from",
    Trace.MERGED: "making.merged_from",
    Trace.JOINED: "making.merged_from",
}
_INTO = {
    Trace.SPLIT: "making.split_into",
    Trace.MERGED: "making.merged_into",
    Trace.JOINED: "making.merged_into",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndView:
    """One record at the other end: what it is, how it came about, where it stands, and how much went there.

    One in the bin has an address only for who may look at it there.
    """

    form: str
    how: str
    is_in_bin: bool
    title: str
    url: str
    state: FieldView | None
    quantities: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsView:
    """Both ways. Empty ones are not shown."""

    origins: tuple[EndView, ...]
    made: tuple[EndView, ...]


def ends_view(unit: Unit, form: Form, record: RecordView, views: FieldViews, t: Speaker) -> EndsView:
    """Return the records at both ends of a record that this person may see."""
    found = records.links(unit, form.id, record.id)
    return EndsView(
        origins=tuple(_ends(unit, found.origins, views, _FROM, t)),
        made=tuple(_ends(unit, found.made, views, _INTO, t)),
    )


def _ends(
    unit: Unit, links: Sequence[Link], views: FieldViews, ways: Mapping[Trace, str], t: Speaker
) -> Iterator[EndView]:
    for link in links:
        how = t(ways[link.kind]) if link.kind in ways else ""
        if link.is_in_bin:
            yield EndView(
                form=text_of(unit.project.form_by_id[link.form].label, views.locale),
                how=how,
                is_in_bin=True,
                title=link.title or f"#{link.id}",
                url=f"/forms/{link.form}/bin/{link.id}" if link.may_look else "",
                state=None,
                quantities=(),
            )
            continue
        try:
            record = records.get(unit, link.form, link.id)
        except NotFound:
            continue
        form = unit.project.form_by_id[link.form]
        states = [each for each in form.fields if each.workflow and record.values.get(each.id) is not None]
        yield EndView(
            form=text_of(form.label, views.locale),
            how=how,
            is_in_bin=False,
            title=record.title,
            url=f"/forms/{form.id}/{link.id}",
            state=views.view(form, states[0], value_of(record, states[0].id)) if states else None,
            quantities=tuple(
                views.view(form, field, FieldValue(value=total)) for field, total in link.quantities
            ),
        )
