"""Takes an import back: what it created goes to the bin, what it changed gets its former values.

A value that somebody has changed since stays; what cannot be taken back is noted with its reason. The
audit of each record says what stood there before, so nothing is kept a second time.
"""

from collections.abc import Callable, Sequence
from time import perf_counter

from orderkit.engine.importing import runs, transitions
from orderkit.engine.importing.former import former_of
from orderkit.engine.importing.matching.mapping import Plan
from orderkit.engine.importing.preparing import allowed_plan
from orderkit.engine.importing.runs import ImportRun, Verb, WrittenRecord
from orderkit.engine.pacing import Pace, give_way
from orderkit.engine.records import Change, Delete, apply
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.errors import Conflict, Denied, NotFound, OrderkitError, Refused, Stale
from orderkit.model.labels import Label, label, text_of

_REFUSALS = (NotFound, Denied, Refused, Stale, Conflict)
_MOST_TOGETHER = 100
_GONE = label(zh="已不存在", en="it is gone already")
_NO_FORM = label(zh="表单已不存在", en="its form is gone")
OnProgress = Callable[[int, int], None]


def plan_to_reverse(unit: Unit, run: ImportRun) -> Plan:
    """Return the plan of a run, as this person may use it, to take it back. Raises Denied; Conflict: it is gone."""
    try:
        return allowed_plan(unit, run.mapping)
    except NotFound:
        raise Conflict(
            label(
                zh=f"导入方式“{run.mapping}”已不存在或已改名，无法按它撤销；请在项目里恢复这个名字，再撤销",
                en=f"the import `{run.mapping}` is gone or called otherwise, and only with it is this taken back; "
                "give it its former name in the project, then take it back",
            )
        ) from None


def reverse(
    runtime: Runtime, person: Person, run_id: int, *, on_progress: OnProgress | None = None
) -> tuple[WrittenRecord, ...]:
    """Take back what a run wrote, and return the records that could not be taken back, with the reasons.

    Raises: NotFound; Denied, without the right to import this; Conflict, when there is nothing to take back, the
    run is still under way, or its mapping is gone.
    """
    with runtime.write(person, Channel.IMPORT) as unit:
        run = runs.find_run(unit, run_id)
        plan = plan_to_reverse(unit, run)
        transitions.begin_reversal(unit, run_id)
        written = runs.written_records(unit, run_id)
    try:
        _reverse(runtime, person, run, plan, written, on_progress or (lambda *_: None))
    except BaseException:
        with runtime.write(person, Channel.IMPORT) as unit:
            transitions.break_off_reversal(unit, run_id)
        raise
    with runtime.write(person, Channel.IMPORT) as unit:
        transitions.end_reversal(unit, run_id)
        return runs.written_records(unit, run_id, is_left=True)


def _reverse(  # noqa: PLR0917 - what `reverse` has found
    runtime: Runtime,
    person: Person,
    run: ImportRun,
    plan: Plan,
    written: Sequence[WrittenRecord],
    tell: OnProgress,
) -> None:
    # An order goes before the customer that was made for it.
    todo = [each for each in written if not each.is_settled]
    pace = Pace(most=_MOST_TOGETHER)
    done = 0
    while done < len(todo):
        some = todo[done : done + pace.size]
        begun = perf_counter()
        try:
            with runtime.write(person, Channel.IMPORT, request_id=runs.request_of(run.id)) as unit:
                _take_back(unit, run, plan, runs.not_settled(unit, run.id, some))
        except _REFUSALS as error:
            if len(some) > 1:
                pace.broke_off(error, len(some))
                continue
            with runtime.write(person, Channel.IMPORT) as unit:
                runs.note_taken_back(unit, run.id, {some[0]: _reason(error)})
        else:
            pace.took(perf_counter() - begun, len(some))
        done += len(some)
        with runtime.write(person, Channel.IMPORT) as unit:
            settled = len(written) - len(todo) + done
            transitions.note_reversal(unit, run.id, total=len(written), done=settled)
        if done < len(todo):
            give_way(runtime.database)
        tell(done, len(todo))


def _take_back(unit: Unit, run: ImportRun, plan: Plan, some: Sequence[WrittenRecord]) -> None:
    """Take back these records and note it, or nothing of it."""
    notes: dict[WrittenRecord, Label | None] = {}
    changes: list[Change] = []
    for each in some:
        if each.form not in unit.project.form_by_id:
            notes[each] = _NO_FORM
            continue
        if each.verb is not Verb.UPDATED:
            changes.append(Delete(form=each.form, id=each.id))
            notes[each] = None
            continue
        former = former_of(unit, run, each)
        notes[each] = former.why
        if former.change is not None:
            changes.append(former.change)
    apply(unit, changes, history=plan.is_history, waive=plan.waive)
    runs.note_taken_back(unit, run.id, notes)


def _reason(error: OrderkitError) -> Label:
    """Return why a record was not taken back."""
    if isinstance(error, NotFound):
        return _GONE
    if isinstance(error, Refused) and error.problems:
        told = [each.message for each in error.problems]
        return label(
            zh="；".join(text_of(each, "zh") for each in told),
            en="; ".join(text_of(each, "en") for each in told),
        )
    return error.explain
