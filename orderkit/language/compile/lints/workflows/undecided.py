"""A lint over approvals: every step has somebody who may decide it.

That somebody may be missing, as the manager of who has none, is what `no_approver` is for (`deciders`
looks at that); here it is certain.
"""

from collections.abc import Iterable

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.fillable import (
    is_fillable,
    is_filled_by_people,
)
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives
from orderkit.language.findings import WARNING, Code
from orderkit.language.spec.parts import approval as approval_words
from orderkit.model.expressions.nodes import Expression, Get, Root
from orderkit.model.labels import Label, label
from orderkit.model.people import FieldUser, HeadOf, ManagerOf, NamedPerson, Who
from orderkit.model.workflow.ways import reached
from orderkit.model.workflow.workflows import Approval, ApprovalPart, State, Step, parts_within

NOBODY_DECIDES = Code(
    "OK4312",
    "nobody-decides",
    WARNING,
    since="0.1",
    explain="""
    The approvers of a step can only be nobody: there is no `previous` approver before the first step, no
    `holder` where the state names none, and who submitted does not decide under `self_approval: forbid`, nor
    under `skip`, where the system lets it pass. So it is with `owner` where only the owner can submit, with
    `previous` where nobody approves twice in a row, and with a field that nobody can have filled by then.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: previous}], approved: done, rejected: draft}}
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
    approvals: {check: {steps: [{id: one, approvers: manager_of(owner)}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="步骤的审批人只能是空的：第一步之前没有 `previous`，状态没有写 `holder`，或 `self_approval: forbid`（`skip` 时系统自动通过）下提交人不审批自己的单据，只有 `owner` 能提交时 `owner` 也一样；同一人不连续审批时写 `previous`；或字段到那时没有人能填。",
)


def check_undecided(linting: Linting, graph: Graph) -> None:
    """Report steps that nobody can decide."""
    for state in graph.workflow.states:
        approval = None if state.approval is None else graph.workflow.approval_by_id.get(state.approval)
        if approval is not None:
            _Deciders(linting, graph, state, approval).check()


class _Deciders:
    """The approval of one state, and who can have submitted what comes into it."""

    def __init__(self, linting: Linting, graph: Graph, state: State, approval: Approval) -> None:
        self.linting = linting
        self.graph = graph
        self.state = state
        self.approval = approval
        self.before = reached([state.id], graph.backward)
        self.submitter = self._only_submitter()

    def check(self) -> None:
        """Report each step that nobody can decide."""
        nodes = self.graph.steps_of(self.approval.id)
        for index, part in enumerate(self.approval.steps):
            for step, is_first in _steps(part, is_first=index == 0):
                whys = [
                    self._why_nobody(who, step, is_first=is_first) for who in alternatives(step.approvers)
                ]
                written = nodes.get(step.id)
                if written is None or approval_words.STEP_APPROVERS not in written or not all(whys):
                    continue
                self.linting.report(
                    NOBODY_DECIDES,
                    written.value_of(approval_words.STEP_APPROVERS),
                    label(zh=f"步骤 `{step.id}` 没有人能审批", en=f"nobody can decide the step `{step.id}`"),
                    whys[0],
                )

    def _only_submitter(self) -> Who | None:
        """Return the one person who alone can send a record into the approval, if it is always the same word."""
        workflow, state = self.graph.workflow, self.state.id
        if workflow.initial == state or state in {
            ending.target for approval in workflow.approvals for ending in approval.endings.values()
        }:
            return None
        entries = [each for each in workflow.transitions if each.target == state]
        pressers = {who for each in entries for who in alternatives(each.by)}
        only = pressers.pop() if len(pressers) == 1 else None
        return only if isinstance(only, FieldUser) or only == NamedPerson("owner") else None

    def _why_nobody(self, who: Who | None, step: Step, *, is_first: bool) -> Label | None:
        policy = self.graph.workflow.policy
        if who is not None and (who == NamedPerson("submitter") or who == self.submitter):
            return _NOT_ONESELF.get(policy.self_approval)
        match who:
            case NamedPerson(name="previous") if is_first:
                return label(zh="在它之前没有人审批过", en="nobody has decided anything before it")
            case NamedPerson(name="previous") if policy.duplicate_approver != "none":
                # What is changed in between is asked about again.
                is_repeated = not self.approval.protects and step.when is None
                return _NOT_TWICE if is_repeated else None
            case NamedPerson(name="holder") if self.state.holder is None:
                return label(zh="给状态写 `holder:`", en="give the state a `holder`")
            case FieldUser(expression=expression) | HeadOf(department=expression):
                return self._why_empty(expression)
            case ManagerOf(who=inner):
                is_person = not isinstance(inner, NamedPerson)
                return self._why_nobody(inner, step, is_first=is_first) if is_person else None
            case _:
                return None

    def _why_empty(self, expression: Expression) -> Label | None:
        """Return why a field is always empty by then, or None."""
        form = self.linting.project.form_by_id.get(self.graph.workflow.form)
        if form is None or not isinstance(expression, Get) or not isinstance(expression.base, Root):
            return None
        field = form.by_id.get(expression.field)
        if field is None or not is_filled_by_people(field):
            return None
        if self.linting.usage.is_given(form.id, field.id) or is_fillable(self.graph, field, self.before):
            return None
        return label(zh=f"到这里还没有人能填 `{field.id}`", en=f"nobody can have filled `{field.id}` by then")


_NOT_ONESELF = {
    "forbid": label(
        zh="`self_approval: forbid` 不允许提交人审批自己的单据",
        en="`self_approval: forbid` keeps who submitted from deciding",
    ),
    "skip": label(
        zh="`self_approval: skip` 让提交人自己的审批自动通过",
        en="`self_approval: skip` lets it pass by itself for who submitted",
    ),
}
_NOT_TWICE = label(
    zh="`duplicate_approver` 让刚批准过的人自动通过；写 `duplicate_approver: none`",
    en="`duplicate_approver` lets it pass by itself for who has just approved; write `duplicate_approver: none`",
)


def _steps(step: ApprovalPart, *, is_first: bool) -> Iterable[tuple[Step, bool]]:
    """Yield the steps below, and whether nobody can have decided before."""
    if isinstance(step, Step):
        yield step, is_first
    else:
        for parts in parts_within(step):
            for index, inner in enumerate(parts):
                yield from _steps(inner, is_first=is_first and index == 0)
