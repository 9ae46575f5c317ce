"""A lint: a portal or an automation presses what leads around an approval, for whoever reaches it from outside."""

from collections.abc import Iterator

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.graph import Graph, place_of
from orderkit.language.findings import WARNING, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec.kinds import automation as automation_words
from orderkit.language.spec.kinds import papers as paper_words
from orderkit.model.labels import Label, label
from orderkit.model.workflow.actions import all_actions
from orderkit.model.workflow.workflows import Approval, Transition

RUN_AROUND = Code(
    "OK4392",
    "approval-run-around",
    WARNING,
    since="0.1",
    explain="""
    A portal lets visitors press, or an automation without a condition runs, a transition without any guard that
    leads from before an approval to behind it. The system presses it, so that nobody is asked who may.
    ~~~yaml bad
    portal: track
    for: order
    lookup: {code: exact, phone: last4}
    show: [code]
    allow: [rush]
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      rush: {from: draft, to: open, by: system}
      finish: {from: open, to: done, by: owner}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}}
    # order.yaml
    form: order
    fields: {code: {type: text, unique: true}, phone: {type: phone}}
    ~~~
    ~~~yaml good
    portal: track
    for: order
    lookup: {code: exact, phone: last4}
    show: [code]
    allow: [finish]
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      finish: {from: open, to: done, by: [owner, system]}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}}
    # order.yaml
    form: order
    fields: {code: {type: text, unique: true}, phone: {type: phone}}
    ~~~""",
    zh="门户让访客触发，或没有条件的自动化执行一条没有前提的流转，从审批之前直接到审批之后。触发它的是系统，不再看谁有权。",
)


def check_runs(linting: Linting, graph: Graph, transition: Transition, approval: Approval) -> None:
    """Report who else presses a transition that leads around an approval."""
    key, _ = graph.transition_nodes[transition.id]
    for node, who in _pressed_in(linting, graph.workflow.form, transition.id):
        linting.report(
            RUN_AROUND,
            node,
            label(
                zh=f"{who['zh']}触发的 `{transition.id}` 绕过了审批 `{approval.id}`",
                en=f"{who['en']} presses `{transition.id}`, which walks around the approval `{approval.id}`",
            ),
            label(
                zh="给流转加上 `guard:`，或不要在这里触发它", en="give it a `guard`, or do not press it here"
            ),
            notes=[Note(text=label(zh="流转在这里", en="the transition stands here"), span=key.span)],
        )


def _pressed_in(linting: Linting, form: str, transition: str) -> Iterator[tuple[ScalarNode, Label]]:
    for portal in linting.project.portals:
        written = linting.named.of("portal")[portal.id].written
        if portal.form == form and transition in portal.allow and written is not None:
            node = place_of(written.value_of(paper_words.ALLOW), transition)
            if node is not None:
                yield node, label(zh="访客", en="a visitor")
    for automation in linting.project.automations:
        written = linting.named.of("automation")[automation.id].written
        if written is None or automation.when is not None:
            continue
        if automation.foreach is not None and automation.foreach.where is not None:
            continue
        for key, actions in (
            (automation_words.DO, automation.do),
            (automation_words.AFTER, automation.after),
        ):
            if any(each.options.get("run") == transition for each in all_actions(actions)):
                node = place_of(written.value_of(key), transition)
                if node is not None:
                    yield node, label(zh="自动化", en="the automation")
