"""Scenarios: every name, value and expectation of a story is checked before it is ever played."""

from collections.abc import Iterable
from typing import Any

from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.scenarios.cast import Cast, read_people
from orderkit.language.compile.scenarios.expecting import read_expectation
from orderkit.language.compile.scenarios.posting import read_posting
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import scenario as words
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.language.spec.words import MISSING_KEY, report_unknown_key
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Origin
from orderkit.model.labels import Label, label
from orderkit.model.scenarios import Deed, GivenPosting, GivenRecord, Scenario, ScenarioStep
from orderkit.model.workflow.workflows import Workflow

WRONG_STEP = Code(
    "OK8620",
    "wrong-scenario-step",
    ERROR,
    since="0.1",
    explain="""
    A step says one thing that somebody does: `create`, `set` with `on`, `do` with `on`, `approve`, `reject`,
    `return`, `withdraw` or `wait`; or it only looks, with `expect`. What is given is a record (`create`) or
    a posting (`post`).
    ~~~yaml bad
    scenario: one
    people: {seller: {roles: [admin]}}
    steps:
      - {as: seller, name: a}
    ~~~
    ~~~yaml good
    scenario: one
    people: {seller: {roles: [admin]}}
    steps:
      - {as: seller, create: order, name: a}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="一个步骤说一件事：`create`、带 `on` 的 `set`、带 `on` 的 `do`、`approve`、`reject`、`return`、`withdraw` 或 `wait`；或只用 `expect` 查看。前提是一条记录（`create`）或一笔记账（`post`）。",
)
NOTHING_TO_DECIDE = Code(
    "OK8622",
    "nothing-to-decide",
    ERROR,
    since="0.1",
    explain="""
    A step approves, rejects, returns or withdraws a record whose form has no approval.
    ~~~yaml bad
    scenario: one
    people: {boss: {roles: [admin]}}
    given: [{create: order, name: a}]
    steps: [{as: boss, approve: a}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    scenario: one
    people: {boss: {roles: [admin]}}
    given: [{create: order, name: a}]
    steps: [{as: boss, approve: a}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: done, rejected: draft}}
    ~~~""",
    zh="步骤对一条记录同意、拒绝、退回或撤回，而它的表单没有审批。",
)

_DEEDS = (
    (words.CREATE, Deed.CREATE),
    (words.DO, Deed.DO),
    (words.APPROVE, Deed.APPROVE),
    (words.REJECT, Deed.REJECT),
    (words.RETURN, Deed.RETURN),
    (words.WITHDRAW, Deed.WITHDRAW),
    (words.WAIT, Deed.WAIT),
)
_DECISIONS = {
    Deed.APPROVE: words.APPROVE,
    Deed.REJECT: words.REJECT,
    Deed.RETURN: words.RETURN,
    Deed.WITHDRAW: words.WITHDRAW,
}
# By these a step says which record it is about.
_NAMING = (words.ON, words.CREATE, *_DECISIONS.values())


def lower_scenarios(lowering: Lowering, workflows: tuple[Workflow, ...]) -> tuple[Scenario, ...]:
    """Return every scenario, by id."""
    return tuple(
        _lower(lowering, declared, declared.written, workflows)
        for declared in lowering.compilation.named.of("scenario").values()
        if declared.written is not None
    )


def _lower(
    lowering: Lowering, declared: Declared, written: Written, workflows: tuple[Workflow, ...]
) -> Scenario:
    people = read_people(lowering, written)
    cast = Cast(lowering, workflows, frozenset(each.id for each in people))
    given = [_given(cast, each) for each in written[words.GIVEN] or () if not each.is_broken]
    steps = [_step(cast, each) for each in written[words.STEPS] or () if not each.is_broken]
    return Scenario(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        people=people,
        given=tuple(each for each in given if each is not None),
        steps=tuple(each for each in steps if each is not None),
        origin=declared.origin,
    )


def _given(cast: Cast, written: Written) -> GivenRecord | GivenPosting | None:
    person = cast.person(written[words.AS])
    is_record, is_posting = words.CREATE in written, words.POST in written
    if is_record == is_posting:
        _report_step(
            cast,
            written,
            zh="前提要写 `create` 或 `post` 之一",
            en="something given is a `create` or a `post`, one of them",
        )
        return None
    if is_posting:
        return read_posting(cast, written, person)
    for key, _ in written.extra.values():
        report_unknown_key(cast.lowering.reading, key, words.GIVEN_WORDS.by_name, words.GIVEN_WORDS.name)
    form = cast.lowering.compilation.form(written[words.CREATE])
    values = _assigned(cast, form, written[words.SET] or ())
    name = cast.name(written[words.NAME_], None if form is None or form.is_broken else form)
    return None if form is None else GivenRecord(form=form.id, person=person, name=name, set=values)


def _assigned(
    cast: Cast, form: FormShape | None, pairs: Iterable[tuple[ScalarNode, Node]]
) -> tuple[tuple[str, Expression], ...]:
    if form is None or form.is_broken:
        return ()
    return cast.lowering.values.assignments(pairs, cast.scope(), form)


def _step(cast: Cast, written: Written) -> ScenarioStep | None:
    person = cast.person(written[words.AS])
    deed = _deed(cast, written)
    if deed is None:
        return None
    if words.AS not in written and deed not in (Deed.WAIT, Deed.EXPECT):
        cast.lowering.reading.report(
            MISSING_KEY,
            written.node.entries[0][0],
            label(zh="步骤没有写是谁做的", en="the step does not say who does it"),
            label(zh="加上 `as:`", en="add `as:`"),
        )
    values: tuple[tuple[str, Expression], ...] = ()
    if deed is Deed.CREATE:
        form = cast.lowering.compilation.form(written[words.CREATE])
        form = None if form is None or form.is_broken else form
        values = _assigned(cast, form, written[words.SET] or ())
        record = cast.name(written[words.NAME_], form)
    else:
        record = cast.record(written[_DECISIONS.get(deed, words.ON)])
        form = cast.form_of(record)
        pairs = written[words.SET if deed is Deed.SET else words.WITH] or ()
        values = _answered(cast, form, written, pairs) if deed is Deed.DO else _assigned(cast, form, pairs)
    if deed in _DECISIONS and form is not None:
        _check_decidable(cast, written, form, _DECISIONS[deed])
    return ScenarioStep(
        deed=deed,
        person=person,
        record=record,
        form=None if form is None else form.id,
        transitions=_transitions(cast, form, written[words.DO] or ()),
        values=values,
        comment=written[words.COMMENT],
        wait=written[words.WAIT],
        expect=read_expectation(
            cast, written[words.EXPECT], form, is_about_one=any(key in written for key in _NAMING)
        ),
        is_refused=written.flag(words.EXPECT_REFUSED),
        origin=_origin(written),
    )


def _origin(written: Written) -> Origin:
    span = written.node.span
    return Origin(path=span.path, line=span.line, column=span.column)


def _deed(cast: Cast, written: Written) -> Deed | None:
    """Return the one thing that a step says, or report that it says nothing, or two things."""
    found: list[tuple[Key[Any], Deed]] = [(key, deed) for key, deed in _DEEDS if key in written]
    if not found and words.SET in written:
        found = [(words.SET, Deed.SET)]
    if len(found) > 1:
        names = "、".join(f"`{key.name}`" for key, _ in found)
        english = " and ".join(f"`{key.name}`" for key, _ in found)
        _report_step(
            cast, written, zh=f"一个步骤里写了 {names}", en=f"one step says {english}", at=found[1][0]
        )
        return None
    if not found and words.EXPECT not in written:
        _report_step(cast, written, zh="步骤没有写做什么", en="the step says nothing that is done")
        return None
    deed = found[0][1] if found else Deed.EXPECT
    if deed in (Deed.DO, Deed.SET) and words.ON not in written:
        key = found[0][0]
        _report_step(
            cast,
            written,
            zh=f"`{key.name}` 没有写针对哪条记录",
            en=f"`{key.name}` does not say on which record",
            at=key,
            help_=label(zh="加上 `on:`", en="add `on:`"),
        )
        return None
    return deed


def _report_step(
    cast: Cast, written: Written, *, zh: str, en: str, at: Key[Any] | None = None, help_: Label | None = None
) -> None:
    place = (
        written.key_of(at)
        if at is not None
        else written.node.entries[0][0]
        if written.node.entries
        else written.node
    )
    cast.lowering.reading.report(WRONG_STEP, place, label(zh=zh, en=en), help_)


def _transitions(cast: Cast, form: FormShape | None, nodes: Iterable[ScalarNode]) -> tuple[str, ...]:
    if form is None:
        return tuple(node.text for node in nodes)
    known = {
        transition.id: transition
        for workflow in cast.workflows
        if workflow.form == form.id
        for transition in workflow.transitions
    }
    # One that is written, but wrongly, has had its finding.
    written = {
        key.text
        for each in cast.lowering.compilation.workflows_by_form.get(form.id, {}).values()
        for key, _ in each[workflow_words.TRANSITIONS] or ()
    }
    found = []
    for node in nodes:
        cast.lowering.compilation.name_transition(form, node)
        if node.text not in known and node.text not in written and cast.knows_all_workflows:
            report_unknown(cast.lowering.reading, node, "transition", known)
        else:
            found.append(node.text)
    return tuple(found)


def _answered(
    cast: Cast, form: FormShape | None, written: Written, pairs: Iterable[tuple[ScalarNode, Node]]
) -> tuple[tuple[str, Expression], ...]:
    """Return what buttons are told: fields of the form, or what a transition asks of its own."""
    if form is None:
        return ()
    pressed = {node.text for node in written[words.DO] or ()}
    asked = {
        ask.field.id
        for workflow in cast.workflows
        if workflow.form == form.id
        for transition in workflow.transitions
        if transition.id in pressed
        for ask in transition.ask
        if ask.is_own
    }
    own = [
        (key.text, cast.lowering.values.of_anything(value, cast.scope()))
        for key, value in pairs
        if key.text in asked
    ]
    left = [(key, value) for key, value in pairs if key.text not in asked]
    if not cast.knows_all_workflows:
        # What no field is called may be asked by a transition that could not be read.
        left = [(key, value) for key, value in left if key.text in form.fields]
    fields = _assigned(cast, form, left)
    return (*fields, *((name, value) for name, value in own if value is not None))


def _check_decidable(cast: Cast, written: Written, form: FormShape, key: Key[ScalarNode]) -> None:
    has_approval = any(workflow.approvals for workflow in cast.workflows if workflow.form == form.id)
    if has_approval or not cast.knows_all_workflows:
        return
    cast.lowering.reading.report(
        NOTHING_TO_DECIDE,
        written.value_of(key),
        label(zh=f"表单 `{form.id}` 没有审批", en=f"the form `{form.id}` has no approval"),
        label(zh="按流转写 `do:`", en="press a transition, with `do:`"),
    )
