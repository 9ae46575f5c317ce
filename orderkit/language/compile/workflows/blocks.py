"""Actions that hold others: branches, what runs beside each other, and waiting."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from orderkit.actions.action_type import Effect
from orderkit.language.compile.workflows.action_places import ActionPlace, WrittenAction
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.parts import action as words
from orderkit.language.spec.words import report_shape
from orderkit.model.labels import label
from orderkit.model.workflow.actions import ActionBranch, Delay, ParallelActions
from orderkit.model.workflow.workflows import Join

OUTSIDE_IN_TRANSACTION = Code(
    "OK4111",
    "outside-in-transaction",
    ERROR,
    since="0.1",
    explain="""
    `do` calls another system. What happens in the transaction is the database alone: a slow answer would hold
    its locks, and a failure afterwards could not be taken back over there.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{call: mail.send, with: {to: a@example.com, text: x}}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # orderkit.yaml
    project: shop
    channels: {inbox: built_in, email: mail}
    # mail.yaml
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, after: [{call: mail.send, with: {to: a@example.com, text: x}}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # orderkit.yaml
    project: shop
    channels: {inbox: built_in, email: mail}
    # mail.yaml
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    ~~~""",
    zh="`do` 里调用了外部系统。同一事务里只动数据库：对方答得慢会一直占着锁，事后失败也撤不回来。",
)
WRONG_BLOCK = Code(
    "OK4112",
    "wrong-block",
    ERROR,
    since="0.1",
    explain="""
    A `choose` does not end with its only branch `default: true`, or a `parallel` has fewer than two branches.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{choose: [{when: qty > 1, actions: [{set: {qty: 1}}]}]}]}}
    # order.yaml
    form: order
    fields: {qty: {type: integer}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{choose: [{when: qty > 1, actions: [{set: {qty: 1}}]}, {default: true, actions: []}]}]}}
    # order.yaml
    form: order
    fields: {qty: {type: integer}}
    ~~~""",
    zh="`choose` 的最后没有唯一的 `default: true` 分支，或 `parallel` 的分支不到两个。",
)


def at_moment(place: ActionPlace, effect: Effect | None) -> ActionPlace:
    """Return a place at another moment."""
    return replace(place, effect=effect)


def report_outside(reading: Reading, node: ScalarNode) -> None:
    """Report a call of another system within the transaction."""
    reading.report(
        OUTSIDE_IN_TRANSACTION,
        node,
        label(zh="`do` 里不能调用外部系统", en="`do` cannot call another system"),
        label(zh="写到 `after` 里", en="write it into `after`"),
    )


def read_branches(action: WrittenAction, node: Node, place: ActionPlace) -> tuple[ActionBranch, ...] | None:
    """Return the branches of a `choose`: ordered, the last one the default."""
    reading = action.lowering.reading
    if not isinstance(node, SequenceNode):
        report_shape(reading, node, zh="分支的列表（`[…]`）", en="a list of branches (`[…]`)")
        return None
    written = [words.BRANCH.read(item, reading) for item in node.items]
    if any(each.is_broken for each in written):
        return None
    check_defaults(reading, node, written)
    return _branches(action, written, place)


def check_defaults(reading: Reading, node: Node, written: Sequence[Written]) -> None:
    """Report branches of which not just the last one is the default."""
    for each in written:
        if each.flag(words.BRANCH_DEFAULT) and words.BRANCH_WHEN in each:
            reading.report(
                WRONG_BLOCK,
                each.key_of(words.BRANCH_WHEN),
                label(zh="`default: true` 的分支没有 `when`", en="the branch `default: true` has no `when`"),
            )
            return
    defaults = [not _has_condition(each) for each in written]
    if defaults != [False] * (len(written) - 1) + [True]:
        place = node.items[-1] if isinstance(node, SequenceNode) and node.items else node
        reading.report(
            WRONG_BLOCK,
            _first_key(place),
            label(
                zh="只有最后一个分支是 `default: true`，其余都有 `when`",
                en="the last branch is `default: true`, the others have a `when`",
            ),
            label(zh="加上 `{default: true, actions: []}`", en="add `{default: true, actions: []}`"),
        )


def _has_condition(branch: Written) -> bool:
    return words.BRANCH_WHEN in branch and not branch.flag(words.BRANCH_DEFAULT)


def _first_key(node: Node) -> Node:
    return node.entries[0][0] if isinstance(node, MappingNode) and node.entries else node


def read_parallel(action: WrittenAction, node: Node, place: ActionPlace) -> ParallelActions | None:
    """Return branches that run beside each other; one may have a `when`."""
    reading = action.lowering.reading
    written = words.PARALLEL.read(node, reading)
    nodes = written[words.PARALLEL_BRANCHES]
    if nodes is None:
        return None
    branches = [words.BRANCH.read(each, reading) for each in nodes]
    if any(each.is_broken for each in branches):
        return None
    if len(branches) < 2:
        reading.report(
            WRONG_BLOCK,
            written.key_of(words.PARALLEL_BRANCHES),
            label(zh="并行至少要两个分支", en="what runs beside each other are two branches at least"),
            label(zh="只有一个时，直接写它的动作", en="with one branch, write its actions instead"),
        )
    return ParallelActions(
        join=Join(written[words.JOIN] or "all"), branches=_branches(action, branches, place)
    )


def _branches(
    action: WrittenAction, written: Iterable[Written], place: ActionPlace
) -> tuple[ActionBranch, ...]:
    return tuple(
        ActionBranch(
            when=action.lowering.checking.condition(each[words.BRANCH_WHEN], place.scope),
            actions=action.lower(action.lowering, each[words.BRANCH_ACTIONS], place),
        )
        for each in written
    )


def read_delay(action: WrittenAction, node: Node, place: ActionPlace) -> Delay | None:
    """Return how long to wait: a duration, or until a date or moment."""
    lowering = action.lowering
    if isinstance(node, ScalarNode):
        span = words.SPAN.read(node, lowering.reading)
        return None if span is None else Delay(span=span)
    until = words.DELAY.read(node, lowering.reading)[words.DELAY_UNTIL]
    found = lowering.checking.moment(until, place.scope)
    return None if found is None else Delay(until=found)
