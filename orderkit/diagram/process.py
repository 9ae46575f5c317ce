"""The life of a record as a process of BPMN: tasks, gateways, sub-processes, clocks and what is done.

A state is a task of whoever holds it, or a sub-process where an approval runs; behind one with several
ways out stands a gateway. What a transition does stands on its way, as a script for what happens in the
same transaction and as a service for what happens after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from orderkit.diagram import words
from orderkit.diagram.approvals import approval_graph
from orderkit.diagram.clocks import approval_clock, pressed, state_timers
from orderkit.diagram.doing import done
from orderkit.diagram.graphs import Edge, Graph, Kind, Node, Timer
from orderkit.diagram.main_way import main_states
from orderkit.model.labels import Label, label
from orderkit.model.workflow.actions import all_actions
from orderkit.model.workflow.workflows import Action, Approval, Ending, State, Transition, Workflow
from orderkit.model.workflow.workflows import Timer as StateTimer

START = "start"
COMPENSATION = "compensation"
# A revoked approval leads away from wherever the record is then, which BPMN has no way for.
_FROM_ELSEWHERE = frozenset({"revoked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way out of a state: by a transition, or by an ending (`name`) of the approval that runs in it."""

    id: str
    target: str
    label: Label
    condition: str
    do: tuple[Action, ...]
    after: tuple[Action, ...]
    subject: Transition | Ending


def process_graph(workflow: Workflow) -> Graph:
    """Return the process."""
    return _Builder(workflow).graph()


def ways_out(workflow: Workflow, state: State) -> tuple[Way, ...]:
    """Return the ways out of a state, that of a granted approval first."""
    approval = workflow.approval_by_id.get(state.approval or "")
    return (*(() if approval is None else _endings(state, approval)), *_transitions(workflow, state))


def state_id(state: str) -> str:
    """Return the id of a state in the process."""
    return f"s_{state}"


def _endings(state: State, approval: Approval) -> Iterator[Way]:
    for name, ending in approval.endings.items():
        if name not in _FROM_ELSEWHERE:
            yield Way(
                id=f"{state.id}.{name}",
                target=ending.target,
                label=words.ENDINGS[name],
                condition=f"outcome == '{name}'",
                do=(),
                after=ending.after,
                subject=ending,
            )


def _transitions(workflow: Workflow, state: State) -> Iterator[Way]:
    for transition in workflow.transitions:
        if state.id in transition.sources:
            yield Way(
                id=transition.id,
                target=transition.target,
                label=transition.label,
                condition=f"transition == '{transition.id}'",
                do=transition.do,
                after=transition.after,
                subject=transition,
            )


@dataclass
class _Builder:
    """Collects the shapes and ways; what a transition does stands once, however many ways lead to it."""

    workflow: Workflow
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    entries: dict[str, str] = field(default_factory=dict)

    def graph(self) -> Graph:
        workflow = self.workflow
        self._add(Node(id=START, kind=Kind.START, label=words.START))
        for state in workflow.states:
            self._add(self._state(state))
        self._tie(f"f_{START}", START, state_id(workflow.initial))
        for state in workflow.states:
            self._leave(state)
        for state in workflow.states:
            for timer in workflow.timers:
                if timer.state == state.id:
                    self._fire(state, timer)
        return Graph(
            nodes=tuple(self.nodes.values()), edges=tuple(self.edges), main=self._main(main_states(workflow))
        )

    def _state(self, state: State) -> Node:
        name = state_id(state.id)
        if state.final is not None:
            return Node(id=name, kind=Kind.END, label=state.label, mark=str(state.final), subject=state)
        timers = state_timers(self.workflow, state.id)
        approval = self.workflow.approval_by_id.get(state.approval or "")
        if approval is None:
            holder = words.who_written(state.holder) if state.holder is not None else ""
            return Node(
                id=name,
                kind=Kind.STATE,
                label=state.label,
                note=label(zh=holder, en=holder) if holder else label(),
                timers=timers,
                subject=state,
            )
        return Node(
            id=name,
            kind=Kind.BLOCK,
            label=state.label,
            inner=approval_graph(approval, name, with_clocks=True),
            timers=(*timers, *approval_clock(approval, name)),
            mark="approval",
            subject=state,
        )

    def _leave(self, state: State) -> None:
        """Add the ways out of a state."""
        ways = ways_out(self.workflow, state)
        start = state_id(state.id)
        if state.final is not None:
            return
        if len(ways) > 1:
            gateway = f"g_{state.id}"
            self._add(Node(id=gateway, kind=Kind.CHOICE, subject=state))
            self._tie(f"f_{state.id}.out", start, gateway)
            start = gateway
        for index, way in enumerate(ways):
            # Of a single way nothing is asked, and BPMN's default way has no condition.
            is_default = index == 0
            self.edges.append(
                Edge(
                    id=f"f_{state.id}.{way.id.removeprefix(state.id + '.')}",
                    source=start,
                    target=self._entry(way),
                    label=way.label,
                    condition="" if is_default else way.condition,
                    is_default=is_default and len(ways) > 1,
                    subject=way,
                )
            )

    def _entry(self, way: Way) -> str:
        """Return the shape that a way leads to: what is done on it, or the state behind."""
        if way.id in self.entries:
            return self.entries[way.id]
        chain = []
        if way.do:
            chain.append(self._script(way))
        if way.after:
            chain.append(Node(id=f"after_{way.id}", kind=Kind.SERVICE, label=done(way.after), subject=way))
        for node in chain:
            self._add(node)
        names = [*(node.id for node in chain), state_id(way.target)]
        for before, behind in pairwise(names):
            self._tie(f"f_{before}", before, behind)
        self.entries[way.id] = names[0]
        return names[0]

    def _script(self, way: Way) -> Node:
        """Return what a way does; where another one takes it back, with what does so."""
        name = f"do_{way.id}"
        if way.id not in _undone(self.workflow):
            return Node(id=name, kind=Kind.SCRIPT, label=done(way.do), subject=way)
        event, task = f"undo_{way.id}", f"undo_{way.id}.do"
        self._add(
            Node(
                id=task,
                kind=Kind.SCRIPT,
                label=words.of_both(
                    "{undo}：{name}", "{undo}: {name}", undo=words.TAKEN_BACK, name=way.label
                ),
                mark=COMPENSATION,
            )
        )
        self.edges.append(Edge(id=f"f_{event}", source=name, target=task, timer=event, takes_back=True))
        taken = Timer(id=event, label=words.TAKEN_BACK, interrupts=True, subject=way, takes_back=True)
        return Node(id=name, kind=Kind.SCRIPT, label=done(way.do), timers=(taken,), subject=way)

    def _fire(self, state: State, timer: StateTimer) -> None:
        transition = pressed(self.workflow, timer)
        name = f"t_{timer.id}"
        if transition is not None:
            way = next(way for way in ways_out(self.workflow, state) if way.subject is transition)
            self._tie(f"f_{name}", state_id(state.id), self._entry(way), timer=name)
            return
        self._add(Node(id=f"{name}.do", kind=Kind.SERVICE, label=done(timer.actions), subject=timer))
        self._add(Node(id=f"{name}.end", kind=Kind.END, subject=timer))
        self._tie(f"f_{name}", state_id(state.id), f"{name}.do", timer=name)
        self._tie(f"f_{name}.end", f"{name}.do", f"{name}.end")

    def _main(self, states: Sequence[str]) -> tuple[str, ...]:
        """Return the shapes on the way through these states."""
        follower: dict[str, list[str]] = {}
        for edge in self.edges:
            if not edge.timer:
                follower.setdefault(edge.source, []).append(edge.target)
        goals = frozenset(state_id(state.id) for state in self.workflow.states)
        path = [START]
        for state in states:
            path += _between(path[-1], state_id(state), follower, goals)
        return tuple(path)

    def _add(self, node: Node) -> None:
        self.nodes[node.id] = node

    def _tie(self, name: str, source: str, target: str, *, timer: str = "") -> None:
        self.edges.append(Edge(id=name, source=source, target=target, timer=timer))


def _undone(workflow: Workflow) -> frozenset[str]:
    """Return the transitions that some other one takes back."""
    actions = all_actions(action for transition in workflow.transitions for action in transition.do)
    return frozenset(str(action.options.get("undo")) for action in actions if action.kind == "undo")


def _between(
    start: str, goal: str, follower: Mapping[str, list[str]], states: frozenset[str]
) -> tuple[str, ...]:
    """Return the shapes behind `start` up to `goal`, without entering another state on the way."""
    for target in follower.get(start, ()):
        if target == goal:
            return (target,)
        if target not in states:
            rest = _between(target, goal, follower, states)
            if rest:
                return (target, *rest)
    return ()
