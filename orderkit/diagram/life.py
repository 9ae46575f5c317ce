"""The life of a record as a graph: its states and the ways between them, approvals closed or opened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderkit.diagram import words
from orderkit.diagram.approvals import approval_graph
from orderkit.diagram.graphs import Edge, Graph, Kind, Node
from orderkit.diagram.main_way import main_states
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Outcome, State, Workflow

START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way between two states, by a transition or an ending of an approval."""

    source: str
    target: str
    label: Label
    is_rare: bool


def life_graph(workflow: Workflow, *, is_opened: bool = False) -> Graph:
    """Return states as shapes; all ways from one state to another are one, with all their names."""
    nodes = (
        Node(id=START, kind=Kind.START),
        *(_state(workflow, state, is_opened=is_opened) for state in workflow.states),
    )
    merged: dict[tuple[str, str], list[_Way]] = {}
    for way in _ways(workflow):
        merged.setdefault((way.source, way.target), []).append(way)
    edges = (
        Edge(id=f"{START}-{workflow.initial}", source=START, target=workflow.initial),
        *(
            Edge(
                id=f"{source}-{target}",
                source=source,
                target=target,
                label=words.listed(way.label for way in ways),
                is_rare=all(way.is_rare for way in ways),
            )
            for (source, target), ways in merged.items()
        ),
    )
    return Graph(nodes=nodes, edges=edges, main=(START, *main_states(workflow)))


def _state(workflow: Workflow, state: State, *, is_opened: bool) -> Node:
    approval = workflow.approval_by_id.get(state.approval or "")
    inner = None
    if approval is not None and is_opened:
        inner = approval_graph(approval, state.id, with_clocks=False)
    return Node(
        id=state.id,
        kind=Kind.BLOCK if inner is not None else Kind.STATE,
        label=state.label,
        inner=inner,
        mark=_mark(state),
        subject=state,
    )


def _mark(state: State) -> str:
    if state.final is not None:
        return "done" if state.final is Outcome.COMPLETED else "given-up"
    return "approval" if state.approval is not None else ""


def _ways(workflow: Workflow) -> Iterator[_Way]:
    """Yield the ways, those by which most records go first."""
    for state in workflow.states:
        approval = workflow.approval_by_id.get(state.approval or "")
        endings: Mapping[str, object] = {} if approval is None else approval.endings
        for name in endings:
            assert approval is not None
            yield _Way(
                source=state.id,
                target=approval.endings[name].target,
                label=words.ENDINGS[name],
                is_rare=name != "approved",
            )
    cancelled = {state.id for state in workflow.states if state.final is Outcome.CANCELLED}
    for transition in workflow.transitions:
        for source in transition.sources:
            yield _Way(
                source=source,
                target=transition.target,
                label=transition.label,
                is_rare=transition.target in cancelled,
            )
    for state in workflow.states:
        if state.reopen is not None:
            yield _Way(source=state.id, target=state.reopen.target, label=words.REOPENED, is_rare=True)
