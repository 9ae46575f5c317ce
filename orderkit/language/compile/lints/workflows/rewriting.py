"""Lints: a rule, a button or another system writes what an approval protects, when it may have been given.

The engine refuses that at run time (`engine.workflow.protecting`); who writes the rule is told now.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.graph import Graph, place_of
from orderkit.language.findings import WARNING, Code, Note
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Key
from orderkit.language.spec.kinds import automation as automation_words
from orderkit.language.spec.kinds import integration as integration_words
from orderkit.language.spec.kinds import workflow as words
from orderkit.model.exchange.integrations import Event, EventKind, Pull, Reception
from orderkit.model.expressions.nodes import Expression, Get
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record
from orderkit.model.labels import Label, label
from orderkit.model.workflow.actions import Selection, all_actions
from orderkit.model.workflow.automations import Automation, DateReached
from orderkit.model.workflow.ways import states_behind, states_of
from orderkit.model.workflow.workflows import Action, Approval, Transition

REWRITTEN = Code(
    "OK4390",
    "approved-value-rewritten",
    WARNING,
    since="0.1",
    explain="""
    A rule, a timer, an automation or what arrives from another system writes a field that an approval
    protects, and the record may be approved by then: the write is refused, and with it all that belongs to it.
    With `reapprove: true` the record is asked about again instead.
    ~~~yaml bad
    automation: round
    trigger: {event: order.updated}
    do: [{set: {total: 0}}]
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {edit: [note]}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      finish: {from: open, to: done, by: owner}
    approvals:
      check: {protects: [total], steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}
    # order.yaml
    form: order
    fields: {total: {type: money}, note: {type: text}}
    ~~~
    ~~~yaml good
    automation: round
    trigger: {event: order.entered(draft)}
    do: [{set: {total: 0}}]
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {edit: [note]}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      finish: {from: open, to: done, by: owner}
    approvals:
      check: {protects: [total], steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}
    # order.yaml
    form: order
    fields: {total: {type: money}, note: {type: text}}
    ~~~""",
    zh="规则、定时器、自动化或外部系统写入审批的受保护字段，而那时单据可能已经批准：写入会被拒绝，同一批的其它写入也一起作废；写了 `reapprove: true` 则会重新审批。",
)
ASKED_AFTER = Code(
    "OK4391",
    "asks-for-approved-value",
    WARNING,
    since="0.1",
    explain="""
    A transition behind an approval asks for a field that the approval protects: an answer that changes it is
    refused. Ask on a way that leads back before the approval.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      finish: {from: open, to: done, by: owner, ask: [{field: total}]}
    approvals:
      check: {protects: [total], steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}
    # order.yaml
    form: order
    fields: {total: {type: money}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      amend: {from: open, to: draft, by: owner, ask: [{field: total}]}
      finish: {from: open, to: done, by: owner}
    approvals:
      check: {protects: [total], steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}
    # order.yaml
    form: order
    fields: {total: {type: money}}
    ~~~""",
    zh="审批之后的流转要求填写受保护字段：改变它的填写会被拒绝。请在回到审批之前的流转上要求填写。",
)


class _Protected:
    """One approval of a workflow, with the states in which it may have been given."""

    def __init__(self, linting: Linting, graph: Graph, approval: Approval) -> None:
        self.linting = linting
        self.graph = graph
        self.approval = approval
        self.form = graph.workflow.form
        self.during = states_of(graph.workflow, approval)
        self.behind = states_behind(graph.workflow, approval)

    def check(self) -> None:
        """Report every way in which what it protects may be written later."""
        for transition in self.graph.workflow.transitions:
            if self._stays_behind(transition):
                self._check_transition(transition)
        for timer in self.graph.workflow.timers:
            if timer.state in self.behind and not self.approval.reapprove:
                self._check_actions(timer.actions, self._timer_node(timer.id))
        if not self.approval.reapprove:
            for automation in self.linting.project.automations:
                self._check_automation(automation)
            self._check_integrations()

    def _stays_behind(self, transition: Transition) -> bool:
        return transition.target in self.behind and bool(self.behind.intersection(transition.sources))

    def _check_transition(self, transition: Transition) -> None:
        _, written = self.graph.transition_nodes[transition.id]
        for ask in transition.ask:
            if not ask.is_own and ask.field.id in self.approval.protects:
                node = place_of(written.value_of(words.TRANSITION_ASK), ask.field.id)
                self._report(ASKED_AFTER, node, ask.field.id, _REFUSED_ANSWER)
        if transition.do:
            self._check_actions(transition.do, written.value_of(words.TRANSITION_DO))

    def _check_automation(self, automation: Automation) -> None:
        written = self.linting.named.of("automation")[automation.id].written
        own = _record_of(automation)
        if written is None or not self._may_be_behind(automation, own):
            return
        for key, actions in (
            (automation_words.DO, automation.do),
            (automation_words.AFTER, automation.after),
        ):
            if key in written:
                self._check_actions(actions, written.value_of(key), own=own)

    def _may_be_behind(self, automation: Automation, own: str | None) -> bool:
        """Whether a record may be behind the approval when it is written; where a condition asks, nobody can say."""
        trigger = automation.trigger
        if (
            isinstance(trigger, Event)
            and trigger.form == self.form == own
            and not self._leads_behind(trigger)
        ):
            return False
        selections = _selections((*automation.do, *automation.after))
        conditions = [automation.when, *(each.where for each in selections)]
        if automation.foreach is not None:
            conditions.append(automation.foreach.where)
        return not any(self._reads_state(each) for each in conditions if each is not None)

    def _leads_behind(self, event: Event) -> bool:
        if event.workflow not in {None, self.graph.workflow.id}:
            return True
        match event.kind:
            case EventKind.CREATED:
                return self.graph.workflow.initial in self.behind
            case EventKind.ENTERED:
                return event.subject in self.behind
            case EventKind.DID:
                done = self.graph.workflow.transition_by_id.get(event.subject or "")
                return done is None or done.target in self.behind
            case _:
                return True

    def _reads_state(self, condition: Expression) -> bool:
        return any(
            isinstance(node, Get)
            and node.field == self.graph.workflow.state_field
            and node.base.type == Record(self.form)
            for node in walk(condition)
        )

    def _check_integrations(self) -> None:
        project = self.linting.project
        arriving: tuple[Pull | Reception, ...] = (*project.pulls, *project.receptions)
        for each in arriving:
            # Without `match` every row is a new record, which nobody has approved.
            if each.form == self.form and each.match:
                self._check_assigned(each.id, integration_words.SET, (name for name, _ in each.set))
        for call in project.integrations:
            if call.event.form == self.form and self._leads_behind(call.event):
                self._check_assigned(call.id, integration_words.SAVE, (name for name, _ in call.save))

    def _check_assigned(self, integration: str, key: Key[Any], names: Iterable[str]) -> None:
        written = self.linting.named.of("integration")[integration].written
        for name in names:
            if written is not None and self._protects(name):
                nodes = (node for node, _ in written[key] or () if node.text == name)
                self._report(REWRITTEN, next(nodes, None), name, _REFUSED_WRITE)

    def _check_actions(self, actions: Iterable[Action], node: Node | None, *, own: str | None = None) -> None:
        for path, name in _written_by(actions, own or self.form, self.form):
            if self._protects(path):
                key = None if node is None else _assigned(node, name)
                self._report(REWRITTEN, key, path, _REFUSED_WRITE)

    def _protects(self, path: str) -> bool:
        return path in self.approval.protects or path.partition(".")[0] in self.approval.protects

    def _timer_node(self, timer: str) -> Node | None:
        timers = self.graph.written[words.TIMERS] or ()
        return next((each.node for key, each in timers if key.text == timer), None)

    def _report(self, code: Code, node: ScalarNode | None, path: str, outcome: Label) -> None:
        if node is None:
            return
        key, _ = self.graph.approval_nodes[self.approval.id]
        self.linting.report(
            code,
            node,
            label(
                zh=f"`{path}` 受审批 `{self.approval.id}` 保护，批准之后{outcome['zh']}",
                en=f"the approval `{self.approval.id}` protects `{path}`: once it is given, {outcome['en']}",
            ),
            label(
                zh="在审批之前写入，从 `protects` 里去掉它，或写 `reapprove: true`",
                en="write it before the approval, take it out of `protects`, or write `reapprove: true`",
            ),
            notes=[Note(text=label(zh="审批在这里", en="the approval stands here"), span=key.span)],
        )


_REFUSED_WRITE = label(zh="这里的写入会被拒绝", en="this write is refused")
_REFUSED_ANSWER = label(zh="这里的填写会被拒绝", en="an answer here is refused")


def check_rewriting(linting: Linting, graph: Graph) -> None:
    """Report what writes a protected value behind its approval."""
    for approval in graph.workflow.approvals:
        if approval.protects:
            _Protected(linting, graph, approval).check()


def _record_of(automation: Automation) -> str | None:
    """Return the form of the record that an automation is about."""
    if isinstance(automation.trigger, Event | DateReached):
        return automation.trigger.form
    return None if automation.foreach is None else automation.foreach.form


def _written_by(actions: Iterable[Action], own: str, form: str) -> Iterator[tuple[str, str]]:
    """Yield what actions write of a form: the path from it, and the name as it stands in `set`."""
    for action in all_actions(actions):
        target = action.options.get("update")
        written = own if action.kind == "set" else target.form if isinstance(target, Selection) else None
        assigned = action.options.get("set")
        if written is None or not isinstance(assigned, tuple):
            continue
        for name, _ in assigned:
            if written == form:
                yield name, name
            elif written.startswith(f"{form}."):
                yield f"{written.removeprefix(form)[1:]}.{name}", name


def _selections(actions: Iterable[Action]) -> Iterator[Selection]:
    for action in all_actions(actions):
        yield from (option for option in action.options.values() if isinstance(option, Selection))


def _assigned(node: Node, name: str) -> ScalarNode | None:
    """Return the first name on the left of a `set` at or below a node."""
    match node:
        case SequenceNode(items=items):
            found = (_assigned(item, name) for item in items)
            return next((each for each in found if each is not None), None)
        case MappingNode(entries=entries):
            for key, value in entries:
                if key.text == "set" and isinstance(value, MappingNode):
                    given = next((left for left, _ in value.entries if left.text == name), None)
                else:
                    given = _assigned(value, name)
                if given is not None:
                    return given
    return None
