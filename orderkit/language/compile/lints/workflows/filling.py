"""A lint: a transition or an approval reads a field that nobody can have filled by then."""

from collections.abc import Iterable, Iterator

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.graph import Graph
from orderkit.language.compile.lints.workflows.reading import conditions_of, paths_read
from orderkit.language.compile.lints.workflows.telling import told
from orderkit.language.compile.lints.workflows.tiers import conditions_of_transition
from orderkit.language.findings import WARNING, Code, Note, Span
from orderkit.language.spec.kinds import workflow as words
from orderkit.language.spec.parts import approval as approval_words
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Boolean, Rows
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import label
from orderkit.model.workflow.ways import reached
from orderkit.model.workflow.workflows import Approval, Step, Transition, all_steps

NOT_FILLED_BY_THEN = Code(
    "OK3214",
    "not-filled-by-then",
    WARNING,
    since="0.1",
    explain="""
    A transition demands or tests a field, or sends a message that shows it, and the field is always empty by
    then: no state before lets anybody edit it, no transition before asks for it, and nothing else gives it a
    value. So it is with a `number`, which is taken at the first save, and with a `title` that shows what nobody
    ever fills.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {edit: [name]}, open: {edit: [plan]}, done: {final: completed}}
    transitions:
      start: {from: draft, to: open, by: owner, require: [plan]}
      finish: {from: open, to: done, by: owner}
    # order.yaml
    form: order
    fields: {name: {type: text}, plan: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {edit: [name]}, open: {edit: [plan]}, done: {final: completed}}
    transitions:
      start: {from: draft, to: open, by: owner}
      finish: {from: open, to: done, by: owner, require: [plan]}
    # order.yaml
    form: order
    fields: {name: {type: text}, plan: {type: date}}
    ~~~""",
    zh="流转要求或检查一个到那时必然为空的字段，或发送的消息里用到它：之前的状态都不让人改它，之前的流转都没有要求填它，也没有别的地方给它赋值。`number` 在第一次保存时取得，`title` 用了没有人能填的字段，也会提示。",
)

Read = tuple[str, Span]


def check_filling(linting: Linting, graph: Graph) -> None:
    """Report what is read before it can be filled."""
    form = linting.project.form_by_id.get(graph.workflow.form)
    if form is None:
        return
    for transition in graph.workflow.transitions:
        asked = {ask.field.id for ask in transition.ask}
        before = reached(transition.sources, graph.backward)
        reads = (
            *_required(graph, transition),
            *_guarded(linting, form, transition),
            *_told(linting, graph, form, transition),
        )
        _check(linting, graph, form, before, [each for each in reads if each[0] not in asked])
    for state in graph.workflow.states:
        approval = None if state.approval is None else graph.workflow.approval_by_id.get(state.approval)
        if approval is not None:
            tests = [_places(linting, form, when) for when in conditions_of(approval.steps)]
            before = reached([state.id], graph.backward)
            ended = _told_at_endings(linting, graph, form, approval)
            _check(linting, graph, form, before, [read for reads in (*tests, ended) for read in reads])


def _check(linting: Linting, graph: Graph, form: Form, before: frozenset[str], reads: Iterable[Read]) -> None:
    seen = set()
    for name, span in reads:
        field = form.by_id.get(name)
        if field is None or name in seen or not is_filled_by_people(field):
            continue
        seen.add(name)
        if linting.usage.is_given(form.id, name) or is_fillable(graph, field, before):
            continue
        shape = linting.lowering.compilation.shapes[form.id].fields[name]
        notes = () if shape.id_node is None else (_declared(shape.id_node.span),)
        linting.report(
            NOT_FILLED_BY_THEN,
            span,
            label(zh=f"到这里还没有人能填 `{name}`", en=f"nobody can have filled `{name}` by then"),
            label(
                zh="在这里用 `ask` 要求填写，或在之前的状态的 `edit` 里加上它",
                en="`ask` for it here, or add it to the `edit` of a state before",
            ),
            notes=notes,
        )


def _declared(span: Span) -> Note:
    return Note(text=label(zh="字段在这里", en="the field stands here"), span=span)


def is_filled_by_people(field: Field) -> bool:
    """Whether a field begins empty and only people give it a value."""
    begins = field.default or field.copy or field.compute or field.virtual
    is_own = field.system is SystemRole.NONE
    return is_own and begins is None and not isinstance(field.value_type, Boolean | Rows)


def is_fillable(graph: Graph, field: Field, before: frozenset[str]) -> bool:
    """Whether people can give a field a value in some states, or on a way that ends in one of them."""
    workflow = graph.workflow
    for transition in workflow.transitions:
        is_before = transition.target in before and before.intersection(transition.sources)
        if is_before and any(ask.field.id == field.id and not ask.is_own for ask in transition.ask):
            return True
    if any(dict(step.fields).get(field.id) == "edit" for step in _steps_before(graph, before)):
        return True
    if field.readonly:
        return False
    for state in workflow.states:
        if state.id not in before:
            continue
        if state.edit is None and state.id == workflow.initial:
            return True
        if any(field.id in grant.fields for grant in state.edit or ()):
            return True
    return False


def _steps_before(graph: Graph, before: frozenset[str]) -> Iterator[Step]:
    for state in graph.workflow.states:
        approval = None if state.approval is None else graph.workflow.approval_by_id.get(state.approval)
        if state.id in before and approval is not None:
            yield from all_steps(approval.steps)


def _required(graph: Graph, transition: Transition) -> Iterator[Read]:
    _, written = graph.transition_nodes[transition.id]
    for node in written[words.TRANSITION_REQUIRE] or ():
        yield node.text, node.span


def _guarded(linting: Linting, form: Form, transition: Transition) -> Iterator[Read]:
    for condition in conditions_of_transition(transition):
        yield from _places(linting, form, condition)


def _told(linting: Linting, graph: Graph, form: Form, transition: Transition) -> Iterator[Read]:
    _, written = graph.transition_nodes[transition.id]
    yield from told(linting.project, form, written[words.TRANSITION_AFTER] or ())


def _told_at_endings(linting: Linting, graph: Graph, form: Form, approval: Approval) -> Iterator[Read]:
    _, written = graph.approval_nodes[approval.id]
    for key in approval_words.ENDINGS:
        ending = written[key]
        if ending is not None:
            yield from told(linting.project, form, ending[approval_words.ENDING_AFTER] or ())


def _places(linting: Linting, form: Form, condition: Expression) -> Iterator[Read]:
    place = linting.usage.place_of(condition)
    if place is not None:
        for path in paths_read(condition, form):
            yield path, place.span
