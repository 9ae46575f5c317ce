"""The states of a workflow as its other parts name them: looked up, and where each may lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import ABOUT_A_RECORD
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.kinds import workflow as words
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Approval, Reopening, State, Transition

WRONG_MIGRATION = Code(
    "OK4404",
    "wrong-migration",
    ERROR,
    since="0.1",
    explain="""
    `migrate` leads running records out of states that are gone: on the left stands a state that no longer exists, and the
    workflow is `in_flight: migrate`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    in_flight: migrate
    migrate: {draft: done}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    in_flight: migrate
    migrate: {waiting: draft}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~""",
    zh="`migrate` 让运行中的记录离开已删除的状态：左边是不再存在的状态，并且要写 `in_flight: migrate`。",
)
REOPENS_NOTHING = Code(
    "OK4405",
    "reopens-nothing",
    ERROR,
    since="0.1",
    explain="""
    `reopen` belongs to a final state, and leads to one that is not.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {reopen: draft}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed, reopen: draft}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~""",
    zh="`reopen` 只属于终态，并且通向非终态。",
)


@dataclass(frozen=True, slots=True)
class StateNames:
    """The states of a workflow as written; None where they could not be read."""

    reading: Reading
    workflow: str
    written: Mapping[str, Written] | None

    def named(self, node: ScalarNode | None) -> str | None:
        """Return the state that a node names, or report it."""
        if node is None or self.written is None:
            return None
        if node.text in self.written:
            self.reading.mentions.name("state", f"{self.workflow}.{node.text}", node)
            return node.text
        report_unknown(self.reading, node, "state", self.written)
        return None


@dataclass(frozen=True, slots=True)
class States:
    """The states by id, and from each those that come directly after it."""

    lowering: Lowering
    form: FormShape
    scope: Scope
    names: StateNames
    ways: Mapping[str, frozenset[str]]

    def after(self, start: str) -> frozenset[str]:
        """Return the states that may come after one, itself among them only if it comes again."""
        found: set[str] = set()
        waiting = list(self.ways.get(start, ()))
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting += self.ways.get(state, ())
        return frozenset(found)


def ways_of(
    states: Iterable[State], transitions: Iterable[Transition], approvals: Iterable[Approval]
) -> Mapping[str, frozenset[str]]:
    """Return where each state may lead: by transitions, by the endings of its approval, by reopening."""
    endings = {each.id: {ending.target for ending in each.endings.values()} for each in approvals}
    ways: dict[str, set[str]] = {}
    for state in states:
        ways[state.id] = set(endings.get(state.approval or "", ()))
        if state.reopen is not None:
            ways[state.id].add(state.reopen.target)
    for transition in transitions:
        for source in transition.sources:
            ways[source].add(transition.target)
    return {state: frozenset(targets) for state, targets in ways.items()}


def read_reopening(
    lowering: Lowering, written: Written, states: StateNames, scope: Scope
) -> Reopening | None:
    """Return how a final state is left again, or None where it is not or is wrong."""
    reopen = written[words.STATE_REOPEN]
    target = None if reopen is None else reopen[words.REOPEN_TO]
    if reopen is None or target is None:
        return None
    by = lowering.people.read(reopen[words.REOPEN_BY], scope, ABOUT_A_RECORD)
    if states.named(target) is None:
        return None
    if words.STATE_FINAL not in written:
        _report_reopening(
            lowering,
            written.key_of(words.STATE_REOPEN),
            zh="只有终态可以重新打开",
            en="only a final state can be reopened",
        )
    elif words.STATE_FINAL in (states.written or {})[target.text]:
        _report_reopening(
            lowering,
            target,
            zh=f"`{target.text}` 也是终态",
            en=f"`{target.text}` is final itself",
        )
    return Reopening(target=target.text, by=by, within=reopen[words.REOPEN_WITHIN])


def _report_reopening(lowering: Lowering, place: ScalarNode, *, zh: str, en: str) -> None:
    lowering.reading.report(REOPENS_NOTHING, place, label(zh=zh, en=en))


def read_migration(lowering: Lowering, workflow: Written, states: States) -> Mapping[str, str]:
    """Return where running records go whose state is gone."""
    pairs = workflow[words.MIGRATE]
    if pairs is None:
        return {}
    if workflow[words.IN_FLIGHT] != "migrate":
        lowering.reading.report(
            WRONG_MIGRATION,
            workflow.key_of(words.MIGRATE),
            label(
                zh="运行中的记录保持原定义，不会迁移",
                en="running records keep their definition, so nothing migrates",
            ),
            label(zh="加上 `in_flight: migrate`", en="add `in_flight: migrate`"),
        )
    found = {}
    for old, new in pairs:
        if old.text in (states.names.written or ()):
            lowering.reading.report(
                WRONG_MIGRATION,
                old,
                label(zh=f"状态 `{old.text}` 还在", en=f"the state `{old.text}` still exists"),
                label(zh="左边写已删除的状态", en="write a state that is gone on the left"),
            )
            continue
        target = states.names.named(new)
        if target is not None:
            found[old.text] = target
    return found
