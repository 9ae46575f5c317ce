"""Lints over amount tiers: what falls between two conditions, what falls under both, what is never reached."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.reasoning.regions import TooManyBoxesError
from orderkit.language.compile.lints.reasoning.showing import point_shown
from orderkit.language.compile.lints.reasoning.tiers import Gap, Tiers, tiers_of
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives
from orderkit.language.findings import WARNING, Code, Note, Span
from orderkit.model.expressions.nodes import Binary, Expression
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Boolean
from orderkit.model.labels import label
from orderkit.model.people import Who
from orderkit.model.workflow.workflows import ApprovalPart, Choose, Parallel, Step, Transition, parts_within

HOLE = Code(
    "OK4313",
    "hole-between-tiers",
    WARNING,
    since="0.1",
    explain="""
    Conditions that stand beside each other, such as `total > 50000` and `total < 50000`, leave out a value
    between them, here exactly 50000. It is looked for among the guards of transitions that the same people
    press in one state, among the `when` of steps beside each other, and in what `default` of a `choose`
    catches. The options of a choice are looked at too: where `kind == 'standard'` leads one way and
    `kind == 'custom'` another, `kind = 'repair'` is left out, unless some way without a condition is there,
    or `if_empty` says what happens when no step is for it.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, small: {final: completed}, large: {final: completed}}
    transitions:
      finish: {from: draft, to: small, by: owner, guard: total < 50000}
      escalate: {from: draft, to: large, by: owner, guard: total > 50000}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, small: {final: completed}, large: {final: completed}}
    transitions:
      finish: {from: draft, to: small, by: owner, guard: total <= 50000}
      escalate: {from: draft, to: large, by: owner, guard: total > 50000}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~""",
    zh="并列的条件（如 `total > 50000` 与 `total < 50000`）之间漏掉了一个值，这里正好是 50000。检查的范围：同一状态里同样的人触发的流转的 `guard`、相邻步骤的 `when`、以及 `choose` 里落到 `default` 的值。单选字段的选项也会检查：`kind == 'standard'` 和 `kind == 'custom'` 各有去处时，`kind = 'repair'` 就漏掉了；另有无条件的去处，或 `if_empty` 写明没有步骤时怎么办，就不提示。",
)
OVERLAP = Code(
    "OK4314",
    "tiers-overlap",
    WARNING,
    since="0.1",
    explain="""
    Two conditions that part an amount both hold for a value between them, such as `total >= 50000` and
    `total <= 50000`; or two of several that part the options of a choice both hold for one of them.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, small: {final: completed}, large: {final: completed}}
    transitions:
      finish: {from: draft, to: small, by: owner, guard: total <= 50000}
      escalate: {from: draft, to: large, by: owner, guard: total >= 50000}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, small: {final: completed}, large: {final: completed}}
    transitions:
      finish: {from: draft, to: small, by: owner, guard: total < 50000}
      escalate: {from: draft, to: large, by: owner, guard: total >= 50000}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~""",
    zh="把金额分档的两个条件在交界处同时成立，如 `total >= 50000` 与 `total <= 50000`；或把单选字段的选项分开的几个条件里，有两个对同一个选项都成立。",
)
BRANCH_NEVER_TAKEN = Code(
    "OK4315",
    "branch-never-taken",
    WARNING,
    since="0.1",
    explain="""
    A branch is never taken: wherever its condition holds, an earlier branch is taken already.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals:
      check:
        approved: done
        rejected: draft
        steps:
          - choose:
              - {when: total > 1000, steps: [{id: lead, approvers: everyone}]}
              - {when: total > 50000, steps: [{id: director, approvers: role(admin)}]}
              - {default: true, steps: []}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals:
      check:
        approved: done
        rejected: draft
        steps:
          - choose:
              - {when: total > 50000, steps: [{id: director, approvers: role(admin)}]}
              - {when: total > 1000, steps: [{id: lead, approvers: everyone}]}
              - {default: true, steps: []}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~""",
    zh="分支永远轮不到：凡是它的条件成立的地方，前面的分支都已经选中。",
)


@dataclass(frozen=True, slots=True)
class _Case:
    """One of several conditions beside each other: all of `conditions` must hold."""

    conditions: tuple[Expression, ...]
    leads_to: str


def check_tiers(linting: Linting, graph: Graph) -> None:
    """Report holes and overlaps between tiers, and branches that are never taken."""
    for cases in _rivals(graph.workflow.transitions):
        tiers = _tiers(cases)
        if tiers is not None:
            _report_gaps(linting, HOLE, cases, _certain(tiers.holes))
            _report_gaps(linting, OVERLAP, cases, _certain(tiers.overlaps))
    for approval in graph.workflow.approvals:
        _check_steps(linting, approval.steps)


def _tiers(cases: Sequence[_Case]) -> Tiers | None:
    return tiers_of([case.conditions for case in cases])


def _certain(gaps: Callable[[], Iterator[Gap]]) -> list[Gap]:
    try:
        return list(gaps())
    except TooManyBoxesError:
        return []


def _rivals(transitions: Iterable[Transition]) -> Iterator[tuple[_Case, ...]]:
    """Yield the guarded transitions that the same people press in one state, each group once."""
    groups: dict[tuple[str, Who | None], list[Transition]] = {}
    for transition in transitions:
        for source in transition.sources:
            for who in alternatives(transition.by):
                groups.setdefault((source, who), []).append(transition)
    seen: set[tuple[str, ...]] = set()
    for group in groups.values():
        guarded = [each for each in group if conditions_of_transition(each)]
        names = tuple(each.id for each in guarded)
        if names not in seen and len({each.target for each in guarded}) > 1:
            seen.add(names)
            yield tuple(_Case(conditions_of_transition(each), each.target) for each in guarded)


def conditions_of_transition(transition: Transition) -> tuple[Expression, ...]:
    """Return what must hold for a transition to be pressed."""
    shown = () if transition.when is None else (transition.when,)
    return (*shown, *(check.that for check in transition.guard))


def _check_steps(linting: Linting, steps: Sequence[ApprovalPart]) -> None:
    run: list[_Case] = []
    for step in (*steps, None):
        if isinstance(step, Step) and step.when is not None:
            run.append(_Case((step.when,), step.id))
            continue
        _check_run(linting, run)
        run = []
        if isinstance(step, Choose):
            _check_choose(linting, step)
        elif isinstance(step, Parallel) and step.is_inclusive:
            _check_run(linting, _without_default(step))
        for parts in () if step is None else parts_within(step):
            _check_steps(linting, parts)


def _check_run(linting: Linting, run: list[_Case]) -> None:
    tiers = _tiers(run)
    if tiers is not None:
        _report_gaps(linting, HOLE, run, _certain(tiers.holes))
        _report_gaps(linting, OVERLAP, run, (gap for gap in _certain(tiers.overlaps) if gap.is_single))


def _without_default(block: Parallel) -> list[_Case]:
    """Return the conditions of branches beside each other; none where a default catches what they leave out."""
    whens = [branch.when for branch in block.branches]
    if None in whens:
        return []
    return [_Case((when,), str(n)) for n, when in enumerate(whens) if when is not None]


def _check_choose(linting: Linting, choose: Choose) -> None:
    cases = [
        _Case((branch.when,), str(n)) for n, branch in enumerate(choose.branches) if branch.when is not None
    ]
    tiers = Tiers([case.conditions for case in cases])
    try:
        never = list(tiers.never_after())
        for position in never:
            _report_never(linting, cases, position)
        if not never:
            _report_gaps(linting, HOLE, cases, (gap for gap in tiers.holes() if gap.is_single))
    except TooManyBoxesError:
        pass


def _report_gaps(linting: Linting, code: Code, cases: Sequence[_Case], gaps: Iterable[Gap]) -> None:
    seen: set[frozenset[int]] = set()
    for gap in gaps:
        pair = frozenset((gap.below, gap.above))
        if pair in seen or cases[gap.below].leads_to == cases[gap.above].leads_to:
            continue
        seen.add(pair)
        first, second = (_place(linting, cases[position], gap) for position in sorted(pair))
        if first is None or second is None:
            continue
        point = point_shown(gap.point)
        headline = (
            label(zh=f"这两个条件之间漏掉了 `{point}`", en=f"between two conditions `{point}` is left out")
            if code is HOLE
            else label(zh=f"`{point}` 时两个条件同时成立", en=f"two conditions both hold for `{point}`")
        )
        linting.report(
            code,
            second,
            headline,
            label(zh="在其中一个条件里改用 `>=` 或 `<=`", en="use `>=` or `<=` in one of the two")
            if code is HOLE
            else label(zh="在其中一个条件里改用 `>` 或 `<`", en="use `>` or `<` in one of the two"),
            notes=[Note(text=label(zh="另一个条件在这里", en="the other condition stands here"), span=first)],
        )


def _place(linting: Linting, case: _Case, gap: Gap) -> Span | None:
    """Return the condition of a case that speaks of what the gap is in, and where it stands."""
    name = next(iter(gap.point))
    if isinstance(name, Binary) and isinstance(name.type, Boolean):
        name = name.left  # two expressions compared with each other
    for condition in case.conditions:
        if len(case.conditions) == 1 or name in walk(condition):
            place = linting.usage.place_of(condition)
            if place is not None:
                return place.span
    return None


def _report_never(linting: Linting, cases: Sequence[_Case], position: int) -> None:
    place = linting.usage.place_of(cases[position].conditions[0])
    first = linting.usage.place_of(cases[0].conditions[0])
    if place is None or first is None:
        return
    linting.report(
        BRANCH_NEVER_TAKEN,
        place.span,
        label(
            zh="这个分支永远轮不到，前面的分支已经全部选中",
            en="this branch is never taken; those before it catch all it would",
        ),
        label(zh="把它移到前面", en="move it before them"),
        notes=[Note(text=label(zh="第一个分支在这里", en="the first branch stands here"), span=first.span)],
    )
