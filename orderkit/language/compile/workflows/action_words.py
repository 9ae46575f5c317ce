"""What stands behind the words of an action, read as its type declares them."""

from collections.abc import Mapping
from functools import cached_property

from orderkit.actions.action_type import Effect, Word
from orderkit.connectors.connector_type import Operation
from orderkit.language.compile.exchange.arguments import arguments_of
from orderkit.language.compile.exchange.operations import read_operation
from orderkit.language.compile.exchange.outside_types import with_outside
from orderkit.language.compile.ledgers.undoing import check_undo
from orderkit.language.compile.names.references import report_unknown, report_unknown_field
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows import blocks
from orderkit.language.compile.workflows.action_places import ActionPlace, WrittenAction
from orderkit.language.compile.workflows.selections import read_selection
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.language.spec.readers import NODE as ANY_NODE
from orderkit.language.spec.readers import ONE_OR_MORE_NAMES, ListOf, OneOf, scalar
from orderkit.language.spec.words import report_shape, report_unknown_key
from orderkit.model.expressions.types import Json, Many, Record, Type
from orderkit.model.labels import label
from orderkit.model.workflow.actions import Selection

SUB_FLOW = "workflow:"
_ROWS = (Word.ROWS, Word.RECORDS)


def read_words(action: WrittenAction) -> Mapping[str, object] | None:
    """Return the options of an action; None where the value of a word is wrong, which was reported."""
    words, place = action.type.words, action.place
    options: dict[str, object] = {}
    selected: Selection | None = None
    for key, value in action.node.entries:
        if words.get(key.text) in _ROWS:
            selection = read_selection(
                action.lowering, value, place, takes_references=words[key.text] is Word.RECORDS
            )
            if selection is None:
                return None
            options[key.text] = selected = selection
            if selection.is_several:
                place = place.inside(selection.form)
    reader = _Words(action, place, selected)
    is_right = True
    for key, value in action.node.entries:
        word = words.get(key.text)
        if word is None or word in _ROWS:
            continue
        read = reader.read(key.text, word, value)
        if read is None:
            is_right = False
        options[key.text] = read
    if not reader.has_arguments():
        is_right = False
    in_order = (key.text for key, _ in action.node.entries if key.text in options)
    return {name: options[name] for name in in_order} if is_right else None


class _Words:
    def __init__(self, action: WrittenAction, place: ActionPlace, selected: Selection | None) -> None:
        self.action = action
        self.lowering = action.lowering
        self.reading = action.lowering.reading
        self.place = place
        self.selected = selected

    def read(self, name: str, word: Word, node: Node) -> object | None:
        """Return what a word's value means, or None where it is wrong; that was reported."""
        match word:
            case Word.WHO:
                return self.lowering.addressees.read(node, self.place.scope, self.place.people)
            case Word.VALUE:
                return self.lowering.values.of_anything(node, self.place.scope)
            case Word.TEXTS:
                return self._channels(node)
            case Word.FIELDS:
                return self._fields(node)
            case Word.ASSIGNMENTS:
                return self._assignments(node, self._target())
            case Word.ROW_VALUES:
                return self._assignments(node, self._row_form())
            case Word.ARGUMENTS:
                return self._arguments(node)
            case Word.ANSWERS:
                return self._answers(node)
            case Word.CHOICE:
                return OneOf(self.action.type.choices[name]).read(node, self.reading)
            case Word.ACTIONS | Word.NESTED | Word.BRANCHES | Word.PARALLEL | Word.DELAY:
                return self._block(word, node)
            case _:
                found = scalar(node, self.reading)
                return None if found is None else self._scalar(word, found)

    def _block(self, word: Word, node: Node) -> object | None:
        match word:
            case Word.ACTIONS:
                return self._actions(node, Effect.AFTER_COMMIT)
            case Word.NESTED:
                return self._actions(node, self.place.effect)
            case Word.BRANCHES:
                return blocks.read_branches(self.action, node, self.place)
            case Word.PARALLEL:
                return blocks.read_parallel(self.action, node, self.place)
            case _:
                return blocks.read_delay(self.action, node, self.place)

    def _scalar(self, word: Word, node: ScalarNode) -> object | None:
        lowering, scope = self.lowering, self.place.scope
        match word:
            case Word.EXPRESSION:
                return lowering.checking.expression(node, scope)
            case Word.CONDITION:
                return lowering.checking.condition(node, scope)
            case Word.TEMPLATE:
                return lowering.checking.template(node, scope)
            case Word.FORM:
                return None if lowering.compilation.form(node) is None else node.text
            case Word.MESSAGE:
                return node.text if lowering.compilation.known(node, "message") else None
            case Word.TRANSITION | Word.UNDONE:
                if node.text in self.place.transitions:
                    lowering.compilation.name_transition(self.place.form, node)
                    if word is Word.UNDONE and not check_undo(self.reading, node, self.place.transitions):
                        return None
                    return node.text
                report_unknown(self.reading, node, "transition", self.place.transitions)
                return None
            case Word.FIELD:
                return self._reference(node)
            case Word.CALL:
                return self._call(node)
            case _:
                return node.text

    def _channels(self, node: Node) -> tuple[str, ...] | None:
        names = ONE_OR_MORE_NAMES.read(node, self.reading)
        return None if names is None else self.lowering.channels(names)

    def _fields(self, node: Node) -> tuple[str, ...] | None:
        names = ONE_OR_MORE_NAMES.read(node, self.reading)
        if names is None or self.place.form is None:
            return None
        return self.lowering.field_paths(self.place.form, names)

    def _reference(self, node: ScalarNode) -> str | None:
        """Return a field that refers to another record, or to several."""
        form = self.place.form
        found = None if form is None else self.lowering.compilation.path(form, node)
        if form is None or found is None:
            return None
        if _refers(found.type):
            return node.text
        references = [each.id for each in form.fields.values() if _refers(each.type)]
        report_unknown_field(self.reading, node, node.text, form.id, references)
        return None

    def _actions(self, node: Node, effect: Effect | None) -> object | None:
        nodes = ListOf(ANY_NODE, or_one=True).read(node, self.reading)
        if nodes is None:
            return None
        place = blocks.at_moment(self.place, effect)
        return self.action.lower(self.lowering, nodes, place)

    def has_arguments(self) -> bool:
        """Whether a call without a word for arguments needs none; what it lacks is reported."""
        called = self._node_of(Word.CALL)
        if called is None or self._operation is None or self._node_of(Word.ARGUMENTS) is not None:
            return True
        return arguments_of(self.lowering, None, self.place.scope, self._operation, called.span) is not None

    @cached_property
    def _operation(self) -> Operation | None:
        """What is called of another system; None where nothing is, or it is wrong, which is reported once."""
        called = self._node_of(Word.CALL)
        if not isinstance(called, ScalarNode) or self._starts_flow:
            return None
        if self.place.effect is Effect.IN_TRANSACTION:
            blocks.report_outside(self.reading, called)
            return None
        found = read_operation(self.lowering, called)
        return None if found is None else found[2]

    @property
    def _starts_flow(self) -> bool:
        called = self._node_of(Word.CALL)
        return isinstance(called, ScalarNode) and called.text.startswith(SUB_FLOW)

    def _node_of(self, word: Word) -> Node | None:
        found = (self.action.node.get(name) for name, each in self.action.type.words.items() if each is word)
        return next(found, None)

    def _call(self, node: ScalarNode) -> str | None:
        if not node.text.startswith(SUB_FLOW):
            return None if self._operation is None else node.text
        name = node.text.removeprefix(SUB_FLOW)
        workflows = self.lowering.compilation.named.of("workflow")
        if name in workflows:
            self.reading.mentions.name("workflow", name, node, len(SUB_FLOW))
            return node.text
        place = node.part(len(SUB_FLOW), len(node.text))
        report_unknown(self.reading, place, "workflow", workflows, name=name)
        return None

    def _arguments(self, node: Node) -> object | None:
        key = next(key for key, value in self.action.node.entries if value is node)
        if self._starts_flow:
            owner = label(zh="启动流程的 `call`", en="`call` of a workflow")
            known = [name for name in self.action.type.words if name != key.text]
            report_unknown_key(self.reading, key, known, owner)
            return None
        return arguments_of(self.lowering, node, self.place.scope, self._operation, key)

    def _answers(self, node: Node) -> object | None:
        if self.place.form is None:
            report_shape(self.reading, node, zh="没有单据可写回", en="a record to write into")
            return None
        if not isinstance(node, MappingNode):
            return self._assignments(node, self.place.form)
        called = self._node_of(Word.CALL)
        scope = with_outside(
            self.lowering.places.record(self.place.form.id),
            "result",
            None if self._operation is None else self._operation.Results,
            called.text if isinstance(called, ScalarNode) else "",
        )
        return self.lowering.values.assignments(node.entries, scope, self.place.form)

    def _assignments(self, node: Node, target: FormShape | None) -> object | None:
        if not isinstance(node, MappingNode):
            report_shape(
                self.reading, node, zh="一组赋值（`{字段: 值}`）", en="assignments (`{field: value}`)"
            )
            return None
        if target is None:
            # What names the form is wrong, which was reported.
            return ()
        return self.lowering.values.assignments(node.entries, self.place.scope, target)

    def _target(self) -> FormShape | None:
        """Return the form whose fields are assigned."""
        shapes, node = self.lowering.compilation.shapes, self.action.node
        created, called = node.get("create"), node.get("call")
        if isinstance(created, ScalarNode):
            return shapes.get(created.text)
        if isinstance(called, ScalarNode):
            return self._form_of_flow(called)
        if Word.RECORDS in self.action.type.words.values():
            return self._row_form()
        return self.place.form

    def _row_form(self) -> FormShape | None:
        shapes = self.lowering.compilation.shapes
        return None if self.selected is None else shapes.get(self.selected.form)

    def _form_of_flow(self, called: ScalarNode) -> FormShape | None:
        if not called.text.startswith(SUB_FLOW):
            assigned = self.action.node.key("set")
            if assigned is not None:
                owner = label(zh="对外部系统的 `call`", en="`call` of another system")
                known = [name for name in self.action.type.words if name != "set"]
                report_unknown_key(self.reading, assigned, known, owner)
            return None
        declared = self.lowering.compilation.named.of("workflow").get(called.text.removeprefix(SUB_FLOW))
        form = None if declared is None or declared.written is None else declared.written[workflow_words.FOR]
        return None if form is None else self.lowering.compilation.shapes.get(form.text)


def _refers(type_: Type) -> bool:
    """Return whether values are records, one or several; of what is broken elsewhere, they are."""
    return isinstance(type_.of if isinstance(type_, Many) else type_, Record | Json)
