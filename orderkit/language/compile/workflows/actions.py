"""Actions wherever they stand: in transitions, endings, timers, integrations and automations.

Which words an action has is declared by its type; what their values mean is read in `action_words`.
"""

from collections.abc import Iterable, Mapping

from orderkit.actions.action_type import ActionType, Effect, Word
from orderkit.language.compile.ledgers.posting import read_posting
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.workflows.action_places import ActionPlace, WrittenAction
from orderkit.language.compile.workflows.action_words import read_words
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import MappingNode, Node
from orderkit.language.source.corrections import correction
from orderkit.language.spec.words import MISSING_KEY, report_shape, report_unknown_key
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Action

UNKNOWN_ACTION = Code(
    "OK4101",
    "unknown-action",
    ERROR,
    since="0.1",
    explain="""
    An item of `do`, `after` or `on_dead` is no action, or not one for this place: what happens in the
    transaction stands in `do`, what leaves the house in `after`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{sett: {name: done}}]}}
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
    transitions: {finish: {from: draft, to: done, by: owner, do: [{set: {name: done}}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="`do`、`after` 或 `on_dead` 里的一项不是动作，或不能写在这里：同一事务里发生的写在 `do`，对外发出的写在 `after`。",
)

NO_RECORD = Code(
    "OK4110",
    "no-record-here",
    ERROR,
    since="0.1",
    explain="""
    An action writes the record at hand, but there is none: a schedule without `foreach` is about no record.
    ~~~yaml bad
    automation: nightly
    trigger: {schedule: "0 2 * * *"}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    automation: nightly
    trigger: {schedule: "0 2 * * *"}
    foreach: {form: order, where: "name == 'y'"}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="动作要改写当前单据，但这里没有单据：没有 `foreach` 的定时任务不针对任何单据。",
)


def lower_actions(lowering: Lowering, nodes: Iterable[Node] | None, place: ActionPlace) -> tuple[Action, ...]:
    """Return the actions in order, without those that are wrong."""
    lowered = (_lower(lowering, node, place) for node in nodes or ())
    return tuple(action for action in lowered if action is not None)


def _lower(lowering: Lowering, node: Node, place: ActionPlace) -> Action | None:
    if not isinstance(node, MappingNode):
        report_shape(lowering.reading, node, zh="一个动作（`{动作: …}`）", en="an action (`{action: …}`)")
        return None
    action_type = _type_of(lowering, node, place)
    if action_type is None:
        return None
    written = WrittenAction(lowering, node, action_type, place, lower_actions)
    is_right = _has_right_keys(written)
    if Word.POSTING in action_type.words.values():
        options = read_posting(written)
    else:
        options = read_words(written)
    return Action(kind=action_type.name, options=options) if is_right and options is not None else None


def _has_right_keys(written: WrittenAction) -> bool:
    """Report keys that are no words of the action, and words that are missing."""
    action_type, node, reading = written.type, written.node, written.lowering.reading
    for key, _ in node.entries:
        if key.text not in action_type.words and action_type.more is None:
            owner = label(zh=f"动作 `{action_type.name}`", en=f"action `{action_type.name}`")
            report_unknown_key(reading, key, action_type.words, owner)
        elif key.text in action_type.awaited_words:
            reading.await_engine(key.text, key)
    missing = [name for name in sorted(action_type.required) if node.get(name) is None]
    for name in missing:
        reading.report(
            MISSING_KEY,
            node.entries[0][0],
            label(
                zh=f"动作 `{action_type.name}` 缺少 `{name}`",
                en=f"the action `{action_type.name}` has no `{name}`",
            ),
            label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
        )
    return not missing


def _type_of(lowering: Lowering, node: MappingNode, place: ActionPlace) -> ActionType | None:
    known: Mapping[str, ActionType] = lowering.compilation.catalog.actions
    names = [key for key, _ in node.entries]
    # The first word that is an action names it: `{create: x, set: …}` is a `create`.
    found = next((key for key in names if key.text in known), None)
    # A word of another action may stand before its own, so the one that knows all keys is preferred.
    for key in names:
        if key.text in known and all(other.text in known[key.text].words for other in names):
            found = key
            break
    if found is None:
        _report_unknown(lowering, node, known)
        return None
    action_type = known[found.text]
    if place.effect is not None and place.effect not in action_type.effect:
        other = "after" if place.effect is Effect.IN_TRANSACTION else "do"
        lowering.reading.report(
            UNKNOWN_ACTION,
            found,
            label(
                zh=f"动作 `{found.text}` 不能写在 `{place.effect.value}` 里",
                en=f"the action `{found.text}` does not belong into `{place.effect.value}`",
            ),
            label(zh=f"写到 `{other}` 里", en=f"write it into `{other}`"),
        )
        return None
    if action_type.needs_record and place.form is None:
        lowering.reading.report(
            NO_RECORD,
            found,
            label(
                zh=f"这里没有单据可以 `{found.text}`",
                en=f"there is no record here that `{found.text}` could be about",
            ),
            label(zh="加上 `foreach: {form: …}`", en="add `foreach: {form: …}`"),
        )
        return None
    if action_type.awaits_engine:
        lowering.reading.await_engine(found.text, found)
    return action_type


def _report_unknown(lowering: Lowering, node: MappingNode, known: Mapping[str, ActionType]) -> None:
    names = [key for key, _ in node.entries]
    first = names[0] if names else node
    text = names[0].text if names else ""
    lowering.reading.report(
        UNKNOWN_ACTION,
        first,
        label(zh=f"没有动作 `{text}`", en=f"there is no action `{text}`"),
        did_you_mean(text, known),
        fix=correction(first, text, known),
    )
