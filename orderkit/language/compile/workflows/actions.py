"""Actions of transitions, endings and integrations, read by the words that each action type declares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orderkit.actions.action_type import ActionType, Effect, Word
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec.readers import NODE as ANY_NODE
from orderkit.language.spec.readers import ONE_OR_MORE_NAMES, ListOf, scalar
from orderkit.language.spec.words import MISSING_KEY, NOT_SUPPORTED_YET, report_shape, report_unknown_key
from orderkit.model.labels import label
from orderkit.model.workflows import Action

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

# Actions of the language that this version does not have yet.
ACTIONS_LATER = frozenset(
    [
        "update",
        "delete",
        "post",
        "undo",
        "split",
        "merge",
        "link",
        "foreach",
        "choose",
        "call",
        "http",
        "notify",
        "parallel",
        "delay",
    ]
)


@dataclass(frozen=True, slots=True)
class ActionPlace:
    """Where actions stand: the record they act on, what may be named, which transitions there are."""

    form: FormShape
    scope: Scope
    effect: Effect
    transitions: Mapping[str, object] = field(default_factory=dict)


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
    options: dict[str, object] = {}
    is_right = True
    for key, value in node.entries:
        word = action_type.words.get(key.text)
        if word is None:
            owner = label(zh=f"动作 `{action_type.name}`", en=f"action `{action_type.name}`")
            report_unknown_key(lowering.reading, key, action_type.words, owner)
            continue
        read = _word(lowering, word, value, place, node)
        if read is None:
            is_right = False
        else:
            options[key.text] = read
    for name in sorted(action_type.required):
        if node.get(name) is None:
            is_right = False
            lowering.reading.report(
                MISSING_KEY,
                node.entries[0][0],
                label(
                    zh=f"动作 `{action_type.name}` 缺少 `{name}`",
                    en=f"the action `{action_type.name}` has no `{name}`",
                ),
                label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
            )
    return Action(kind=action_type.name, options=options) if is_right else None


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
        later = next((key for key in names if key.text in ACTIONS_LATER), None)
        if later is not None:
            lowering.reading.report(
                NOT_SUPPORTED_YET,
                later,
                label(
                    zh=f"此版本还不支持动作 `{later.text}`",
                    en=f"the action `{later.text}` is not supported yet in this version",
                ),
            )
        else:
            first = names[0] if names else node
            text = names[0].text if names else ""
            lowering.reading.report(
                UNKNOWN_ACTION,
                first,
                label(zh=f"没有动作 `{text}`", en=f"there is no action `{text}`"),
                did_you_mean(text, known),
                fix=correction(first, text, known),
            )
        return None
    action_type = known[found.text]
    if place.effect not in action_type.effect:
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
    if action_type.awaits_engine:
        lowering.reading.await_engine(found.text, found)
    return action_type


def _word(
    lowering: Lowering, word: Word, node: Node, place: ActionPlace, action: MappingNode
) -> object | None:
    """Return what a word's value means, or None where it is wrong; that was reported."""
    match word:
        case Word.WHO:
            return lowering.addressees.read(node, place.scope)
        case Word.VALUE:
            return lowering.values.of_anything(node, place.scope)
        case Word.TEXTS:
            return _channels(lowering, node)
        case Word.ASSIGNMENTS:
            return _assignments(lowering, node, place, action)
        case Word.ACTIONS:
            nodes = ListOf(ANY_NODE, or_one=True).read(node, lowering.reading)
            after = ActionPlace(place.form, place.scope, Effect.AFTER_COMMIT, place.transitions)
            return None if nodes is None else lower_actions(lowering, nodes, after)
        case Word.EXPRESSION | Word.TEMPLATE | Word.TEXT | Word.FORM | Word.MESSAGE | Word.TRANSITION:
            found = scalar(node, lowering.reading)
            return None if found is None else _scalar_word(lowering, word, found, place)


def _scalar_word(lowering: Lowering, word: Word, node: ScalarNode, place: ActionPlace) -> object | None:
    if word is Word.EXPRESSION:
        return lowering.checking.expression(node, place.scope)
    if word is Word.TEMPLATE:
        return lowering.checking.template(node, place.scope)
    if word is Word.FORM:
        return None if lowering.compilation.form(node) is None else node.text
    if word is Word.MESSAGE:
        return node.text if lowering.compilation.known(node, "message") else None
    if word is Word.TRANSITION:
        if node.text in place.transitions:
            lowering.compilation.uses.name_object("transition", f"{place.form.id}.{node.text}", node)
            return node.text
        report_unknown(lowering.reading, node, "transition", place.transitions)
        return None
    return node.text


def _channels(lowering: Lowering, node: Node) -> tuple[str, ...] | None:
    names = ONE_OR_MORE_NAMES.read(node, lowering.reading)
    if names is None:
        return None
    channels = lowering.compilation.settings.channels
    for name in names:
        if name.text not in channels:
            report_unknown(lowering.reading, name, "channel", channels)
    return tuple(name.text for name in names)


def _assignments(lowering: Lowering, node: Node, place: ActionPlace, action: MappingNode) -> object | None:
    if not isinstance(node, MappingNode):
        report_shape(
            lowering.reading, node, zh="一组赋值（`{字段: 值}`）", en="assignments (`{field: value}`)"
        )
        return None
    target = place.form
    created = action.get("create")
    if isinstance(created, ScalarNode):
        shape = lowering.compilation.shapes.get(created.text)
        if shape is None:
            return ()
        target = shape
    return lowering.values.assignments(node.entries, place.scope, target)
