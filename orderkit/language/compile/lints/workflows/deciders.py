"""Lints over those whose turn it is: approvers and holders can open the record, and a fallback is somebody."""

from collections.abc import Iterator

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.sight import readers_of
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives, place_of
from orderkit.language.compile.places.context import BUILT_IN_ROLES
from orderkit.language.findings import WARNING, Code, Note
from orderkit.language.source import MappingNode, Node
from orderkit.language.spec.kinds import workflow as words
from orderkit.language.spec.parts import approval as approval_words
from orderkit.model.expressions.nodes import Expression, Get, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record
from orderkit.model.labels import label
from orderkit.model.people import ChosenBy, FieldUser, HasRole, HeadOf, ManagerOf, NamedPerson, Who
from orderkit.model.project import Project
from orderkit.model.workflow.ways import states_of
from orderkit.model.workflow.workflows import Approval, Step, Workflow, all_steps

FALLBACK_IS_NOBODY = Code(
    "OK4360",
    "fallback-may-be-nobody",
    WARNING,
    since="0.1",
    explain="""
    The approvers of a step may be nobody, as the manager of somebody who has none, and whom `no_approver` names
    instead may be nobody as well: the same people, or again somebody's manager. The task goes to the
    administrators then, as it does without `no_approver`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    policy: {no_approver: {assign: manager_of(submitter)}}
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: manager_of(owner)}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    policy: {no_approver: {assign: role(admin)}}
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: manager_of(owner)}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="步骤的审批人可能是空的（如没有上级的人的 `manager_of`），而 `no_approver` 写的人也可能是空的：同样的人，或又一个上级。这时任务会交给管理员，和不写 `no_approver` 一样。",
)
DECIDER_CANNOT_READ = Code(
    "OK4361",
    "decider-cannot-read",
    WARNING,
    since="0.1",
    explain="""
    A role decides a step, holds a state or edits in it, or stands in where no approver is found, but neither it nor
    `everyone` may read the form: who has only this role cannot open the record.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: role(lead)}], approved: done, rejected: draft}}
    # lead.yaml
    role: lead
    forms: {product: {read: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: role(lead)}], approved: done, rejected: draft}}
    # lead.yaml
    role: lead
    forms: {order: {read: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="角色是步骤的审批人、状态的负责人或编辑人，或在找不到审批人时接手，而该角色（以及所有人）都不能查看这个表单：只有这个角色的人打不开单据。",
)

# Somebody made the record, and somebody sent it; the others of these words may be nobody.
_CERTAIN = frozenset({"owner", "submitter", "everyone", "system"})


def check_deciders(linting: Linting, graph: Graph) -> None:
    """Report people of steps and states who cannot open the record, and a fallback that is no better."""
    pressers = (who for each in graph.workflow.transitions for who in alternatives(each.by))
    # Of a role that presses, the button is reported; of one that stands in several places, the first.
    seen = {who.role for who in pressers if isinstance(who, HasRole)} | {*BUILT_IN_ROLES}
    for who, node in _named(graph):
        for each in alternatives(who):
            if isinstance(each, HasRole) and each.role not in seen:
                seen.add(each.role)
                _check_reader(linting, graph, each.role, node)
    _check_fallback(linting, graph)


def _named(graph: Graph) -> Iterator[tuple[Who, Node]]:
    """Yield who decides steps, who holds states and who edits in them, with the places."""
    for approval in graph.workflow.approvals:
        nodes = graph.steps_of(approval.id)
        for step in all_steps(approval.steps):
            written = nodes.get(step.id)
            if written is not None and approval_words.STEP_APPROVERS in written:
                yield step.approvers, written.value_of(approval_words.STEP_APPROVERS)
    states = {key.text: each for key, each in graph.written[words.STATES] or ()}
    for state in graph.workflow.states:
        written = states[state.id]
        if state.holder is not None and words.STATE_HOLDER in written:
            yield state.holder, written.value_of(words.STATE_HOLDER)
        for grant in state.edit or ():
            edit = written.value_of(words.STATE_EDIT)
            for key, _ in edit.entries if isinstance(edit, MappingNode) else ():
                if isinstance(grant.who, HasRole) and place_of(key, f"role({grant.who.role})") is not None:
                    yield grant.who, key
    fallback, node = graph.workflow.policy.no_approver, _fallback_node(graph)
    if fallback is not None and node is not None:
        yield fallback, node


def _check_reader(linting: Linting, graph: Graph, role_id: str, node: Node) -> None:
    form = graph.workflow.form
    role = linting.project.role_by_id.get(role_id)
    place = place_of(node, f"role({role_id})")
    if role is None or place is None or linting.certain("role", role_id) is None:
        return
    if readers_of(linting.project, role, form):
        return
    linting.report(
        DECIDER_CANNOT_READ,
        place,
        label(
            zh=f"角色 `{role_id}` 不能查看表单 `{form}`，打不开要处理的单据",
            en=f"the role `{role_id}` may not read the form `{form}`, so it cannot open what it has to deal with",
        ),
        label(zh=f"给角色加上 `{form}: {{read: true}}`", en=f"grant the role `{form}: {{read: true}}`"),
        notes=[
            Note(
                text=label(zh="角色在这里", en="the role stands here"),
                span=linting.named.of("role")[role_id].id_node.span,
            )
        ],
    )


def _check_fallback(linting: Linting, graph: Graph) -> None:
    fallback, node = graph.workflow.policy.no_approver, _fallback_node(graph)
    if fallback is None or node is None:
        return
    for approval in graph.workflow.approvals:
        nodes = graph.steps_of(approval.id)
        given = _given_before(graph.workflow, approval)
        for step in all_steps(approval.steps):
            written = nodes.get(step.id)
            if written is None or not _fails(linting.project, step, fallback, given):
                continue
            linting.report(
                FALLBACK_IS_NOBODY,
                node,
                label(
                    zh=f"步骤 `{step.id}` 找不到审批人时，这里的人也可能是空的",
                    en=f"where the step `{step.id}` finds no approver, this may be nobody either",
                ),
                label(
                    zh="写 `{assign: role(admin)}` 或总有人的角色",
                    en="write `{assign: role(admin)}`, or another role that somebody always has",
                ),
                notes=[
                    Note(
                        text=label(zh="步骤在这里", en="the step stands here"),
                        span=written.value_of(approval_words.STEP_APPROVERS).span,
                    )
                ],
            )
            return


def _fallback_node(graph: Graph) -> Node | None:
    policy = graph.written[words.POLICY_]
    return None if policy is None else policy[words.POLICY_NOBODY]


def _given_before(workflow: Workflow, approval: Approval) -> frozenset[str]:
    """Return the fields that every way into an approval demands."""
    during = states_of(workflow, approval)
    ended = {ending.target for each in workflow.approvals for ending in each.endings.values()}
    entries = [each for each in workflow.transitions if each.target in during]
    if not entries or during & {*ended, workflow.initial}:
        return frozenset()
    demanded = ({*entry.require, *(ask.field.id for ask in entry.ask if ask.required)} for entry in entries)
    return frozenset(set.intersection(*demanded))


def _fails(project: Project, step: Step, fallback: Who, given: frozenset[str]) -> bool:
    """Whether both the approvers of a step and those in their place may be nobody.

    Who has a role is not known here; but if the step finds nobody in it, the fallback finds nobody either.
    """
    approvers, people = set(alternatives(step.approvers)), set(alternatives(fallback))
    shared = {
        who for who in approvers & people if isinstance(who, HasRole) and who.role not in BUILT_IN_ROLES
    }
    return all(who in shared or _may_be_nobody(project, who, given) for who in approvers | people)


def _may_be_nobody(project: Project, who: Who | None, given: frozenset[str]) -> bool:
    match who:
        case FieldUser(expression=expression):
            return _may_be_empty(project, expression, given)
        case NamedPerson(name=name):
            return name not in _CERTAIN
        case _:
            return isinstance(who, ManagerOf | HeadOf | ChosenBy)


def _may_be_empty(project: Project, expression: Expression, given: frozenset[str]) -> bool:
    for node in walk(expression):
        if isinstance(node, Get) and isinstance(node.base.type, Record):
            form = project.form_by_id.get(node.base.type.form)
            field = None if form is None else form.by_id.get(node.field)
            is_given = isinstance(node.base, Root) and node.field in given
            if field is not None and not field.required and not is_given:
                return True
    return False
