"""A lint: two workflows whose guards wait for each other's state, so that neither can go first."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.reasoning.conditions import WIDEST
from orderkit.language.compile.lints.reasoning.regions import TooManyBoxesError
from orderkit.language.compile.lints.workflows.graph import Graph
from orderkit.language.findings import WARNING, Code, Note, Span
from orderkit.model.expressions.nodes import (
    Aggregate,
    AggregateFunction,
    Binary,
    BinaryOperator,
    Expression,
    Get,
)
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Choice, Record
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Transition, Workflow

DEADLOCK = Code(
    "OK4319",
    "workflows-wait-for-each-other",
    WARNING,
    since="0.1",
    explain="""
    Two workflows come to states in which the guards of each wait for a state of the other: neither goes on.
    ~~~yaml bad
    workflow: production
    for: order
    state: making
    initial: planned
    states: {planned: {}, made: {final: completed}}
    transitions: {make: {from: planned, to: made, by: owner, guard: paying == 'paid'}}
    # billing.yaml
    workflow: billing
    for: order
    state: paying
    initial: open
    states: {open: {}, paid: {final: completed}}
    transitions: {pay: {from: open, to: paid, by: owner, guard: making == 'made'}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: production
    for: order
    state: making
    initial: planned
    states: {planned: {}, made: {final: completed}}
    transitions: {make: {from: planned, to: made, by: owner}}
    # billing.yaml
    workflow: billing
    for: order
    state: paying
    initial: open
    states: {open: {}, paid: {final: completed}}
    transitions: {pay: {from: open, to: paid, by: owner, guard: making == 'made'}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="两个流程走到某处时，各自的前提都在等对方的状态，谁也走不下去。",
)
MAX_PAIRS = 4000


@dataclass(frozen=True, slots=True)
class _Wait:
    """A guard that waits for the other workflow: the states in which it may hold."""

    states: frozenset[str]
    span: Span


@dataclass(frozen=True, slots=True)
class _Way:
    """A way out of a state. Without waits it depends on nothing of the other workflow."""

    target: str
    waits: tuple[_Wait, ...] = ()

    def is_open(self, other_state: str) -> bool:
        """Whether it may be gone while the other workflow is in a state."""
        return all(other_state in wait.states for wait in self.waits)


def check_deadlocks(linting: Linting, graphs: list[Graph]) -> None:
    """Report pairs of workflows that wait for each other."""
    by_form: dict[str, list[Graph]] = {}
    for graph in graphs:
        by_form.setdefault(graph.workflow.form, []).append(graph)
    watched = {graph.workflow.id: _watched(graph) for graph in graphs}
    for graph in graphs:
        for name in sorted(watched[graph.workflow.id]):
            for other in by_form.get(name[0], ()):
                is_other = other.workflow.state_field == name[1] and other.workflow.id > graph.workflow.id
                mine = (graph.workflow.form, graph.workflow.state_field)
                if is_other and mine in watched[other.workflow.id]:
                    _check_pair(linting, graph, other)


def _watched(graph: Graph) -> set[tuple[str, str]]:
    """Return the state fields of other workflows that the guards read."""
    found = set()
    for transition in graph.workflow.transitions:
        for check in transition.guard:
            for node in walk(check.that):
                if (
                    isinstance(node, Get)
                    and isinstance(node.base.type, Record)
                    and isinstance(node.type, Choice)
                ):
                    found.add((node.base.type.form, node.field))
    return found - {(graph.workflow.form, graph.workflow.state_field)}


def _check_pair(linting: Linting, first: Graph, second: Graph) -> None:
    if len(first.workflow.states) * len(second.workflow.states) > MAX_PAIRS:
        return
    ways = (_ways(linting, first, second.workflow), _ways(linting, second, first.workflow))
    start = (first.workflow.initial, second.workflow.initial)
    seen, waiting = {start}, [start]
    while waiting:
        here, there = waiting.pop(0)
        onward = [(way.target, there) for way in ways[0][here] if way.is_open(there)]
        onward += [(here, way.target) for way in ways[1][there] if way.is_open(here)]
        if not onward and ways[0][here] and ways[1][there]:
            _report(linting, (first, here, ways[0][here]), (second, there, ways[1][there]))
            return
        fresh = [pair for pair in onward if pair not in seen]
        seen.update(fresh)
        waiting += fresh


def _ways(linting: Linting, graph: Graph, other: Workflow) -> dict[str, list[_Way]]:
    found: dict[str, list[_Way]] = {state.id: [] for state in graph.workflow.states}
    guarded = set()
    for transition in graph.workflow.transitions:
        waits = tuple(_waits(linting, transition, other))
        for source in transition.sources:
            guarded.add((source, transition.target))
            found[source].append(_Way(transition.target, waits))
    for state, targets in graph.ways.items():
        # The endings of approvals wait for people only.
        found[state] += [_Way(target) for target in targets if (state, target) not in guarded]
    return found


def _waits(linting: Linting, transition: Transition, other: Workflow) -> Iterator[_Wait]:
    for check in transition.guard:
        states = _states_allowed(check.that, other)
        place = linting.usage.place_of(check.that)
        if states is not None and place is not None:
            yield _Wait(states, place.span)


def _states_allowed(condition: Expression, other: Workflow) -> frozenset[str] | None:
    """Return the states of the other workflow in which a condition may hold; None if it does not matter."""
    allowed: frozenset[str] | None = None
    for part in _conjuncts(condition):
        names = {node for node in walk(part) if _is_state_of(node, other)}
        if len(names) != 1:
            continue
        name = next(iter(names))
        assert isinstance(name.type, Choice)
        try:
            region = WIDEST.region(part)
        except TooManyBoxesError:
            continue
        held: set[str] = set()
        for box in region.boxes:
            values = box.sides.get(name)
            held |= {o for n, o in enumerate(name.type.options) if values is None or n in values}
        allowed = frozenset(held) if allowed is None else allowed & held
    return allowed


def _conjuncts(condition: Expression) -> Iterator[Expression]:
    """Yield what must all hold. `any(rows.status == 'x')` needs a row of which its condition holds."""
    match condition:
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            yield from _conjuncts(left)
            yield from _conjuncts(right)
        case Aggregate(function=AggregateFunction.ANY, value=value) if value is not None:
            yield from _conjuncts(value)
        case _:
            yield condition


def _is_state_of(node: Expression, other: Workflow) -> bool:
    return (
        isinstance(node, Get)
        and node.field == other.state_field
        and node.base.type == Record(other.form)
        and isinstance(node.type, Choice)
    )


def _report(
    linting: Linting, here: tuple[Graph, str, list[_Way]], there: tuple[Graph, str, list[_Way]]
) -> None:
    (first, state, ways), (second, other_state, other_ways) = here, there
    wait, other_wait = _first_wait(ways), _first_wait(other_ways)
    if wait is None or other_wait is None:
        return
    linting.report(
        DEADLOCK,
        wait.span,
        label(
            zh=f"在 `{first.workflow.id}` 的 `{state}` 和 `{second.workflow.id}` 的 `{other_state}`，两个流程互相等待",
            en=f"`{first.workflow.id}` in `{state}` and `{second.workflow.id}` in `{other_state}` wait for each other",
        ),
        label(zh="让其中一个的前提不等另一个", en="let one of them go without waiting for the other"),
        notes=[
            Note(
                text=label(zh="另一个在这里等", en="the other one waits here"),
                span=other_wait.span,
            )
        ],
    )


def _first_wait(ways: list[_Way]) -> _Wait | None:
    return next((wait for way in ways for wait in way.waits), None)
