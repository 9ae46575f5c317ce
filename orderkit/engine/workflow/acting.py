"""What an action may do: assign, create, notify, open a task, press another transition.

One context serves the actions of a transition, of an approval's ending and of a dead letter; they act
by rule, past the locks of states but never past the rules of forms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from orderkit.engine import messages, records
from orderkit.engine.messages import Recipients, Subject
from orderkit.engine.records import Create, Update
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.choosing import chosen_rows, collection_of
from orderkit.engine.rows import RecordRow, environment_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import Circumstances, addresses_of, resolve
from orderkit.engine.workflow.transitions.conditions import value_in
from orderkit.engine.workflow.transitions.posting import post_for
from orderkit.engine.workflow.undoing.undoing import undo_transition
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.labels import Label, text_of
from orderkit.model.people import Who
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.workflows import Action

Press = Callable[[Unit, RecordRow, str], None]


@dataclass(slots=True, kw_only=True)
class RecordContext:
    """An `ActionContext` on one record within one unit.

    `instance` is the life that the action belongs to, if any, and `transition` whose action it is; `reason`
    says what went wrong, for actions that follow a failure; `press` presses another transition of the record.
    """

    unit: Unit
    row: RecordRow
    instance: Instance | None
    press: Press
    reason: Label | None = None
    transition: str | None = None

    @property
    def form(self) -> str:
        """The record's form."""
        return self.row.form

    @property
    def record_id(self) -> int:
        """The record's id."""
        return self.row.id

    def value(self, expression: Expression) -> object:
        """Return the value of an expression on the record as it stands."""
        return self._value(expression)

    def assign(self, values: Mapping[str, object]) -> None:
        """Write fields of the record."""
        update = Update(form=self.form, id=self.record_id, values=_scalars(values))
        records.apply(self.unit, [update], by_rule=True)

    def create(self, form: str, values: Mapping[str, object]) -> int:
        """Create a record and return its id."""
        (made,) = records.apply(self.unit, [Create(form=form, values=_scalars(values))], by_rule=True)
        made_id: int = made.id
        return made_id

    def notify(
        self, message: str, to: Who, via: tuple[str, ...], key: str | None, on_dead: tuple[Action, ...]
    ) -> None:
        """Send a message to people."""
        found = self.unit.project.message_by_id[message]
        circumstances = self._circumstances()
        recipients = Recipients(
            user_ids=tuple(each.user_id for each in resolve(self.unit, to, circumstances)),
            addresses=addresses_of(self.unit, to, circumstances),
        )
        messages.send(
            self.unit, Subject(message=found, row=self.row, key=key, on_dead=on_dead), recipients, via
        )

    def open_task(self, to: Who, text: str | None) -> None:
        """Put the record into people's inbox."""
        reason = "" if self.reason is None else text_of(self.reason, self.unit.project.locale)
        user_ids = [each.user_id for each in resolve(self.unit, to, self._circumstances())]
        messages.open_task(self.unit, self.row, user_ids, text if text is not None else reason)

    def run(self, transition: str) -> None:
        """Press another transition of the record, as the system."""
        self.press(self.unit, self.row, transition)

    def split(
        self,
        rows: Selection,
        *,
        where: Expression | None,
        take: Mapping[str, Expression],
        values: Mapping[str, Expression],
    ) -> None:
        """Move rows of the record to a new one."""
        load_documents(self.unit, self.form, [self.record_id], lock=True)
        parts: dict[int, dict[str, Decimal]] = {}
        for row in chosen_rows(self.unit, self.row, rows):
            if where is not None and self._value(where, item=row) is not True:
                continue
            amounts = {name: self._value(expression, item=row) for name, expression in take.items()}
            numbers = {
                name: Decimal(each) for name, each in amounts.items() if isinstance(each, int | Decimal)
            }
            if all(each > 0 for each in numbers.values()):
                parts[row.id] = numbers
        if parts:
            made = _scalars({name: self._value(expression) for name, expression in values.items()})
            records.divide(self.unit, self.row, collection_of(rows), parts, made)

    def merge(
        self, others: Selection, *, where: Expression | None, lines: tuple[str, ...], run: str | None
    ) -> None:
        """Move the rows of other records here."""
        found = [
            row
            for row in chosen_rows(self.unit, self.row, others)
            if row.form == self.form
            and row.id != self.record_id
            and (where is None or self._value(where, item=row) is True)
        ]
        if not found:
            return
        load_documents(self.unit, self.form, [self.record_id, *(row.id for row in found)], lock=True)
        names = lines or tuple(each.id for each in self.row.shape.lines)
        end = None if run is None else lambda row: self.press(self.unit, row, run)
        records.join(self.unit, self.row, found, names, end=end)

    def post(
        self,
        target: str,
        *,
        each: Selection | None,
        where: Expression | None,
        keys: Sequence[tuple[str, Expression]],
        amounts: Sequence[tuple[str, Expression]],
        against: str | None,
        reason: Expression | None,
    ) -> None:
        """Post into a ledger, once or for each row."""
        post_for(self, target, each, where, keys, amounts, against, reason)

    def undo(self, transition: str) -> None:
        """Take back what another transition did to the record."""
        assert self.instance is not None, "only a record with a life has transitions"
        undo_transition(self.unit, self.instance, self.row, transition)

    def value_with(self, expression: Expression, roots: Mapping[str, Value]) -> Value:
        """Return the value of an expression with more names than the record's."""
        return self._value(expression, **roots)

    def _value(self, expression: Expression, **roots: Value) -> Value:
        if self.instance is None:
            return evaluate(expression, environment_of(self.unit, self.row, roots=roots))
        return value_in(self.unit, self.instance, self.row, expression, more=roots)

    def _circumstances(self) -> Circumstances:
        return (
            Circumstances(row=self.row)
            if self.instance is None
            else circumstances_of(self.instance, self.row)
        )


def circumstances_of(instance: Instance, row: RecordRow, *, is_pool: bool = False) -> Circumstances:
    """Return what `submitter`, `holder` and the like mean for a record now.

    Where somebody has claimed it, they alone hold it; with `is_pool` all who might.
    """
    return Circumstances(
        row=row,
        submitter_id=instance.submitter_id,
        holder=instance.resting_in.holder,
        claimed_by=None if is_pool else instance.claimed_by,
    )


def run_actions(actions: Sequence[Action], context: RecordContext) -> None:
    """Run actions one after the other; the first that is refused refuses all.

    Kinds that await their engine are left alone: `build` names them, nothing here carries them out.
    """
    for action in actions:
        kind = context.unit.runtime.catalog.actions[action.kind]
        if not kind.awaits_engine:
            kind.run(action.options, context)


def _scalars(values: Mapping[str, object]) -> dict[str, Scalar]:
    """Return values as fields keep them: a record by its id."""
    return {name: _scalar(cast("Value", value)) for name, value in values.items()}


def _scalar(value: Value) -> Scalar:
    if isinstance(value, RecordRow):
        return value.id
    assert not isinstance(value, list | tuple | dict), "a field keeps one value"
    return cast("Scalar", value)
