"""Rules for people that hold in all approvals of a workflow."""

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import IN_APPROVALS
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import MappingNode, Node
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import workflow as words
from orderkit.model.labels import label
from orderkit.model.people import HasRole, ManagerOf, NamedPerson, Who
from orderkit.model.workflow.workflows import Policy

WRONG_POLICY = Code(
    "OK4004",
    "wrong-policy",
    ERROR,
    since="0.1",
    explain="""
    `no_approver` says who decides when nobody is found: `{assign: role(admin)}`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    policy: {no_approver: ignore}
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
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
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="`no_approver` 要写明没有人可审批时交给谁：`{assign: role(admin)}`。",
)

_DEFAULT_COMMENTS = ("reject", "return")


def read_policy(lowering: Lowering, written: Written | None, scope: Scope) -> Policy:
    """Return the rules for people; without words of the project those that the reference names."""
    if written is None:
        return Policy(no_approver=HasRole("admin"))
    return Policy(
        self_approval=written[words.POLICY_SELF] or "to_manager",
        duplicate_approver=written[words.POLICY_DUPLICATE] or "consecutive",
        no_approver=_no_approver(lowering, scope, written[words.POLICY_NOBODY]),
        comment_on=_DEFAULT_COMMENTS
        if words.POLICY_COMMENT not in written
        else written[words.POLICY_COMMENT] or (),
        leaver=_leaver(lowering, scope, written[words.POLICY_LEAVER]),
        substitution=written[words.POLICY_SUBSTITUTION] or "allow",
    )


def _leaver(lowering: Lowering, scope: Scope, node: Node | None) -> Who | None:
    """Return who gets the tasks of somebody who leaves; None is their manager."""
    who = lowering.people.read(node, scope, IN_APPROVALS)
    return None if who == ManagerOf(NamedPerson("approver")) else who


def _no_approver(lowering: Lowering, scope: Scope, node: Node | None) -> Who | None:
    if node is None:
        return HasRole("admin")
    assigned = node.get("assign") if isinstance(node, MappingNode) else None
    if assigned is None:
        lowering.reading.report(
            WRONG_POLICY,
            node,
            label(zh="`no_approver` 要写明交给谁", en="`no_approver` must say who decides then"),
            label(zh="写 `{assign: role(admin)}`", en="write `{assign: role(admin)}`"),
        )
        return None
    return lowering.people.read(assigned, scope)
