"""What an action may do: assign, create, notify, open a task, press another transition, and what else there is.

One context serves the actions of a transition, of an approval's ending, of an automation and of a dead letter.
They act by rule, past the locks of states but never past the rules of forms; those of an automation that runs
as somebody act with that person's rights.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from orderkit.actions.action_type import Request
from orderkit.engine import messages, records
from orderkit.engine.access import Action as Access
from orderkit.engine.access import decide
from orderkit.engine.messages import Recipients, Subject
from orderkit.engine.records import Update
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.choosing import CANDIDATE, chosen_rows, collection_of
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.rows.environments import NO_ROOTS
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.blocks import begin_parallel
from orderkit.engine.workflow.background.delays import due_of
from orderkit.engine.workflow.background.queueing import go_on
from orderkit.engine.workflow.background.requesting import queue_request
from orderkit.engine.workflow.background.strands import Strand, kept_roots
from orderkit.engine.workflow.doing import related, sub_flows
from orderkit.engine.workflow.doing.attempts import REFUSALS, attempt
from orderkit.engine.workflow.doing.nesting import one_level_deeper
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import Circumstances, addresses_of, resolve
from orderkit.engine.workflow.transitions.conditions import roots_of, value_in
from orderkit.engine.workflow.transitions.posting import post_for
from orderkit.engine.workflow.undoing.undoing import undo_transition
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import OrderkitError
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import Label, text_of
from orderkit.model.people import HasRole, Who
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.actions import ActionBranch, Delay, ParallelActions, Selection
from orderkit.model.workflow.workflows import Action

Press = Callable[[Unit, RecordRow, str], None]
IGNORE = "ignore"
ITEM = "item"


@dataclass(slots=True, kw_only=True)
class RecordContext:
    """An `ActionContext` on one record within one unit, or on none, as under a schedule.

    `instance` is the life that the action belongs to, if any, and `transition` whose action it is; `reason`
    says what went wrong, for actions that follow a failure; `press` presses another transition of the record. `roots` are names besides
    the record's, `changed` the fields that the event behind it changed. `key` names what is queued, so that it
    is queued once; `by_rule` is false where the unit's person acts with their own rights, as whom `run_as` says.
    """

    unit: Unit
    row: RecordRow | None
    instance: Instance | None
    press: Press
    reason: Label | None = None
    transition: str | None = None
    roots: Mapping[str, Value] = field(default_factory=lambda: NO_ROOTS)
    changed: frozenset[str] | None = None
    key: str | None = None
    by_rule: bool = True
    run_as: str | None = None
    automation: str | None = None
    _queued: int = field(default=0, init=False)

    @property
    def form(self) -> str:
        """The record's form."""
        return self._row.form

    @property
    def record_id(self) -> int:
        """The record's id."""
        return self._row.id

    @property
    def _row(self) -> RecordRow:
        """The record as it is in hand: after a savepoint was taken back, it was read again."""
        assert self.row is not None, "the compiler lets no such action stand where there is no record"
        return rows_of(self.unit).row(self.row.form, self.row.id) or self.row

    def value(self, expression: Expression) -> object:
        """Return the value of an expression on the record as it stands."""
        return self._value(expression)

    # On the record itself.

    def assign(self, values: Mapping[str, object]) -> None:
        """Write fields of the record."""
        given, lines = related.parted(self.unit, self.form, values)
        update = Update(form=self.form, id=self.record_id, values=given, lines=lines)
        records.apply(self.unit, [update], by_rule=self.by_rule)

    def link(self, field: str, value: object) -> None:
        """Let a reference of the record lead to another one; of several, to that one too."""
        rows_of(self.unit).load(self.form, [self.record_id], lock=True)
        self.assign({field: related.linked(self._row, field, cast("Value", value))})

    def run(self, transition: str, if_refused: str | None = None) -> None:
        """Press another transition of the record."""
        if if_refused is None:
            self.press(self.unit, self._row, transition)
            return
        try:
            with attempt(self.unit):
                self.press(self.unit, self._row, transition)
        except REFUSALS as refusal:
            if if_refused != IGNORE:
                self._tell_incident(transition, refusal)

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
        for row in self._chosen(rows):
            if where is not None and self._value(where, item=row) is not True:
                continue
            amounts = {name: self._value(expression, item=row) for name, expression in take.items()}
            numbers = {
                name: Decimal(each) for name, each in amounts.items() if isinstance(each, int | Decimal)
            }
            if all(each > 0 for each in numbers.values()):
                parts[row.id] = numbers
        if parts:
            made, _ = related.parted(
                self.unit, self.form, {name: self._value(expression) for name, expression in values.items()}
            )
            records.divide(self.unit, self._row, collection_of(rows), parts, made)

    def merge(
        self, others: Selection, *, where: Expression | None, lines: tuple[str, ...], run: str | None
    ) -> None:
        """Move the rows of other records here."""
        found = [
            row
            for row in self._chosen(others)
            if row.form == self.form
            and row.id != self.record_id
            and (where is None or self._value(where, item=row) is True)
        ]
        if not found:
            return
        load_documents(self.unit, self.form, [self.record_id, *(row.id for row in found)], lock=True)
        names = lines or tuple(each.id for each in self._row.shape.lines)
        end = None if run is None else lambda row: self.press(self.unit, row, run)
        records.join(self.unit, self._row, found, names, end=end)

    # On other records.

    def create(self, form: str, values: Mapping[str, object]) -> int:
        """Create a record and return its id."""
        return related.create_record(self.unit, form, values, by_rule=self.by_rule)

    def update(
        self, rows: Selection, *, where: Expression | None, values: tuple[tuple[str, Expression], ...]
    ) -> None:
        """Write fields of related records."""

        def assigned(row: RecordRow) -> Mapping[str, object]:
            return {name: self._value(value, **self._seen(rows, row)) for name, value in values}

        related.write_related(self.unit, self._held(rows, where), assigned, by_rule=self.by_rule)

    def delete(self, rows: Selection, *, where: Expression | None) -> None:
        """Delete related records."""
        related.delete_related(self.unit, self._held(rows, where), by_rule=self.by_rule)

    def start(self, workflow: str, values: tuple[tuple[str, Expression], ...], then: str | None) -> None:
        """Make a record whose life in another workflow begins."""
        started = self.unit.project.workflow_by_id[workflow]
        made = self.create(started.form, {name: self._value(value) for name, value in values})
        if self.row is not None:
            sub_flows.note_start(
                self.unit, self._row, self.instance, workflow=started, child_id=made, then=then
            )

    # What holds other actions.

    def choose(self, branches: tuple[ActionBranch, ...]) -> None:
        """Do the actions of the first branch that holds."""
        do_actions(self._chosen_branch(branches), self)

    def each(self, rows: Selection, *, where: Expression | None, actions: tuple[Action, ...]) -> None:
        """Do actions once for each row."""
        for row in self._chosen(rows):
            if where is None or self._value(where, **self._seen(rows, row)) is True:
                inner = replace(self, roots={**self.roots, ITEM: row}, key=self._next_key())
                do_actions(actions, inner)

    def beside(self, block: ParallelActions) -> None:
        """Begin branches of actions in the background."""
        begin_parallel(self.unit, self._branches(block), self.strand(), block.join)

    def later(self, delay: Delay, actions: tuple[Action, ...]) -> None:
        """Begin to wait, and do actions then."""
        due = due_of(self.unit, delay, None if delay.until is None else self._value(delay.until))
        go_on(self.unit, self.strand(actions), at=due, is_new=True)

    def request(self, asked: Request) -> None:
        """Queue a call of a system outside."""
        queue_request(self.unit, asked, self.strand())

    # To people.

    def notify(
        self, message: str, to: Who, via: tuple[str, ...], key: str | None, on_dead: tuple[Action, ...]
    ) -> None:
        """Send a message to people: about the row of a loop where it is of its form, else about the record."""
        found = self.unit.project.message_by_id[message]
        item = self.roots.get(ITEM)
        about = item if isinstance(item, RecordRow) and item.form == found.form else self.row
        subject = Subject(message=found, row=about, key=key, on_dead=on_dead)
        messages.send(self.unit, subject, self._recipients(to), via)

    def tell(self, text: Expression, to: Who, via: tuple[str, ...], key: str | None) -> None:
        """Send people a few words."""
        subject = messages.words(self.unit, text, self.row, roots={**self._names(), **self.roots}, key=key)
        messages.send(self.unit, subject, self._recipients(to), via)

    def open_task(self, to: Who, text: str | None) -> None:
        """Put the record into people's inbox."""
        reason = "" if self.reason is None else text_of(self.reason, self.unit.project.locale)
        user_ids = [each.user_id for each in resolve(self.unit, to, self._circumstances())]
        messages.open_task(self.unit, self.row, user_ids, text if text is not None else reason)

    # What actions in the background go on with.

    def strand(self, actions: tuple[Action, ...] = ()) -> Strand:
        """Return actions as a strand that sees what is seen here, under a key of its own."""
        names = {name: value for name, value in self.roots.items() if value is not None}
        return Strand(
            actions=actions,
            key=self._next_key() or uuid.uuid4().hex,
            form=None if self.row is None else self.row.form,
            record_id=None if self.row is None else self.row.id,
            workflow=None if self.instance is None else self.instance.workflow,
            roots=kept_roots(names),
            automation=self.automation,
            run_as=self.run_as,
        )

    def _next_key(self) -> str | None:
        self._queued += 1
        return None if self.key is None else f"{self.key}.{self._queued}"

    def _chosen_branch(self, branches: tuple[ActionBranch, ...]) -> tuple[Action, ...]:
        for branch in branches:
            if branch.when is None or self._value(branch.when) is True:
                return branch.actions
        return ()

    def _branches(self, block: ParallelActions) -> list[tuple[Action, ...]]:
        return [
            each.actions for each in block.branches if each.when is None or self._value(each.when) is True
        ]

    def _chosen(self, rows: Selection) -> Sequence[RecordRow]:
        """Return the rows that are meant, as far as who acts may see them."""
        found = chosen_rows(self.unit, self.row, rows, self._roots())
        if self.by_rule:
            return found
        return [row for row in found if self._may_see(row)]

    def _may_see(self, row: RecordRow) -> bool:
        """Return whether who acts may see a row; what acts by rule knows of everything."""
        person = self.unit.person
        return self.by_rule or bool(decide(person, Access.READ, row.form, row, unit=self.unit))

    def _held(self, rows: Selection, where: Expression | None) -> list[RecordRow]:
        """Return the rows that are meant, locked, and for which the conditions hold as they are now."""
        held = related.locked(self.unit, self._chosen(rows))
        if rows.where is not None:
            still = rows.where
            held = [row for row in held if self._value(still, **{CANDIDATE: row}) is True]
        if where is not None:
            held = [row for row in held if self._value(where, **self._seen(rows, row)) is True]
        return held

    @staticmethod
    def _seen(rows: Selection, row: RecordRow) -> Mapping[str, Value]:
        return {ITEM: row} if rows.is_several else {}

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
        undo_transition(self.unit, self.instance, self._row, transition)

    def value_with(self, expression: Expression, roots: Mapping[str, Value]) -> Value:
        """Return the value of an expression with more names than the record's."""
        return self._value(expression, **roots)

    def _value(self, expression: Expression, **roots: Value) -> Value:
        names = {**self.roots, **roots}
        if self.instance is None or self.row is None:
            here = environment_of(self.unit, self._record(), roots=names, changed=self.changed)
            return evaluate(expression, here)
        return value_in(self.unit, self.instance, self._row, expression, more=names, changed=self.changed)

    def _record(self) -> RecordRow | None:
        return None if self.row is None else self._row

    def _roots(self) -> Mapping[str, Value]:
        return {**self._names(), **self.roots}

    def _names(self) -> Mapping[str, Value]:
        """Return what the life of the record lets expressions name."""
        return NO_ROOTS if self.instance is None else roots_of(self.unit, self.instance)

    def _recipients(self, to: Who) -> Recipients:
        circumstances = self._circumstances()
        return Recipients(
            user_ids=tuple(each.user_id for each in resolve(self.unit, to, circumstances)),
            addresses=addresses_of(self.unit, to, circumstances),
        )

    def _tell_incident(self, transition: str, refusal: OrderkitError) -> None:
        """Let the administrators know that a transition was refused."""
        why = of_both(
            "自动执行“{transition}”被拒绝：{why}",
            "“{transition}” was to be pressed and was refused: {why}",
            transition=self._label_of(transition),
            why=refusal.explain,
        )
        replace(self, reason=why).open_task(HasRole(ADMIN), None)

    def _label_of(self, transition: str) -> Label:
        for workflow in self.unit.project.workflows_by_form.get(self.form, ()):
            found = workflow.transition_by_id.get(transition)
            if found is not None:
                return found.label
        return {"en": transition}

    def _circumstances(self) -> Circumstances:
        if self.instance is None or self.row is None:
            return Circumstances(row=self._record(), roots=self.roots)
        return replace(circumstances_of(self.instance, self._row), roots=self.roots)


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

    What can only happen in the background is queued in the same transaction. Kinds that await their engine are
    left alone: `build` names them, nothing here carries them out.
    """
    with one_level_deeper(context.unit):
        do_actions(actions, context)


def do_actions(actions: Sequence[Action], context: RecordContext) -> None:
    """Run actions that stand within one that is run already."""
    for action in actions:
        kind = context.unit.runtime.catalog.actions[action.kind]
        if not kind.awaits_engine:
            kind.run(action.options, context)
