"""Records to go through one by one: lines, a reference, or the records of a form that match."""

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import MappingNode, Node
from orderkit.language.spec.parts import action as words
from orderkit.language.spec.readers import scalar
from orderkit.model.expressions.types import Record, Rows
from orderkit.model.labels import label
from orderkit.model.workflow.actions import Selection

NO_ROWS = Code(
    "OK4113",
    "no-rows",
    ERROR,
    since="0.1",
    explain="""
    A loop goes through something that is no collection: it takes the lines or a reverse reference of the record,
    or `{form: customer, where: …}`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{foreach: name, actions: []}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{foreach: lines, actions: []}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="循环的对象不是集合：应是本单据的明细或反向引用，或 `{form: customer, where: …}`。",
)


def read_selection(
    lowering: Lowering, node: Node, place: ActionPlace, *, takes_references: bool = False
) -> Selection | None:
    """Return the records that a node selects, or None where it is wrong."""
    if isinstance(node, MappingNode):
        return _of_form(lowering, node, place)
    found = scalar(node, lowering.reading)
    if found is None:
        return None
    skip = 1 if found.text.startswith("=") else 0
    checked = lowering.checking.checked(found, place.scope, skip=skip)
    if checked.expression is None:
        return None
    if isinstance(checked.type, Rows) or (takes_references and isinstance(checked.type, Record)):
        return Selection(form=checked.type.form, rows=checked.expression)
    lowering.reading.report(
        NO_ROWS,
        found,
        label(zh=f"`{found.text}` 不是集合", en=f"`{found.text}` is no collection"),
        label(
            zh="写明细、反向引用或 `{form: 表单, where: 条件}`",
            en="write lines, a reverse reference, or `{form: …, where: …}`",
        ),
    )
    return None


def _of_form(lowering: Lowering, node: MappingNode, place: ActionPlace) -> Selection | None:
    written = words.SELECTION.read(node, lowering.reading)
    form = lowering.compilation.form(written[words.SELECTION_FORM])
    if form is None or form.is_broken:
        return None
    holder = None if place.form is None else place.form.id
    where = lowering.checking.condition(
        written[words.SELECTION_WHERE], lowering.places.among(form.id, holder)
    )
    return Selection(form=form.id, where=where)
