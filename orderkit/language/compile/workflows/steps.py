"""Steps of an approval: who decides, and the blocks that steps stand in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from orderkit.actions.action_type import Effect
from orderkit.language.compile.names.collecting import check_id
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.places.who import APPROVERS, IN_APPROVALS
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.compile.workflows.clocks import read_clock
from orderkit.language.compile.workflows.may import read_may
from orderkit.language.compile.workflows.modes import WRONG_STEP, check_number, read_mode
from orderkit.language.compile.workflows.selections import read_selection
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Written
from orderkit.language.spec.parts import approval as words
from orderkit.language.spec.words import MISSING_KEY, report_unknown_key
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import ApprovalPart, Branch, Choose, Join, Loop, Parallel, Step

WRONG_PARALLEL = Code(
    "OK4212",
    "wrong-parallel",
    ERROR,
    since="0.1",
    explain="""
    A `parallel` has fewer than two branches or one with a `when`, which belongs to `inclusive`; an `inclusive` has a branch
    with neither `when` nor `default: true`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{parallel: {branches: [{steps: [{id: one, approvers: everyone}]}]}}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{parallel: {branches: [{steps: [{id: one, approvers: everyone}]}, {steps: [{id: two, approvers: everyone}]}]}}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="`parallel` 的分支不到两个，或某个分支写了 `when`（那属于 `inclusive`）；或 `inclusive` 的某个分支既没有 `when` 也不是 `default: true`。",
)
LOOP_PARTS = Code(
    "OK4213",
    "loop-without-steps",
    ERROR,
    since="0.1",
    explain="""
    A `foreach` of an approval has the `steps` of each row; `where`, `steps` and `join` belong to a `foreach` only.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone, join: any}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{foreach: lines, join: any, steps: [{id: one, approvers: everyone}]}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="审批里的 `foreach` 要写每行的 `steps`；`where`、`steps`、`join` 只属于 `foreach`。",
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where steps stand: what their people and actions see, and what their conditions may rely on."""

    scope: Scope
    certain: Scope

    def inside(self, row_form: str) -> "_Place":
        """Return the place within a loop over rows."""
        return _Place(inside_each(self.scope, row_form), inside_each(self.certain, row_form))


class Steps:
    """Reads the steps of one approval; `nodes` are their ids, once they are read."""

    def __init__(
        self, lowering: Lowering, form: FormShape, transitions: Mapping[str, Written], known: frozenset[str]
    ) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.form = form
        self.transitions = transitions
        self.nodes: dict[str, ScalarNode] = {}
        scope = lowering.places.workflow(form.id)
        self._place = _Place(scope, replace(scope, known=known))

    def read(self, steps: Iterable[Written]) -> tuple[ApprovalPart, ...]:
        """Return the parts of the approval that are right."""
        for step in steps:
            self._collect(step)
        return self._parts(steps, self._place)

    def _collect(self, step: Written) -> None:
        """Note the ids of steps, also of those further down, so that they can be named anywhere."""
        for node in _ids(step.node):
            first = self.nodes.setdefault(node.text, node)
            if first is not node:
                self.reading.report(
                    WRONG_STEP,
                    node,
                    label(zh=f"步骤 `{node.text}` 重复", en=f"the step `{node.text}` stands twice"),
                    label(zh="换一个标识", en="choose another id"),
                    notes=(Note(text=label(zh="第一次在这里", en="it stands here first"), span=first.span),),
                )

    def _parts(self, steps: Iterable[Written], place: _Place) -> tuple[ApprovalPart, ...]:
        lowered = (self._part(step, place) for step in steps)
        return tuple(part for part in lowered if part is not None)

    def _part(self, written: Written, place: _Place) -> ApprovalPart | None:
        blocks = [key for key in words.STEP_BLOCKS if key in written]
        if not blocks:
            return self._step(written, place)
        (block, *more) = blocks
        own = words.STEP_OF_LOOP if block is words.STEP_FOREACH else ()
        for key in (*more, *words.STEP_CHECKS, *words.STEP_OF_LOOP):
            if key in written and key not in own:
                name = block.name
                report_unknown_key(
                    self.reading, written.key_of(key), [name], label(zh=f"`{name}`", en=f"`{name}`")
                )
        if block is words.STEP_CHOOSE:
            return self._choose(written, place)
        if block is words.STEP_FOREACH:
            return self._loop(written, place)
        inner = written[words.STEP_PARALLEL if block is words.STEP_PARALLEL else words.STEP_INCLUSIVE]
        return (
            None
            if inner is None
            else self._parallel(inner, place, is_inclusive=block is words.STEP_INCLUSIVE)
        )

    def _step(self, written: Written, place: _Place) -> Step | None:
        id_node = written[words.STEP_ID]
        for key in (words.STEP_ID, words.STEP_APPROVERS):
            if key not in written and not written.is_broken:
                words.STEP.report_missing(key.name, written.node, self.reading)
        for loop_key in words.STEP_OF_LOOP:
            if loop_key in written:
                self._report_loop(written.key_of(loop_key), loop_key.name)
        approvers = self.lowering.people.read(written[words.STEP_APPROVERS], place.scope, APPROVERS)
        when = self.lowering.checking.certain(written[words.STEP_WHEN], place.certain)
        mode, vote = read_mode(self.reading, written[words.STEP_MODE])
        fields = tuple(
            (key.text, right)
            for key, right in written[words.STEP_FIELDS] or ()
            if self.lowering.compilation.path(self.form, key) is not None
        )
        may = read_may(self.lowering, written[words.STEP_MAY], place.scope, self.nodes)
        sla = read_clock(self.lowering, written[words.STEP_SLA], place.scope, IN_APPROVALS, decides=True)
        actions = ActionPlace(self.form, place.scope, Effect.AFTER_COMMIT, self.transitions, IN_APPROVALS)
        after = lower_actions(self.lowering, written[words.STEP_AFTER], actions)
        if id_node is None or approvers is None or not check_id(id_node, self.reading):
            return None
        check_number(self.reading, written, approvers, mode)
        return Step(
            id=id_node.text,
            label=written[words.STEP_LABEL] or readable(id_node.text),
            approvers=approvers,
            when=when,
            mode=mode,
            vote=vote,
            veto=True if words.STEP_VETO not in written else written.flag(words.STEP_VETO),
            fields=fields,
            sign=written.flag(words.STEP_SIGN),
            may=may,
            sla=sla,
            after=after,
        )

    def _choose(self, written: Written, place: _Place) -> Choose | None:
        nodes = written[words.STEP_CHOOSE] or ()
        branches = self._branches(nodes, place)
        for _, read in branches:
            if read.flag(words.BRANCH_DEFAULT) == (words.BRANCH_WHEN in read):
                self._report_branch(read)
        defaults = [n for n, (_, read) in enumerate(branches) if read.flag(words.BRANCH_DEFAULT)]
        if len(branches) == len(nodes) and defaults != [len(branches) - 1]:
            self.reading.report(
                WRONG_STEP,
                written.key_of(words.STEP_CHOOSE),
                label(zh="最后一个分支必须是 `default: true`", en="the last branch must be `default: true`"),
                label(zh="加上 `{default: true, steps: []}`", en="add `{default: true, steps: []}`"),
            )
        return Choose(branches=tuple(branch for branch, _ in branches)) if branches else None

    def _parallel(self, written: Written, place: _Place, *, is_inclusive: bool) -> Parallel | None:
        nodes = written[words.PARALLEL_BRANCHES]
        if nodes is None:
            return None
        branches = self._branches(nodes, place)
        if len(nodes) < 2:
            self._report_parallel(
                written.key_of(words.PARALLEL_BRANCHES),
                zh="并行至少要两个分支",
                en="what stands beside each other are two branches at least",
            )
        for _, read in branches:
            conditions = [key for key in (words.BRANCH_WHEN, words.BRANCH_DEFAULT) if key in read]
            if is_inclusive and read.flag(words.BRANCH_DEFAULT) == (words.BRANCH_WHEN in read):
                self._report_branch(read)
            elif conditions and not is_inclusive:
                self._report_parallel(
                    read.key_of(conditions[0]),
                    zh="`parallel` 的分支都要走，没有条件",
                    en="all branches of `parallel` are taken; they have no conditions",
                )
        join = Join(written[words.PARALLEL_JOIN] or "all")
        return Parallel(join=join, branches=tuple(b for b, _ in branches), is_inclusive=is_inclusive)

    def _branches(self, nodes: Iterable[Node], place: _Place) -> list[tuple[Branch, Written]]:
        found = []
        for node in nodes:
            read = words.BRANCH.read(node, self.reading)
            if not read.is_broken:
                when = self.lowering.checking.certain(read[words.BRANCH_WHEN], place.certain)
                steps = self._parts(read[words.BRANCH_STEPS] or (), place)
                found.append((Branch(when=when, steps=steps), read))
        return found

    def _loop(self, written: Written, place: _Place) -> Loop | None:
        actions = ActionPlace(self.form, place.scope, Effect.AFTER_COMMIT)
        selected = read_selection(self.lowering, written.value_of(words.STEP_FOREACH), actions)
        if words.STEP_STEPS not in written:
            self._report_loop(written.key_of(words.STEP_FOREACH), None)
            return None
        if selected is None or selected.rows is None:
            return None
        inner = place.inside(selected.form)
        return Loop(
            form=selected.form,
            rows=selected.rows,
            where=self.lowering.checking.condition(written[words.STEP_WHERE], inner.scope),
            join=Join(written[words.STEP_JOIN] or "all"),
            steps=self._parts(written[words.STEP_STEPS] or (), inner),
        )

    def _report_loop(self, place: ScalarNode, word: str | None) -> None:
        self.reading.report(
            LOOP_PARTS,
            place,
            label(zh="`foreach` 没有写 `steps`", en="the `foreach` has no `steps`")
            if word is None
            else label(zh=f"`{word}` 属于 `foreach`", en=f"`{word}` belongs to a `foreach`"),
        )

    def _report_parallel(self, place: ScalarNode, *, zh: str, en: str) -> None:
        self.reading.report(
            WRONG_PARALLEL,
            place,
            label(zh=zh, en=en),
            label(
                zh="只有一个时直接写步骤；有条件时用 `inclusive`",
                en="with one branch write its steps; with conditions write `inclusive`",
            ),
        )

    def _report_branch(self, written: Written) -> None:
        self.reading.report(
            MISSING_KEY,
            written.node.entries[0][0] if written.node.entries else written.node,
            label(
                zh="分支要么有 `when`，要么是 `default: true`",
                en="a branch has a `when`, or is `default: true`",
            ),
        )


def _ids(node: Node) -> Iterable[ScalarNode]:
    """Yield the ids of a step, or of the steps in a block."""
    if not isinstance(node, MappingNode):
        return
    own = node.get("id")
    if isinstance(own, ScalarNode) and not own.is_empty:
        yield own
    blocks = [node.get(name) for name in ("choose", "branches", "steps")]
    blocks += [
        each.get("branches")
        for name in ("parallel", "inclusive")
        if isinstance(each := node.get(name), MappingNode)
    ]
    for block in blocks:
        if isinstance(block, SequenceNode):
            for item in block.items:
                yield from _ids(item)
