"""Workflows: states and transitions. Approvals have their own module."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from orderkit.actions.action_type import Effect
from orderkit.language.compile.names.collecting import Declared, check_id
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import ABOUT_A_RECORD, MAY_PRESS
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.compile.workflows.approvals import Surroundings, lower_approval
from orderkit.language.compile.workflows.asks import lower_asks
from orderkit.language.compile.workflows.clocks import lower_state_clocks, lower_timers
from orderkit.language.compile.workflows.policies import read_policy
from orderkit.language.compile.workflows.states import (
    StateNames,
    States,
    read_migration,
    read_reopening,
    ways_of,
)
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.kinds import workflow as words
from orderkit.language.spec.readers import NAMES
from orderkit.language.spec.words import report_shape
from orderkit.model.forms import Check
from orderkit.model.labels import Label, label
from orderkit.model.people import NamedPerson, Who
from orderkit.model.workflow.workflows import EditGrant, Outcome, Revocation, State, Transition, Workflow

LINES_CANNOT_LIVE = Code(
    "OK4002",
    "workflow-on-lines",
    ERROR,
    since="0.1",
    explain="""
    A workflow belongs to a form, not to its lines: rows live and end with their record.
    ~~~yaml bad
    workflow: life
    for: order.lines
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: everyone}}
    # order.yaml
    form: order
    fields: {lines: {type: lines, fields: {name: {type: text}}}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: everyone}}
    # order.yaml
    form: order
    fields: {lines: {type: lines, fields: {name: {type: text}}}}
    ~~~""",
    zh="流程属于表单，不属于明细：明细行随单据而生，随单据而止。",
)
FINAL_APPROVAL = Code(
    "OK4003",
    "final-approval",
    ERROR,
    since="0.1",
    explain="""
    A state has an approval and is final, or two states run one approval, which then could not say where
    its endings lead from.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check, final: completed}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="状态既有审批又是终态，或两个状态用同一个审批，那样就说不清审批结果从哪里离开。",
)


def lower_workflows(lowering: Lowering) -> tuple[Workflow, ...]:
    """Return every workflow, by id."""
    lowered = (_lower(lowering, declared) for declared in lowering.compilation.named.of("workflow").values())
    return tuple(workflow for workflow in lowered if workflow is not None)


def _lower(lowering: Lowering, declared: Declared) -> Workflow | None:
    written = declared.written
    if written is None:
        return None
    for_node = written[words.FOR]
    form = lowering.compilation.form(for_node)
    if form is None or form.is_broken:
        return None
    if form.parent is not None and for_node is not None:
        lowering.reading.report(
            LINES_CANNOT_LIVE,
            for_node,
            label(zh="明细不能有流程", en="lines cannot have a workflow"),
            label(zh=f"写 `for: {form.parent}`", en=f"write `for: {form.parent}`"),
        )
        return None
    return _Workflow(lowering, declared, written, form).lower()


class _Workflow:
    def __init__(self, lowering: Lowering, declared: Declared, written: Written, form: FormShape) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.declared = declared
        self.written = written
        self.form = form
        self.scope = lowering.places.workflow(form.id)
        self.states = dict(_by_name(written[words.STATES] or ()))
        is_read = written[words.STATES] is not None
        self.state_names = StateNames(self.reading, declared.id, self.states if is_read else None)
        self.transitions = dict(_by_name(written[words.TRANSITIONS] or ()))
        self.approvals = dict(_by_name(written[words.APPROVALS] or ()))

    def lower(self) -> Workflow | None:
        """Return the workflow as far as it is right."""
        for key, _ in (
            *(self.written[words.STATES] or ()),
            *(self.written[words.TRANSITIONS] or ()),
            *(self.written[words.APPROVALS] or ()),
        ):
            check_id(key, self.reading)
        initial, field = self.written[words.INITIAL], self.written[words.STATE_FIELD]
        self.state_names.named(initial)
        states = tuple(self._state(key, state) for key, state in self.written[words.STATES] or ())
        transitions = [self._transition(key, each) for key, each in self.written[words.TRANSITIONS] or ()]
        around = Surroundings(self.form, self.state_names, self.transitions, self._known_in_approvals())
        approvals = [
            lower_approval(self.lowering, key, each, around)
            for key, each in self.written[words.APPROVALS] or ()
        ]
        policy = read_policy(self.lowering, self.written[words.POLICY_], self.scope)
        right = [each for each in transitions if each is not None]
        ended = [each for each in approvals if each is not None]
        found = States(self.lowering, self.form, self.scope, self.state_names, ways_of(states, right, ended))
        clocks = lower_state_clocks(self.lowering, self.written[words.SLA] or (), found)
        timers = lower_timers(self.lowering, self.written[words.TIMERS] or (), found, self.transitions)
        migrate = read_migration(self.lowering, self.written, found)
        if initial is None or field is None:
            return None
        return Workflow(
            id=self.declared.id,
            label=self.written[words.LABEL_] or readable(self.declared.id),
            form=self.form.id,
            state_field=field.text,
            initial=initial.text,
            in_flight=self.written[words.IN_FLIGHT] or "pin",
            policy=policy,
            states=states,
            transitions=tuple(right),
            approvals=tuple(ended),
            sla=clocks,
            timers=timers,
            migrate=migrate,
            origin=self.declared.origin,
        )

    def _state(self, key: ScalarNode, written: Written) -> State:
        approval = written[words.STATE_APPROVAL]
        if approval is not None:
            self.reading.mentions.name("approval", f"{self.declared.id}.{approval.text}", approval)
        if approval is not None and approval.text not in self.approvals:
            report_unknown(self.reading, approval, "approval", self.approvals)
            approval = None
        final = written[words.STATE_FINAL]
        if approval is not None and final is not None:
            self.reading.report(
                FINAL_APPROVAL,
                written.key_of(words.STATE_FINAL),
                label(zh="有审批的状态不能是终态", en="a state with an approval cannot be final"),
            )
        if approval is not None and self._runs_elsewhere(key.text, approval.text):
            self.reading.report(
                FINAL_APPROVAL,
                approval,
                label(
                    zh=f"审批 `{approval.text}` 已在另一个状态里",
                    en=f"the approval `{approval.text}` runs in another state",
                ),
            )
        return State(
            id=key.text,
            label=written[words.STATE_LABEL] or readable(key.text),
            holder=self.lowering.people.read(
                written[words.STATE_HOLDER], self.scope, ABOUT_A_RECORD - {"holder"}
            ),
            claim=written.flag(words.STATE_CLAIM),
            edit=self._edit(written.value_of(words.STATE_EDIT)) if words.STATE_EDIT in written else None,
            approval=None if approval is None else approval.text,
            final=None if final is None else Outcome(final),
            color=written[words.STATE_COLOR],
            reopen=read_reopening(self.lowering, written, self.state_names, self.scope),
        )

    def _runs_elsewhere(self, state: str, approval: str) -> bool:
        for name, other in self.states.items():
            if name == state:
                return False
            node = other[words.STATE_APPROVAL]
            if node is not None and node.text == approval:
                return True
        return False

    def _who(self, written: Written, key: Key[Node]) -> Who | None:
        return self.lowering.people.read(written[key], self.scope)

    def _edit(self, node: Node) -> tuple[EditGrant, ...]:
        """Return who may write what: a list of fields, a map from who to fields, or `{who, fields}` maps."""
        if isinstance(node, MappingNode):
            if node.get("fields") is not None:
                return self._edit_grant(node)
            grants = [self._edit_of(key, value) for key, value in node.entries]
            return tuple(grant for grant in grants if grant is not None)
        if not isinstance(node, SequenceNode):
            report_shape(
                self.reading,
                node,
                zh="字段列表，或 `{谁: [字段]}`",
                en="a list of fields, or `{who: [fields]}`",
            )
            return ()
        paths = tuple(item for item in node.items if isinstance(item, ScalarNode) and not item.is_empty)
        found = [EditGrant(who=None, fields=self.lowering.field_paths(self.form, paths))] if paths else []
        if not node.items:
            return (EditGrant(who=None, fields=()),)
        for item in node.items:
            if not isinstance(item, ScalarNode):
                found += self._edit(item)
            elif item.is_empty:
                report_shape(self.reading, item, zh="字段", en="a field")
        return tuple(found)

    def _edit_grant(self, node: MappingNode) -> tuple[EditGrant, ...]:
        written = words.EDIT.read(node, self.reading)
        return (
            EditGrant(
                who=self._who(written, words.EDIT_WHO),
                fields=self.lowering.field_paths(self.form, written[words.EDIT_FIELDS]),
            ),
        )

    def _edit_of(self, key: ScalarNode, value: Node) -> EditGrant | None:
        who = self.lowering.people.text(key, self.scope)
        names = NAMES.read(value, self.reading)
        fields = self.lowering.field_paths(self.form, names)
        return None if who is None else EditGrant(who=who, fields=fields)

    def _transition(self, key: ScalarNode, written: Written) -> Transition | None:
        sources = [self.state_names.named(node) for node in written[words.TRANSITION_FROM] or ()]
        target = self.state_names.named(written[words.TRANSITION_TO])
        by = self.lowering.people.read(written[words.TRANSITION_BY], self.scope, MAY_PRESS)
        do = ActionPlace(self.form, self.scope, Effect.IN_TRANSACTION, self.transitions)
        after = ActionPlace(self.form, self.scope, Effect.AFTER_COMMIT, self.transitions)
        lowered = Transition(
            id=key.text,
            label=written[words.TRANSITION_LABEL] or readable(key.text),
            sources=tuple(dict.fromkeys(source for source in sources if source is not None)),
            target=target or "",
            by=None if by == NamedPerson("system") else by,
            guard=self._guards(written),
            require=self.lowering.field_paths(self.form, written[words.TRANSITION_REQUIRE]),
            ask=lower_asks(self.lowering, self.form, written[words.TRANSITION_ASK] or ()),
            do=lower_actions(self.lowering, written[words.TRANSITION_DO], do),
            after=lower_actions(self.lowering, written[words.TRANSITION_AFTER], after),
            auto=written.flag(words.TRANSITION_AUTO),
            when=self.lowering.checking.certain(written[words.TRANSITION_WHEN], self.scope),
            confirm=written[words.TRANSITION_CONFIRM],
            revoke=self._revocation(written[words.TRANSITION_REVOKE]),
        )
        return None if target is None or None in sources else lowered

    def _revocation(self, written: Written | None) -> Revocation | None:
        if written is None or written.is_broken:
            return None
        return Revocation(
            within=written[words.REVOKE_WITHIN],
            by=self._who(written, words.REVOKE_BY),
            keep=written.flag(words.REVOKE_KEEP),
        )

    def _guards(self, transition: Written) -> tuple[Check, ...]:
        found = []
        scope = replace(self.scope, known=frozenset(_filled_by(transition)))
        for index, written in enumerate(transition[words.TRANSITION_GUARD] or (), start=1):
            that = self.lowering.checking.certain(written[form_words.CHECK_THAT], scope)
            at = written[form_words.CHECK_AT]
            if at is not None and self.lowering.compilation.path(self.form, at) is None:
                at = None
            if that is not None:
                error: Label = written[form_words.CHECK_ERROR] or label(
                    zh="前提条件不满足", en="a condition for this does not hold"
                )
                found.append(
                    Check(id=f"guard.{index}", that=that, error=error, at=None if at is None else at.text)
                )
        return tuple(found)

    def _known_in_approvals(self) -> Mapping[str, frozenset[str]]:
        """Return for each approval the fields that every way into it demands."""
        known: dict[str, frozenset[str]] = {}
        for name, state in self.states.items():
            approval = state[words.STATE_APPROVAL]
            ways = [each for each in self.transitions.values() if _leads_to(each, name)]
            if approval is not None and ways:
                demanded = [frozenset(_filled_by(way)) for way in ways]
                known[approval.text] = frozenset.intersection(*demanded)
        return known


def _leads_to(transition: Written, state: str) -> bool:
    target = transition[words.TRANSITION_TO]
    return target is not None and target.text == state


def _filled_by(transition: Written) -> Iterable[str]:
    """Yield the fields that are certainly filled when a transition happens."""
    for node in transition[words.TRANSITION_REQUIRE] or ():
        yield node.text
    for ask in transition[words.TRANSITION_ASK] or ():
        if isinstance(ask, MappingNode):
            name, required = ask.get("field"), ask.get("required")
            if isinstance(name, ScalarNode) and isinstance(required, ScalarNode) and required.text == "true":
                yield name.text


def _by_name(pairs: Iterable[tuple[ScalarNode, Written]]) -> Mapping[str, Written]:
    return {key.text: written for key, written in pairs}
