"""Random workflows as the compiler could make them, and random graphs, which are wilder than any workflow."""

from hypothesis import strategies as st

from orderkit.diagram.graphs import Edge, Graph, Kind, Node, Timer
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Get, Literal, Root
from orderkit.model.expressions.types import Boolean, Number, Record, Rows
from orderkit.model.labels import label
from orderkit.model.people import HasRole, ManagerOf, NamedPerson
from orderkit.model.values.durations import TimeSpan, TimeUnit
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.clocks import Clock, Overdue, Reminder
from orderkit.model.workflow.workflows import (
    Action,
    Approval,
    Branch,
    Choose,
    Ending,
    Join,
    Loop,
    May,
    Mode,
    Outcome,
    Parallel,
    Policy,
    ReturnTarget,
    State,
    Step,
    Transition,
    Workflow,
    all_steps,
)
from orderkit.model.workflow.workflows import (
    Timer as StateTimer,
)

TEXTS = st.text(alphabet=list("订单审批中文长名称Order life<&\"'》 ，"), min_size=1, max_size=24)
LABELS = st.builds(lambda zh, en: label(zh=zh, en=en), TEXTS, TEXTS)
PEOPLE = st.sampled_from(
    (HasRole("sales"), NamedPerson("owner"), ManagerOf(NamedPerson("submitter"), 2), HasRole("director"))
)
TOTAL = Get(base=Root(name="record", type=Record("order")), field="total", type=Number(2))
LINES = Get(base=Root(name="record", type=Record("order")), field="lines", type=Rows("order.lines"))
CONDITIONS = st.integers(0, 9_000_000).map(
    lambda limit: Binary(
        operator=BinaryOperator.GREATER,
        left=TOTAL,
        right=Literal(value=limit, type=Number(2)),
        type=Boolean(),
    )
)
SPANS = st.builds(TimeSpan, st.integers(0, 90), st.sampled_from(TimeUnit))
CLOCKS = st.builds(
    Clock,
    due=SPANS,
    remind=st.lists(st.builds(Reminder, before_due=SPANS), max_size=2).map(tuple),
    overdue=st.lists(
        st.one_of(
            st.builds(Overdue, after_due=SPANS, escalate=PEOPLE),
            st.builds(Overdue, after_due=SPANS, decide=st.sampled_from(("approve", "reject", "return"))),
        ),
        max_size=2,
    ).map(tuple),
)
ACTIONS = st.lists(
    st.sampled_from(
        (
            Action(kind="set", options={"set": ()}),
            Action(kind="send", options={"send": "shipped", "to": NamedPerson("owner")}),
            Action(kind="undo", options={"undo": "t0"}),
            Action(kind="post", options={"post": "stock.reserve"}),
            Action(kind="foreach", options={"foreach": Selection(form="order.lines", rows=LINES)}),
        )
    ),
    max_size=2,
).map(tuple)


def steps():
    return st.builds(
        Step,
        id=st.just("?"),
        label=LABELS,
        approvers=PEOPLE,
        when=st.none() | CONDITIONS,
        mode=st.sampled_from((Mode.ANY, Mode.ALL, Mode.SEQUENCE)),
        veto=st.booleans(),
        sla=st.none() | CLOCKS,
    )


def parts():
    return st.recursive(
        steps(),
        lambda inner: st.one_of(
            st.builds(
                lambda first, last: Choose(branches=(*first, Branch(when=None, steps=tuple(last)))),
                st.lists(
                    st.builds(Branch, when=CONDITIONS, steps=st.lists(inner, max_size=2).map(tuple)),
                    min_size=1,
                    max_size=2,
                ),
                st.lists(inner, max_size=2),
            ),
            st.builds(
                Parallel,
                join=st.sampled_from(Join),
                branches=st.lists(
                    st.builds(
                        Branch, when=st.none(), steps=st.lists(inner, min_size=1, max_size=2).map(tuple)
                    ),
                    min_size=2,
                    max_size=3,
                ).map(tuple),
                is_inclusive=st.booleans(),
            ),
            st.builds(
                Loop,
                form=st.just("order.lines"),
                rows=st.just(LINES),
                where=st.none() | CONDITIONS,
                join=st.sampled_from(Join),
                steps=st.lists(inner, min_size=1, max_size=2).map(tuple),
            ),
        ),
        max_leaves=5,
    )


def _numbered(written, taken):
    """Return parts whose steps have ids of their own."""
    found = []
    for part in written:
        match part:
            case Step():
                taken.append(part)
                found.append(_with(part, id=f"step{len(taken)}"))
            case Choose(branches=branches) | Parallel(branches=branches):
                found.append(
                    _with(
                        part,
                        branches=tuple(_with(each, steps=_numbered(each.steps, taken)) for each in branches),
                    )
                )
            case Loop():
                found.append(_with(part, steps=_numbered(part.steps, taken)))
    return tuple(found)


def _with(value, **changes):
    from dataclasses import replace

    return replace(value, **changes)


@st.composite
def workflows(draw):
    names = [f"s{index}" for index in range(draw(st.integers(1, 7)))]
    finals = ["done", "cancelled"][: draw(st.integers(0, 2))]
    everything = [*names, *finals]
    targets = st.sampled_from(everything)
    approvals = []
    states = []
    for name in names:
        approval = None
        if draw(st.integers(0, 3)) == 0:
            approval = f"a_{name}"
            written = _numbered(draw(st.lists(parts(), min_size=1, max_size=3)), [])
            returns = [ReturnTarget(kind="submitter")]
            returns += [ReturnTarget(kind="step", step=each.id) for each in list(all_steps(written))[:1]]
            approvals.append(
                Approval(
                    id=approval,
                    steps=written,
                    approved=Ending(target=draw(targets), after=draw(ACTIONS)),
                    rejected=Ending(target=draw(targets)),
                    returned=draw(st.none() | st.builds(Ending, target=targets)),
                    revoked=draw(st.none() | st.builds(Ending, target=targets)),
                    may=May(returns=tuple(returns)),
                    sla=draw(st.none() | CLOCKS),
                )
            )
        states.append(State(id=name, label=draw(LABELS), holder=draw(st.none() | PEOPLE), approval=approval))
    states += [State(id=name, label=draw(LABELS), final=Outcome(_FINALS[name])) for name in finals]
    transitions = tuple(
        Transition(
            id=f"t{index}",
            label=draw(LABELS),
            sources=tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))),
            target=draw(targets),
            by=draw(st.none() | PEOPLE),
            do=draw(ACTIONS),
            after=draw(ACTIONS),
        )
        for index in range(draw(st.integers(0, 9)))
    )
    presses = [Action(kind="run", options={"run": each.id}) for each in transitions]
    timers = tuple(
        StateTimer(
            id=f"timer{index}",
            state=draw(st.sampled_from(names)),
            actions=(draw(st.sampled_from([*presses, Action(kind="send", options={"send": "stuck"})])),),
            after=draw(SPANS),
            every=draw(st.none() | SPANS),
        )
        for index in range(draw(st.integers(0, 3)))
    )
    return Workflow(
        id="life",
        label=draw(LABELS),
        form="order",
        state_field="status",
        initial=names[0],
        in_flight="pin",
        policy=Policy(),
        states=tuple(states),
        transitions=transitions,
        approvals=tuple(approvals),
        timers=timers,
    )


_FINALS = {"done": "completed", "cancelled": "cancelled"}


@st.composite
def graphs(draw, depth=2):
    """Draw a graph whose shapes and ways follow no rule."""
    count = draw(st.integers(1, 9))
    prefix = draw(st.integers(0, 10**9))
    nodes = []
    for index in range(count):
        kind = draw(st.sampled_from(Kind))
        is_task = kind in {Kind.STATE, Kind.STEP, Kind.SCRIPT, Kind.SERVICE, Kind.BLOCK}
        timers = draw(st.integers(0, 3)) if is_task and draw(st.booleans()) else 0
        nodes.append(
            Node(
                id=f"n{prefix}.{index}",
                kind=kind,
                label=draw(st.just(label()) | LABELS),
                note=draw(LABELS) if kind is Kind.STATE else label(),
                inner=draw(graphs(depth=depth - 1)) if kind is Kind.BLOCK and depth else None,
                timers=tuple(
                    Timer(id=f"n{prefix}.{index}.t{each}", label=draw(LABELS), interrupts=True, subject=None)
                    for each in range(timers)
                ),
                repeats=draw(st.sampled_from(("", "together", "in_turn"))) if is_task else "",
            )
        )
    ends = st.sampled_from(nodes)
    edges = []
    for index in range(draw(st.integers(0, 14))):
        source = draw(ends)
        timer = draw(st.sampled_from(source.timers)).id if source.timers and draw(st.booleans()) else ""
        edges.append(
            Edge(
                id=f"e{prefix}.{index}",
                source=source.id,
                target=draw(ends).id,
                label=draw(st.just(label()) | LABELS),
                timer=timer,
            )
        )
    return Graph(nodes=tuple(nodes), edges=tuple(edges), main=_some_way(nodes, edges))


def _some_way(nodes, edges):
    way = [nodes[0].id]
    while True:
        ahead = [
            each.target
            for each in edges
            if each.source == way[-1] and not each.timer and each.target not in way
        ]
        if not ahead:
            return tuple(way)
        way.append(ahead[0])
