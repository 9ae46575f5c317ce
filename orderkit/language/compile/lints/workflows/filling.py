"""A lint: a transition or an approval reads a field that nobody can have filled by then."""

from collections.abc import Iterable, Iterator
from typing import cast, get_args

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.fillable import (
    is_fillable,
    is_fillable_beside,
    is_filled_by_people,
)
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives
from orderkit.language.compile.lints.workflows.reading import conditions_of, paths_read
from orderkit.language.compile.lints.workflows.telling import told
from orderkit.language.compile.lints.workflows.tiers import conditions_of_transition
from orderkit.language.findings import WARNING, Code, Note, Span
from orderkit.language.spec.kinds import workflow as words
from orderkit.language.spec.parts import approval as approval_words
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Form
from orderkit.model.labels import label
from orderkit.model.people import FieldUser, Who
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.actions import ActionBranch, ParallelActions, Selection
from orderkit.model.workflow.clocks import Clock
from orderkit.model.workflow.ways import reached
from orderkit.model.workflow.workflows import Action, Approval, Transition

NOT_FILLED_BY_THEN = Code(
    "OK3214",
    "not-filled-by-then",
    WARNING,
    since="0.1",
    explain="""
    A transition demands or tests a field, is for whom it names, writes it elsewhere or sends a message that shows
    it, or a timer or a clock goes by it, and the field is always empty by then: no state before lets anybody edit
    it, no transition before asks for it, and nothing else gives it a value. So it is with a `number` or a
    `default`, which are taken when the record is made, and with a `title` or a formula that reads what nobody ever
    fills.
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
    zh="流转要求或检查一个到那时必然为空的字段，由它写明的人触发，把它写到别处，或发送的消息里用到它；或定时器、期限以它为准：之前的状态都不让人改它，之前的流转都没有要求填它，也没有别的地方给它赋值。`number` 和 `default` 在新建时取得，`title` 和公式用了没有人能填的字段，也会提示。",
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
            *_done(linting, form, transition.do),
            *_told(linting, graph, form, transition),
        )
        filled = [each for each in reads if each[0] not in asked]
        # Who may press is known before anything is asked.
        _check(linting, graph, form, before, [*_named(linting, form, transition.by), *filled])
    for state in graph.workflow.states:
        approval = None if state.approval is None else graph.workflow.approval_by_id.get(state.approval)
        if approval is not None:
            tests = [_places(linting, form, when) for when in conditions_of(approval.steps)]
            before = reached([state.id], graph.backward)
            ended = _told_at_endings(linting, graph, form, approval)
            _check(linting, graph, form, before, [read for reads in (*tests, ended) for read in reads])
    _check_waiting(linting, graph, form)


def _check_waiting(linting: Linting, graph: Graph, form: Form) -> None:
    """Report what timers, clocks and holders of states read before it can be filled."""
    for state in graph.workflow.states:
        before = reached([state.id], graph.backward)
        timers = [each for each in graph.workflow.timers if each.state == state.id]
        moments = [each for timer in timers for each in (timer.at, timer.when)]
        clock = None if state.approval is None else graph.workflow.approval_by_id[state.approval].sla
        moments += [] if clock is None else [_due(clock)]
        reads = [read for each in moments if each is not None for read in _places(linting, form, each)]
        reads += [read for timer in timers for read in _done(linting, form, timer.actions)]
        _check(linting, graph, form, before, [*reads, *_named(linting, form, state.holder)])
    anywhere = frozenset(graph.workflow.state_by_id)
    for watched in graph.workflow.sla:
        due = _due(watched.clock)
        if due is not None:
            _check(linting, graph, form, anywhere, _places(linting, form, due))


def _check(linting: Linting, graph: Graph, form: Form, before: frozenset[str], reads: Iterable[Read]) -> None:
    seen = set()
    for name, span in reads:
        field = form.by_id.get(name)
        if field is None or name in seen or not is_filled_by_people(field):
            continue
        seen.add(name)
        if linting.usage.is_given(form.id, name) or is_fillable(graph, field, before):
            continue
        if is_fillable_beside(linting.project, graph.workflow, field):
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


def _due(clock: Clock) -> Expression | None:
    return None if isinstance(clock.due, TimeSpan) else clock.due


def _named(linting: Linting, form: Form, who: Who | None) -> Iterator[Read]:
    """Yield the user fields that name somebody."""
    for each in alternatives(who):
        if isinstance(each, FieldUser):
            yield from _places(linting, form, each.expression)


def _done(linting: Linting, form: Form, actions: Iterable[Action]) -> Iterator[Read]:
    """Yield what actions read of the record, but not what waits for later."""
    for action in actions:
        if action.kind != "delay":
            for option in action.options.values():
                yield from _within(linting, form, option)


def _within(linting: Linting, form: Form, option: object) -> Iterator[Read]:
    match option:
        case Action():
            yield from _done(linting, form, [option])
        case Selection(where=where):
            yield from _within(linting, form, where)
        case ActionBranch(when=when, actions=actions):
            yield from _within(linting, form, (when, *actions))
        case ParallelActions(branches=branches):
            yield from _within(linting, form, branches)
        case tuple():
            for each in option:
                yield from _within(linting, form, each)
        case _ if isinstance(option, get_args(Expression)):
            yield from _places(linting, form, cast("Expression", option))


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
