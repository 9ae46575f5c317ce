"""What of the news one person may be told: a record only if they may see it at the moment of telling.

Of a record that is gone nobody can say any more who might see it, and of crowds nobody asks: then only
the form is named, to who may read it at all. Only who had a record before them hears that it is there
no longer, and not why.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from orderkit.engine.access import Action, decide, row_condition
from orderkit.engine.live.happenings import Happened, Marks, assignees_of
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId

Looked = tuple[FormId, int]
"""A record that somebody has before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTold:
    """A record that changed. `by` is who did it, empty for the system; `is_mine` is the reader's own deed."""

    form: FormId
    id: int
    by: str
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """News for one person. `forms` are those of which more changed than is named.

    `lost` are records that the person looks at and may not see any more.
    """

    marks: Marks
    records: tuple[RecordTold, ...] = ()
    forms: frozenset[FormId] = frozenset()
    tasks: bool = False
    messages: bool = False
    lost: frozenset[Looked] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.records or self.forms or self.tasks or self.messages or self.lost)


def told_to(unit: Unit, happened: Happened) -> Told:
    """Return what the unit's person may be told of what happened."""
    by_form: dict[FormId, list[int]] = defaultdict(list)
    for form, record_id in happened.records:
        by_form[form].append(record_id)
    readable = {
        form
        for form in {*by_form, *happened.gone, *happened.crowded}
        if form in unit.project.form_by_id and decide(unit.person, Action.READ, form, unit=unit)
    }
    seen = [
        (form, each) for form in sorted(readable & set(by_form)) for each in _seen(unit, form, by_form[form])
    ]
    actors = {actor for each in seen if (actor := happened.records[each]) is not None}
    names = rows_of(unit).titles("user", actors) if actors else {}
    me = unit.person.id
    return Told(
        marks=happened.marks,
        records=tuple(_told(form, each, happened.records[form, each], names, me) for form, each in seen),
        forms=frozenset(readable & (happened.gone | happened.crowded)),
        tasks=me is not None and me in assignees_of(unit, happened.tasks_of),
        messages=me is not None and me in happened.messages_to,
    )


def lost_to(unit: Unit, looked_at: Iterable[Looked]) -> frozenset[Looked]:
    """Return which of these records the unit's person may not see: gone, out of their sight, or never in it."""
    by_form: dict[FormId, list[int]] = defaultdict(list)
    for form, record_id in looked_at:
        by_form[form].append(record_id)
    seen = {
        (form, each)
        for form, ids in by_form.items()
        if form in unit.project.form_by_id and decide(unit.person, Action.READ, form, unit=unit)
        for each in _seen(unit, form, ids)
    }
    return frozenset((form, each) for form, ids in by_form.items() for each in ids) - seen


def _seen(unit: Unit, form: FormId, ids: list[int]) -> list[int]:
    table = unit.runtime.database.tables[form]
    visible = select(table.c.id).where(table.c.id.in_(ids), row_condition(unit, form, Action.READ, table))
    return sorted(unit.connection.execute(visible).scalars())


def _told(
    form: FormId, record_id: int, actor: int | None, names: Mapping[int, str], me: int | None
) -> RecordTold:
    is_mine = actor is not None and actor == me
    return RecordTold(form=form, id=record_id, by=names.get(actor or 0, ""), is_mine=is_mine)
