"""Takes an import back: what it created goes to the bin, what it changed gets its former values.

A value that somebody has changed since stays; what cannot be taken back is noted with its reason. The
audit of each record says what stood there before, so nothing is kept a second time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from orderkit.engine import audit
from orderkit.engine.importing import runs, transitions
from orderkit.engine.importing.matching.mapping import plan_of
from orderkit.engine.importing.runs import ImportRun, Verb, WrittenRecord
from orderkit.engine.pacing import Pace
from orderkit.engine.records import Change, Delete, LineChange, Update, apply
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Conflict, Denied, NotFound, OrderkitError, Refused, Stale
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.labels import Label, label, text_of

_REFUSALS = (NotFound, Denied, Refused, Stale, Conflict)
_MOST_TOGETHER = 100
_GONE = label(zh="已不存在", en="it is gone already")
_NO_FORM = label(zh="表单已不存在", en="its form is gone")
OnProgress = Callable[[int, int], None]


def reverse(
    runtime: Runtime, person: Person, run_id: int, *, on_progress: OnProgress | None = None
) -> tuple[WrittenRecord, ...]:
    """Take back what a run wrote, and return the records that could not be taken back, with the reasons.

    Raises: NotFound; Conflict, when there is nothing to take back or the run is still under way.
    """
    with runtime.write(person, Channel.IMPORT) as unit:
        transitions.begin_reversal(unit, run_id)
        run = runs.find_run(unit, run_id)
        left = runs.written_records(unit, run_id)
    # An order goes before the customer that was made for it.
    todo = [each for each in left if not each.is_settled]
    with runtime.write(person, Channel.IMPORT) as unit:
        transitions.note_reversal(unit, run_id, total=len(left), done=len(left) - len(todo))
    tell = on_progress or (lambda *_: None)
    pace = Pace(most=_MOST_TOGETHER)
    done = 0
    while done < len(todo):
        some = todo[done : done + pace.size]
        begun = perf_counter()
        try:
            with runtime.write(person, Channel.IMPORT, request_id=runs.request_of(run_id)) as unit:
                _take_back(unit, run, some)
        except _REFUSALS as error:
            if len(some) > 1:
                pace.broke_off(error, len(some))
                continue
            with runtime.write(person, Channel.IMPORT) as unit:
                runs.note_taken_back(unit, run_id, {some[0]: _reason(error)})
        else:
            pace.took(perf_counter() - begun, len(some))
        done += len(some)
        with runtime.write(person, Channel.IMPORT) as unit:
            transitions.note_reversal(unit, run_id, total=len(left), done=len(left) - len(todo) + done)
        tell(done, len(todo))
    with runtime.write(person, Channel.IMPORT) as unit:
        transitions.end_reversal(unit, run_id)
        return runs.written_records(unit, run_id, is_left=True)


def _take_back(unit: Unit, run: ImportRun, some: Sequence[WrittenRecord]) -> None:
    """Take back these records and note it, or nothing of it."""
    plan = plan_of(unit.project, run.mapping)
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
        former = _former(unit, run, each)
        notes[each] = former.why
        if former.change is not None:
            changes.append(former.change)
    apply(unit, changes, history=plan.is_history, waive=plan.waive)
    runs.note_taken_back(unit, run.id, notes)


@dataclass(slots=True)
class _Former:
    """The change that brings back what stood in a record, and what of it stays, in words."""

    change: Update | None = None
    why: Label | None = None


class _Since:
    """Collects the labels of what somebody has changed since."""

    def __init__(self) -> None:
        self.labels: dict[str, Label] = {}

    def why(self) -> Label | None:
        if not self.labels:
            return None
        zh = "、".join(text_of(each, "zh") for each in self.labels.values())
        en = ", ".join(text_of(each, "en") for each in self.labels.values())
        return label(zh=f"之后又被修改，保留现值：{zh}", en=f"changed since, and left as it is: {en}")


def _former(unit: Unit, run: ImportRun, kept: WrittenRecord) -> _Former:
    row = rows_of(unit).row(kept.form, kept.id)
    if row is None:
        raise NotFound
    changes: dict[str, audit.BeforeAfter] = {}
    for entry in audit.read(unit, kept.form, kept.id, request_id=runs.request_of(run.id)):
        for path, (before, after) in entry.changes.items():
            # Newest first: the first one says what the import left, the last one what stood before.
            changes[path] = (before, changes.get(path, (before, after))[1])
    reader = _Reader(unit, row, changes)
    values = reader.values("", row.shape, row)
    lines = reader.lines()
    change = Update(form=kept.form, id=kept.id, values=values, lines=lines) if values or lines else None
    return _Former(change, reader.since.why())


class _Reader:
    """Reads from the audit what a record was, as far as it is still what the import made of it."""

    def __init__(self, unit: Unit, row: RecordRow, changes: Mapping[str, audit.BeforeAfter]) -> None:
        self._unit = unit
        self._row = row
        self._changes = changes
        self.since = _Since()

    def values(self, prefix: str, form: Form, row: RecordRow) -> dict[FieldId, Scalar]:
        """Return the former values of a record or line that nobody has changed since."""
        found: dict[FieldId, Scalar] = {}
        for field_ in form.stored_fields:
            pair = self._changes.get(f"{prefix}{field_.id}")
            if pair is None or not _is_written(field_):
                continue
            if self._json(field_, row.values.get(field_.id)) != pair[1]:
                self.since.labels[f"{prefix}{field_.id}"] = field_.label
                continue
            value = self._value(field_, pair[0])
            if not isinstance(value, Invalid):
                found[field_.id] = value
        return found

    def lines(self) -> dict[str, list[LineChange]]:
        """Return the full new set of each collection in which something changed."""
        found: dict[str, list[LineChange]] = {}
        for collection in self._row.shape.lines:
            touched = [path for path in self._changes if path.startswith(f"{collection.id}.")]
            if touched:
                form = self._unit.project.form_by_id[collection.form]
                found[collection.id] = [*self._staying(collection.id, form), *self._gone(collection.id, form)]
        return found

    def _staying(self, collection: str, form: Form) -> list[LineChange]:
        found = []
        for line in self._row.rows(collection):
            prefix = f"{collection}.{line.id}"
            if self._changes.get(prefix) == (None, True):
                self.values(f"{prefix}.", form, line)
                if prefix in {path.rpartition(".")[0] for path in self.since.labels}:
                    found.append(LineChange(id=line.id))
                continue
            found.append(LineChange(id=line.id, values=self.values(f"{prefix}.", form, line)))
        return found

    def _gone(self, collection: str, form: Form) -> list[LineChange]:
        found = []
        present = {line.id for line in self._row.rows(collection)}
        for path, pair in self._changes.items():
            name, _, rest = path.partition(".")
            if name != collection or pair != (True, None) or not rest.isdecimal() or int(rest) in present:
                continue
            values: dict[FieldId, Scalar] = {}
            for field_ in form.stored_fields:
                known = self._changes.get(f"{path}.{field_.id}")
                value = None if known is None or not _is_written(field_) else self._value(field_, known[0])
                if value is not None and not isinstance(value, Invalid):
                    values[field_.id] = value
            found.append(LineChange(values=values))
        return found

    def _json(self, field_: Field, value: Scalar) -> object:
        type_ = self._unit.runtime.catalog.fields[field_.type]
        return None if value is None else type_.to_json(field_.options, value)

    def _value(self, field_: Field, stored: object) -> Scalar | Invalid:
        return self._unit.runtime.catalog.fields[field_.type].from_json(field_.options, stored)


def _is_written(field_: Field) -> bool:
    """Whether an import may have written the field itself; the rest follows from what it wrote."""
    if field_.is_derived:
        return False
    return field_.system in {SystemRole.NONE, SystemRole.STATE, SystemRole.OWNER}


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
