"""Automations that wait for events: looked at once at the end of a unit, with what it is about to commit.

A field that is changed and changed back within a unit has not changed; of several changes of one record in
one unit an automation is told once. Its run is a job that exists if and only if the unit commits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import structlog

from orderkit.engine import messages
from orderkit.engine.access.people import people_with_role
from orderkit.engine.automation.names import OLD, RECORD, fields_read
from orderkit.engine.automation.runs import Run, is_too_deep, queue_run, workflow_about
from orderkit.engine.hooks import Happening
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.strands import Snapshot, kept_roots
from orderkit.engine.workflow.wording import of_both
from orderkit.model.exchange.integrations import Event, EventKind
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import text_of
from orderkit.model.project import Project
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.automations import Automation

log = structlog.get_logger(__name__)

# What stands in `last_writes` under such a name is a row of this unit alone.
_LAST = "~automations"
_Record = tuple[str, int]


class _Waiting(dict[str, list[tuple[Automation, Event]]]):
    """Automations that wait for events, by form."""


class _Seen:
    """What happened in this unit to records of forms that automations wait for."""

    def __init__(self) -> None:
        self.happenings: list[Happening] = []


class AutomationEvents:
    """Remembers what happens, and lets the automations that wait for it run once the unit commits."""

    def happened(self, unit: Unit, happenings: Sequence[Happening]) -> None:
        """Remember what happens to records that automations wait for."""
        waiting = unit.runtime.keep(_Waiting, lambda: _waiting(unit.project))
        found = [each for each in happenings if each.form in waiting]
        if not found or unit.is_trial:
            return
        seen = unit.keep(_Seen, _Seen)
        if not seen.happenings:
            unit.last_writes.append((_LAST, lambda: _Committing(unit, waiting, seen).queue()))
        seen.happenings += found


def _waiting(project: Project) -> _Waiting:
    found: dict[str, list[tuple[Automation, Event]]] = defaultdict(list)
    for automation in project.automations:
        if isinstance(automation.trigger, Event):
            found[automation.trigger.form].append((automation, automation.trigger))
    return _Waiting(found)


class _Committing:
    """Everything that happened in a unit, seen from its end."""

    def __init__(self, unit: Unit, waiting: _Waiting, seen: _Seen) -> None:
        self.unit = unit
        self.waiting = waiting
        self.happenings, seen.happenings = seen.happenings, []
        self.created = {
            (each.form, each.record_id) for each in self.happenings if each.kind is EventKind.CREATED
        }
        self.before: dict[_Record, Mapping[str, Scalar]] = {}
        self.touched: dict[_Record, set[str]] = defaultdict(set)
        for each in self.happenings:
            if each.before:
                self.before.setdefault((each.form, each.record_id), each.before)
            if each.kind is EventKind.CHANGED and each.subject is not None:
                self.touched[each.form, each.record_id].add(each.subject)

    def queue(self) -> None:
        """Queue the runs of those whose event it was and whose condition holds."""
        told: set[tuple[str, _Record]] = set()
        for happening in self.happenings:
            record = (happening.form, happening.record_id)
            for automation, event in self.waiting[happening.form]:
                if not _is_meant(event, happening) or not self._has_happened(happening):
                    continue
                if (automation.id, record) in told and happening.kind not in _EACH_TIME:
                    continue
                told.add((automation.id, record))
                self._queue(automation, happening)

    def _has_happened(self, happening: Happening) -> bool:
        """Return whether it is so for who looks at what was committed before and after."""
        record = (happening.form, happening.record_id)
        if happening.kind is EventKind.CHANGED:
            return record not in self.created and happening.subject in self._changed(record)
        return happening.kind is not EventKind.UPDATED or record not in self.created

    def _changed(self, record: _Record) -> frozenset[str]:
        row = rows_of(self.unit).row(*record)
        before = self.before.get(record, {})
        if record in self.created and row is not None:
            return frozenset(row.shape.by_id)
        return frozenset(
            path
            for path in self.touched.get(record, ())
            if row is None or path not in before or row.get(path) != before[path]
        )

    def _queue(self, automation: Automation, happening: Happening) -> None:
        record = (happening.form, happening.record_id)
        row = None if happening.kind is EventKind.DELETED else rows_of(self.unit).row(*record)
        roots = self._roots(automation, happening, row)
        changed = self._changed(record)
        if automation.when is not None and automation.foreach is None:
            environment = environment_of(self.unit, row, roots=roots, changed=changed)
            if evaluate(automation.when, environment) is not True:
                return
        if is_too_deep(self.unit):
            self._tell_loop(automation, row)
        queue_run(
            self.unit,
            Run(
                automation=automation.id,
                form=None if row is None else happening.form,
                record_id=None if row is None else happening.record_id,
                workflow=workflow_about(self.unit, happening.form, happening.workflow),
                roots=kept_roots(roots),
                changed=tuple(sorted(changed)),
            ),
        )

    def _roots(self, automation: Automation, happening: Happening, row: RecordRow | None) -> dict[str, Value]:
        """Return what is kept of how the record was, and of one that is gone all that is asked for."""
        record = (happening.form, happening.record_id)
        roots: dict[str, Value] = {}
        read = fields_read(self.unit.runtime, automation, OLD)
        if read:
            roots[OLD] = self._snapshot(record, self.before.get(record, {}), read)
        if row is None:
            held = {
                name: happening.row.get(name) for name in fields_read(self.unit.runtime, automation, *RECORD)
            }
            gone = self._snapshot(record, held, frozenset(held))
            roots |= dict.fromkeys(RECORD, gone)
        return roots

    @staticmethod
    def _snapshot(record: _Record, values: Mapping[str, Scalar], read: frozenset[str]) -> Snapshot:
        form, record_id = record
        return Snapshot(form=form, id=record_id, values={name: values.get(name) for name in sorted(read)})

    def _tell_loop(self, automation: Automation, row: RecordRow | None) -> None:
        """Let the administrators know that automations set each other off: the run is dead before it is born."""
        log.warning("automations_in_a_ring", action="automation.queue", automation=automation.id)
        why = of_both(
            "自动化“{automation}”互相触发超过 10 次，已停止；请给触发条件加上 `when`（too_deep）",
            "the automation “{automation}” was set off by a chain of 10 others and has stopped; "
            "give the triggers a `when` (too_deep)",
            automation=automation.label,
        )
        messages.open_task(
            self.unit, row, people_with_role(self.unit, ADMIN), text_of(why, self.unit.project.locale)
        )


_EACH_TIME = frozenset({EventKind.ENTERED, EventKind.DID})


def _is_meant(event: Event, happening: Happening) -> bool:
    return (
        event.kind is happening.kind
        and event.workflow in {None, happening.workflow}
        and event.subject in {None, happening.subject}
    )
