"""What must hold before a transition is pressed: guards and required fields, on the record as it stands."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine import ledger
from orderkit.engine.rows import Path, RecordRow, environment_of, reads_of, rows_of
from orderkit.engine.rows.reads import ToRecord
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import OrderkitError, Problem
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Balance, Expression, Get, Root, Scalar
from orderkit.model.expressions.tree import root_names, walk
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Transition

_KNOWN_ROOTS = frozenset({"record", "this", "me", "submitter", "approver", "visit"})
_NOT_OFFERED = label(zh="这个操作现在不适用于此单据", en="this does not apply to the record now")


_DECIDED = {"approved": "approve", "rejected": "reject", "returned": "return"}


class _Visit:
    """What an expression sees as `visit`."""

    form = ""

    def __init__(self, instance: Instance) -> None:
        self.id = instance.visit
        self._entered_at = instance.entered_at

    def get(self, field: str) -> Scalar:
        """Return `entered_at`."""
        return self._entered_at if field == "entered_at" else None

    def rows(self, collection: str) -> tuple[()]:  # noqa: ARG002 - the port's signature
        """Return no rows: a visit has none."""
        return ()


class _WithAnswers:
    """A record with what a press is about to write into it."""

    def __init__(self, row: RecordRow, answers: Mapping[str, Scalar]) -> None:
        self.form = row.form
        self.id = row.id
        self._row = row
        self._answers = answers

    def get(self, field: str) -> Scalar:
        """Return the answer, or what the record holds."""
        return self._answers[field] if field in self._answers else self._row.get(field)

    def rows(self, collection: str) -> tuple[RecordRow, ...]:
        """Return the record's rows."""
        return tuple(self._row.rows(collection))


def value_in(
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    expression: Expression,
    *,
    answers: Mapping[str, Scalar] | None = None,
    approver_id: int | None = None,
    more: Mapping[str, Value] | None = None,
    changed: frozenset[str] | None = None,
) -> Value:
    """Return the value of an expression of the workflow.

    `answers` count as written already, `more` are names, `changed` are the fields that `changed()` tells of.
    """
    roots = roots_of(unit, instance, approver_id=approver_id)
    if _mentions(expression, "decisions"):
        roots["decisions"] = decisions_of(unit, instance)
    roots |= more or {}
    record = _WithAnswers(row, answers) if answers else row
    return evaluate(expression, environment_of(unit, record, roots=roots, changed=changed))


def roots_of(unit: Unit, instance: Instance, *, approver_id: int | None = None) -> dict[str, Value]:
    """Return what the life of a record lets expressions name."""
    rows = rows_of(unit)
    people = {"submitter": instance.submitter_id, "approver": approver_id}
    roots: dict[str, Value] = {
        name: None if user_id is None else rows.row("user", user_id) for name, user_id in people.items()
    }
    return roots | {"visit": _Visit(instance), "decisions": None}


def decisions_of(unit: Unit, instance: Instance) -> Value:
    """Return the latest decision of each step in the record's last approval: step, then `verb`, `by`, `comment`, `at`.

    A step that returned, and one that begins again after a return, has none until somebody decides once more.
    """
    last = select(func.max(steps.c.visit)).where(steps.c.instance_id == instance.id).scalar_subquery()
    user = unit.runtime.database.tables["user"]
    found = (
        select(steps.c.step, tasks.c.state, tasks.c.comment, tasks.c.decided_at, user.c.login)
        .join(steps, steps.c.id == tasks.c.step_id)
        .join(user, user.c.id == tasks.c.decided_by)
        .where(steps.c.instance_id == instance.id, steps.c.visit == last, steps.c.host_id.is_(None))
        .where(steps.c.state != "superseded", tasks.c.kind.is_(None), tasks.c.state.in_(_DECIDED))
        .order_by(tasks.c.decided_at, tasks.c.id)
    )
    return {
        row.step: {
            "verb": _DECIDED[row.state],
            "by": row.login,
            "comment": row.comment,
            "at": row.decided_at.isoformat(),
        }
        for row in unit.connection.execute(found)
    }


def _mentions(expression: Expression, root: str) -> bool:
    return any(isinstance(part, Root) and part.name == root for part in walk(expression))


def is_offered(unit: Unit, instance: Instance, row: RecordRow, transition: Transition) -> bool:
    """Return whether there is such a button for the record as it stands."""
    return transition.when is None or value_in(unit, instance, row, transition.when) is True


def guard_problems(
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    transition: Transition,
    *,
    answers: Mapping[str, Scalar] | None = None,
    unanswered: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """Return a problem for every guard that does not hold; those on `unanswered` fields are left out."""
    if not is_offered(unit, instance, row, transition):
        return (Problem(path="", code="when", message=_NOT_OFFERED),)
    found = []
    for guard in transition.guard:
        if unanswered and unanswered & _fields_read(guard.that):
            continue
        try:
            if value_in(unit, instance, row, guard.that, answers=answers) is True:
                continue
            why = guard.error
        except OrderkitError as error:
            why = error.explain
        found.append(Problem(path=guard.at or "", code="guard", message=why))
    return tuple(found)


def lock_inputs(unit: Unit, row: RecordRow, transition: Transition) -> None:
    """Lock the other records that guards look at along references, so that what they said stays true.

    Two receipts of one order, confirmed at once, would otherwise both see the balance open.
    """
    for guard in transition.guard:
        for read in reads_of(unit.project, guard.that, row.form):
            _lock_path(unit, row, read.path)


def lock_balances_read(unit: Unit, instance: Instance, row: RecordRow, transition: Transition) -> None:
    """Lock the balances that guards read, so that what they say holds at the commit; the database's CHECK aside."""
    for guard in transition.guard:
        for node in walk(guard.that):
            # A balance inside an aggregate reads other rows than the record, each by its own keys.
            if isinstance(node, Balance) and not _is_of_another_row(node):
                keys = {each.name: value_in(unit, instance, row, each.value) for each in node.keys}
                ledger.lock_balances(unit, node.ledger, keys)


def _is_of_another_row(balance: Balance) -> bool:
    names = {name for each in balance.keys for name in root_names(each.value)}
    return not names <= _KNOWN_ROOTS


def _lock_path(unit: Unit, row: RecordRow, path: Path) -> None:
    here = row
    for step in path:
        target = here.shape.by_id[step.field].value_type if isinstance(step, ToRecord) else None
        record_id = here.get(step.field) if isinstance(step, ToRecord) else None
        if not isinstance(target, Record) or not isinstance(record_id, int):
            return
        found = rows_of(unit).load(target.form, [record_id], lock=True)
        if not found:
            return
        here = found[0]


def missing_problems(project: Project, row: RecordRow, transition: Transition) -> tuple[Problem, ...]:
    """Return a problem for every field that the transition requires and that is empty."""
    form = project.form_by_id[row.form]
    return tuple(
        Problem(path=path, code="required", message=_missing(label_of(project, form, path)))
        for path in transition.require
        if _is_empty(form, row, path)
    )


def label_of(project: Project, form: Form, path: str) -> Label:
    """Return how people call a field, a collection, or a field of its lines."""
    first, _, rest = path.partition(".")
    collection = form.collection_by_id.get(first)
    if rest and collection is not None:
        rows_form = project.form_by_id[collection.form]
        inner = rows_form.by_id[rest]
        return of_both("{of}的{field}", "{field} of {of}", of=_own_label(form, first), field=inner.label)
    return _own_label(form, first)


def _own_label(form: Form, name: str) -> Label:
    found: Field | None = form.by_id.get(name)
    return found.label if found is not None else {"en": name}


def _missing(field: Label) -> Label:
    return of_both("请先填写{field}", "{field} is needed first", field=field)


def _is_empty(form: Form, row: RecordRow, path: str) -> bool:
    first, _, rest = path.partition(".")
    if first in form.collection_by_id:
        rows = row.rows(first)
        return not rows or (bool(rest) and any(each.get(rest) is None for each in rows))
    return row.get(first) is None


def _fields_read(expression: Expression) -> frozenset[str]:
    parts: Iterable[Expression] = walk(expression)
    return frozenset(part.field for part in parts if isinstance(part, Get) and _is_record(part.base))


def _is_record(expression: Expression) -> bool:
    return isinstance(expression, Root) and expression.name in {"record", "this"}
