"""Approval blocks: what they protect, where each ending leads, deadlines and copies. Steps have their own module."""

from collections.abc import Mapping
from dataclasses import dataclass

from orderkit.actions.action_type import Effect
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import IN_APPROVALS
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.compile.workflows.clocks import how_told, read_clock
from orderkit.language.compile.workflows.may import read_may
from orderkit.language.compile.workflows.modes import WRONG_STEP
from orderkit.language.compile.workflows.states import StateNames
from orderkit.language.compile.workflows.steps import Steps
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import Node, ScalarNode, SequenceNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.parts import approval as words
from orderkit.language.spec.parts import clock as clock_words
from orderkit.language.spec.words import report_unknown_key
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Approval, Copy, Ending, May

NO_ENDING = Code(
    "OK4201",
    "approval-without-ending",
    ERROR,
    since="0.1",
    explain="""
    An approval does not say where approval or rejection leads.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done}}
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
    zh="审批没有写明通过后或拒绝后到哪里。",
)
NO_RETURN = Code(
    "OK4222",
    "return-leads-nowhere",
    ERROR,
    since="0.1",
    explain="""
    Something returns to the submitter, but the approval does not say where a return leads: it has no `returned`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done, rejected: draft, sla: {due: 8wh, overdue: [{after_due: 2wd, auto: return}]}}}
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
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done, rejected: draft, returned: draft, sla: {due: 8wh, overdue: [{after_due: 2wd, auto: return}]}}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="有地方要退回给提交人，审批却没有写退回后到哪里：缺少 `returned`。",
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The workflow an approval stands in."""

    form: FormShape
    states: StateNames
    transitions: Mapping[str, Written]
    known: Mapping[str, frozenset[str]]


def lower_approval(
    lowering: Lowering, key: ScalarNode, written: Written, around: Surroundings
) -> Approval | None:
    """Return an approval, or None where an ending is missing."""
    return _Approval(lowering, key, around).lower(written)


class _Approval:
    def __init__(self, lowering: Lowering, key: ScalarNode, around: Surroundings) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.key = key
        self.around = around
        self.form = around.form
        self.scope = lowering.places.workflow(around.form.id)

    def lower(self, written: Written) -> Approval | None:
        """Return the approval as far as it is right."""
        if written.is_broken:
            return None
        known = self.around.known.get(self.key.text, frozenset())
        reader = Steps(self.lowering, self.form, self.around.transitions, known)
        steps = reader.read(written[words.STEPS] or ())
        if written[words.STEPS] == ():
            self.reading.report(
                WRONG_STEP,
                written.value_of(words.STEPS),
                label(zh="审批没有任何步骤", en="the approval has no step"),
                label(
                    zh="写上至少一个步骤；不需要审批就去掉它",
                    en="write at least one; without any, leave the approval out",
                ),
            )
        for ending in (words.APPROVED, words.REJECTED):
            if ending not in written:
                self._report_missing(ending.name)
        endings = {key.name: self._ending(written, key) for key in words.ENDINGS}
        approved, rejected = endings["approved"], endings["rejected"]
        may = read_may(self.lowering, written[words.MAY_], self.scope, reader.nodes)
        sla = read_clock(self.lowering, written[words.SLA], self.scope, IN_APPROVALS, decides=True)
        cc = tuple(copy for each in written[words.CC] or () if (copy := self._copy(each)) is not None)
        self._check_returns(written)
        protects = self.lowering.field_paths(self.form, written[words.PROTECTS])
        if approved is None or rejected is None:
            return None
        return Approval(
            id=self.key.text,
            steps=steps,
            approved=approved,
            rejected=rejected,
            label=written[words.LABEL_],
            returned=endings["returned"],
            withdrawn=endings["withdrawn"],
            revoked=endings["revoked"],
            terminated=endings["terminated"],
            protects=protects,
            reapprove=written.flag(words.REAPPROVE),
            if_empty=written[words.IF_EMPTY] or "approve",
            may=may or May(),
            sla=sla,
            cc=cc,
        )

    def _report_missing(self, ending: str) -> None:
        self.reading.report(
            NO_ENDING,
            self.key,
            label(
                zh=f"审批 `{self.key.text}` 没有写 `{ending}`",
                en=f"the approval `{self.key.text}` has no `{ending}`",
            ),
            label(zh=f"加上 `{ending}: {{to: 状态}}`", en=f"add `{ending}: {{to: state}}`"),
        )

    def _ending(self, written: Written, key: Key[Written]) -> Ending | None:
        ending = written[key]
        target = None if ending is None else ending[words.ENDING_TO]
        if ending is None or target is None:
            return None
        place = ActionPlace(self.form, self.scope, Effect.AFTER_COMMIT, self.around.transitions, IN_APPROVALS)
        after = lower_actions(self.lowering, ending[words.ENDING_AFTER], place)
        by = self.lowering.people.read(ending[words.ENDING_BY], self.scope, IN_APPROVALS)
        own = {name for name, endings in words.ENDINGS_WITH.items() if key.name in endings}
        for name in words.ENDINGS_WITH.keys() - own:
            if name in ending.nodes:
                report_unknown_key(
                    self.reading,
                    ending.nodes[name][0],
                    [word for word in words.ENDING.by_name if word not in words.ENDINGS_WITH or word in own],
                    label(zh=f"`{key.name}`", en=f"ending `{key.name}`"),
                )
        if self.around.states.named(target) is None:
            return None
        return Ending(
            target=target.text,
            after=after,
            until=ending[words.ENDING_UNTIL] if "until" in own else None,
            keep=ending.flag(words.ENDING_KEEP),
            within=ending[words.ENDING_WITHIN] if "within" in own else None,
            by=by if "by" in own else None,
        )

    def _copy(self, written: Written) -> Copy | None:
        to = self.lowering.addressees.read(written[words.COPY_TO], self.scope, IN_APPROVALS)
        message, via = how_told(self.lowering, written)
        if to is None:
            return None
        return Copy(on=written[words.COPY_ON] or "approved", to=to, message=message, via=via)

    def _check_returns(self, written: Written) -> None:
        """Report what returns to the submitter while no ending says where that leads."""
        if words.RETURNED in written:
            return
        clocks = [written[words.SLA], *(step[words.STEP_SLA] for step in written[words.STEPS] or ())]
        for clock in clocks:
            for overdue in () if clock is None else clock[clock_words.OVERDUES] or ():
                if overdue[clock_words.OVERDUE_AUTO] == "return":
                    self._report_return(overdue.value_of(clock_words.OVERDUE_AUTO))
        may = written[words.MAY_]
        if may is not None and words.MAY_RETURN in may:
            node = may.value_of(words.MAY_RETURN)
            names = node.items if isinstance(node, SequenceNode) else (node,)
            if any(isinstance(each, ScalarNode) and each.text in ("submitter", "any") for each in names):
                self._report_return(node)

    def _report_return(self, node: Node) -> None:
        self.reading.report(
            NO_RETURN,
            node,
            label(
                zh=f"审批 `{self.key.text}` 没有写退回后到哪里",
                en=f"the approval `{self.key.text}` does not say where a return leads",
            ),
            label(zh="加上 `returned: {to: 状态}`", en="add `returned: {to: state}`"),
        )
