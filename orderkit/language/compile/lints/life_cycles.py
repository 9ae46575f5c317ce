"""Lints over the shape of a workflow: every state can be reached and left, every approval runs somewhere."""

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.findings import ERROR, WARNING, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import workflow as words
from orderkit.model.labels import label
from orderkit.model.workflows import Workflow

UNREACHABLE_STATE = Code(
    "OK4301",
    "unreachable-state",
    WARNING,
    since="0.1",
    explain="""
    No transition and no ending of an approval leads to a state, so no record can ever be in it.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, waiting: {}, done: {final: completed}}
    transitions: {finish: {from: [draft, waiting], to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="没有任何流转或审批结果通向这个状态，单据永远到不了那里。",
)
DEAD_END = Code(
    "OK4302",
    "dead-end",
    WARNING,
    since="0.1",
    explain="""
    A state cannot be left, and it is not `final`: records would stay in it for ever.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {}}
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
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="状态出不去，又不是终态（`final`）：单据会一直停在那里。",
)
LEAVES_FINAL = Code(
    "OK4303",
    "leaves-final-state",
    ERROR,
    since="0.1",
    explain="""
    A transition begins in a final state, but a record's life ends there.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}, again: {from: done, to: draft, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="流转从终态开始，而单据的一生到终态已经结束。",
)
UNUSED_APPROVAL = Code(
    "OK4304",
    "unused-approval",
    WARNING,
    since="0.1",
    explain="""
    No state runs an approval.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
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
    zh="没有任何状态用这个审批。",
)


def check_workflow(lowering: Lowering, workflow: Workflow) -> None:
    """Report what is doubtful in a workflow whose parts are right."""
    written = lowering.compilation.named.of("workflow")[workflow.id].written
    if written is None or any(
        finding.path == written.node.source.path and finding.code.severity is ERROR
        for finding in lowering.reading.found
    ):
        return
    nodes = {key.text: key for key, _ in written[words.STATES] or ()}
    ways = _ways(workflow)
    reached = _reached(workflow.initial, ways)
    for state in workflow.states:
        if state.id not in reached:
            _report(
                lowering,
                UNREACHABLE_STATE,
                nodes[state.id],
                zh=f"没有流转到达状态 `{state.id}`",
                en=f"nothing leads to the state `{state.id}`",
            )
        elif state.final is None and not ways[state.id]:
            _report(
                lowering,
                DEAD_END,
                nodes[state.id],
                zh=f"状态 `{state.id}` 没有出路，也不是终态",
                en=f"the state `{state.id}` cannot be left, and is not final",
            )
    finals = {state.id for state in workflow.states if state.final is not None}
    for _, transition in written[words.TRANSITIONS] or ():
        for node in transition[words.TRANSITION_FROM] or ():
            if node.text in finals:
                _report(
                    lowering,
                    LEAVES_FINAL,
                    node,
                    zh=f"`{node.text}` 是终态，不能再流转",
                    en=f"`{node.text}` is final; no transition may begin there",
                )
    used = {state.approval for state in workflow.states}
    for key, _ in written[words.APPROVALS] or ():
        if key.text not in used:
            _report(
                lowering,
                UNUSED_APPROVAL,
                key,
                zh=f"没有状态使用审批 `{key.text}`",
                en=f"no state runs the approval `{key.text}`",
            )


def _ways(workflow: Workflow) -> dict[str, set[str]]:
    """Return for each state where it may lead."""
    ways: dict[str, set[str]] = {state.id: set() for state in workflow.states}
    for transition in workflow.transitions:
        for source in transition.sources:
            ways[source].add(transition.target)
    for state in workflow.states:
        approval = workflow.approval_by_id.get(state.approval) if state.approval is not None else None
        if approval is not None:
            endings = (approval.approved, approval.rejected, approval.returned, approval.withdrawn)
            ways[state.id] |= {ending.target for ending in endings if ending is not None}
    return ways


def _reached(initial: str, ways: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(), [initial]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += ways.get(state, set())
    return reached


def _report(lowering: Lowering, code: Code, place: ScalarNode, *, zh: str, en: str) -> None:
    lowering.reading.report(code, place, label(zh=zh, en=en))
