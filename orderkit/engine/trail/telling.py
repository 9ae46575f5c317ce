"""The audit of everything, as this reader may see it: values under the rights that hold for their record today."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orderkit.engine.access import field_rights
from orderkit.engine.audit.searching import Met
from orderkit.engine.records.reading.history import Teller
from orderkit.engine.records.views import FieldChange
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One entry. `title` is that of its record, empty for one that is gone; `facts` are what is no field.

    Of changes that are not the reader's to see there is nothing; `is_known` is false for a form that is gone.
    """

    id: int
    at: datetime
    actor_id: int | None
    on_behalf_of_id: int | None
    channel: str
    verb: str
    form: FormId
    record_id: int
    title: str
    is_known: bool
    changes: tuple[FieldChange, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


def trail(unit: Unit, met: Sequence[Met]) -> tuple[TrailEntry, ...]:
    """Return what entries say, in their order. Who may look at the audit at all is decided by the caller."""
    by_record: dict[tuple[FormId, int], list[Met]] = defaultdict(list)
    for each in met:
        by_record[each.form, each.record_id].append(each)
    ids: dict[FormId, set[int]] = defaultdict(set)
    for form_id, record_id in by_record:
        ids[form_id].add(record_id)
    for form_id, wanted in ids.items():
        if form_id in unit.project.form_by_id:
            rows_of(unit).load(form_id, wanted)
    told: dict[int, TrailEntry] = {}
    for (form_id, record_id), some in by_record.items():
        told.update((entry.id, entry) for entry in _of_record(unit, form_id, record_id, some))
    return tuple(told[each.recorded.id] for each in met)


def _of_record(unit: Unit, form_id: FormId, record_id: int, met: Sequence[Met]) -> Iterator[TrailEntry]:
    form = unit.project.form_by_id.get(form_id)
    if form is None:
        for each in met:
            # What stands beside records has facts that anybody may see who may look here; a form that is gone has none.
            noted = {name: after for name, (_, after) in each.recorded.changes.items()}
            yield _entry(each, is_known=False, facts=noted if form_id.startswith("ok_") else {})
        return
    rows = rows_of(unit)
    row = rows.row(form.id, record_id)
    teller = Teller(unit, form, row, field_rights(unit, form.id, row), with_states=True)
    title = "" if row is None else rows.title(form.id, record_id)
    by_id = {each.recorded.id: each for each in met}
    for recorded, changes in teller.changes([each.recorded for each in met]):
        facts: dict[str, object] = {}
        if "roles" in recorded.changes and form.id == "user" and "roles" not in form.by_id:
            # Roles are given beside the fields of the form.
            facts["roles"] = " → ".join(str(each or "–") for each in recorded.changes["roles"])
        yield _entry(by_id[recorded.id], title=title, changes=changes, facts=facts)


def _entry(
    met: Met,
    *,
    title: str = "",
    is_known: bool = True,
    changes: tuple[FieldChange, ...] = (),
    facts: Mapping[str, object],
) -> TrailEntry:
    recorded = met.recorded
    return TrailEntry(
        id=recorded.id,
        at=recorded.at,
        actor_id=recorded.actor_id,
        on_behalf_of_id=recorded.on_behalf_of_id,
        channel=recorded.channel,
        verb=recorded.verb,
        form=met.form,
        record_id=met.record_id,
        title=title,
        is_known=is_known,
        changes=changes,
        facts=facts,
    )
