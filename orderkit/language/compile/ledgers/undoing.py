"""The action `undo`: a transition that has something to be reversed."""

from collections.abc import Mapping

from orderkit.language.compile.ledgers.movements import actions_in, done_by
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading
from orderkit.model.labels import label

NOTHING_TO_UNDO = Code(
    "OK4509",
    "nothing-to-undo",
    ERROR,
    since="0.1",
    explain="""
    `undo: place` reverses what the transition `place` posted and assigned, as far as it is still open. That
    transition does neither.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, placed: {}, gone: {final: cancelled}}
    transitions:
      place: {from: draft, to: placed, by: owner}
      cancel: {from: placed, to: gone, by: owner, do: [{undo: place}]}
    # order.yaml
    form: order
    fields: {placed_on: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, placed: {}, gone: {final: cancelled}}
    transitions:
      place: {from: draft, to: placed, by: owner, do: [{set: {placed_on: =today()}}]}
      cancel: {from: placed, to: gone, by: owner, do: [{undo: place}]}
    # order.yaml
    form: order
    fields: {placed_on: {type: date}}
    ~~~""",
    zh="`undo: place` 撤回流转 `place` 的记账和赋值中尚未用掉的部分。那个流转两样都没有做。",
)

# Words of actions whose effect can be taken back.
_REVERSIBLE = frozenset({"post", "set", "create", "update", "link"})


def check_undo(reading: Reading, node: ScalarNode, transitions: Mapping[str, object]) -> bool:
    """Report a transition that leaves nothing to be undone; return whether it leaves something."""
    words = {key.text for action in actions_in(done_by(transitions, node.text)) for key, _ in action.entries}
    if words & _REVERSIBLE:
        return True
    reading.report(
        NOTHING_TO_UNDO,
        node,
        label(
            zh=f"流转 `{node.text}` 没有记账，也没有赋值",
            en=f"the transition `{node.text}` posts and assigns nothing",
        ),
        label(
            zh="写一个有 `post` 或 `set` 的流转", en="name a transition that has `post` or `set` in its `do`"
        ),
    )
    return False
