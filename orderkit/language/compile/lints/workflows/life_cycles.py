"""Lints over the shape of a workflow: every state can be reached and left, every approval runs somewhere."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.graph import Graph
from orderkit.language.findings import ERROR, WARNING, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec.kinds import workflow as words
from orderkit.model.labels import label
from orderkit.model.workflow.ways import reached

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


def check_life_cycle(linting: Linting, graph: Graph) -> None:
    """Report states that cannot be reached or left, and approvals that run nowhere."""
    workflow, written = graph.workflow, graph.written
    found = reached([workflow.initial], graph.ways)
    for state in workflow.states:
        if state.id not in found:
            _report(
                linting,
                UNREACHABLE_STATE,
                graph.state_nodes[state.id],
                zh=f"没有流转到达状态 `{state.id}`",
                en=f"nothing leads to the state `{state.id}`",
            )
        elif state.final is None and not graph.ways[state.id]:
            _report(
                linting,
                DEAD_END,
                graph.state_nodes[state.id],
                zh=f"状态 `{state.id}` 没有出路，也不是终态",
                en=f"the state `{state.id}` cannot be left, and is not final",
            )
    for _, transition in written[words.TRANSITIONS] or ():
        for node in transition[words.TRANSITION_FROM] or ():
            if node.text in graph.finals:
                _report(
                    linting,
                    LEAVES_FINAL,
                    node,
                    zh=f"`{node.text}` 是终态，不能再流转",
                    en=f"`{node.text}` is final; no transition may begin there",
                )
    used = {state.approval for state in workflow.states}
    for key, _ in graph.approval_nodes.values():
        if key.text not in used:
            _report(
                linting,
                UNUSED_APPROVAL,
                key,
                zh=f"没有状态使用审批 `{key.text}`",
                en=f"no state runs the approval `{key.text}`",
            )


def _report(linting: Linting, code: Code, place: ScalarNode, *, zh: str, en: str) -> None:
    linting.report(code, place, label(zh=zh, en=en))
