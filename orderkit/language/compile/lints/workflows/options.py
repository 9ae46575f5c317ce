"""Lints over options: which option of a choice no condition is for, and for which one two are.

The findings are those of amounts: see `tiers`.
"""

from collections.abc import Iterable, Iterator, Sequence

from orderkit.fields.choice import ChoiceOptions
from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.reasoning.alternatives import Point, conjunction, holding
from orderkit.language.compile.lints.reasoning.choices import Choices
from orderkit.language.compile.lints.reasoning.conditions import domain_in
from orderkit.language.compile.lints.reasoning.regions import TooManyBoxesError
from orderkit.language.compile.lints.reasoning.showing import point_shown
from orderkit.language.compile.lints.reasoning.tiers import MAX_TIERS
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives
from orderkit.language.compile.lints.workflows.tiers import HOLE, OVERLAP, conditions_of_transition
from orderkit.language.findings import Note, Span
from orderkit.language.spec.parts import approval as approval_words
from orderkit.model.expressions.nodes import Expression, Get
from orderkit.model.expressions.types import Record
from orderkit.model.labels import Label, label
from orderkit.model.people import Who
from orderkit.model.workflow.workflows import (
    Approval,
    ApprovalPart,
    Choose,
    Outcome,
    Parallel,
    Step,
    Transition,
    parts_within,
)

Conditions = tuple[Expression, ...]


def check_options(linting: Linting, graph: Graph) -> None:
    """Report options that no condition is for, and options that two transitions are for."""
    seen: set[tuple[str, ...]] = set()
    for source, group in _groups(graph.workflow.transitions):
        names = tuple(each.id for each in group)
        is_new = names not in seen and len({each.target for each in group}) > 1
        if is_new and _check_group(linting, graph, source, group):
            seen.add(names)
    for approval in graph.workflow.approvals:
        _, written = graph.approval_nodes[approval.id]
        if approval_words.IF_EMPTY not in written:
            _check_approval(linting, approval)


def _groups(transitions: Iterable[Transition]) -> Iterator[tuple[str, list[Transition]]]:
    """Yield a state with the transitions out of it that the same people press under conditions."""
    groups: dict[tuple[str, Who | None], list[Transition]] = {}
    for transition in transitions:
        if conditions_of_transition(transition):
            for source in transition.sources:
                for who in alternatives(transition.by):
                    groups.setdefault((source, who), []).append(transition)
    for (source, _), group in groups.items():
        if 2 <= len(group) <= MAX_TIERS:
            yield source, group


def _check_group(linting: Linting, graph: Graph, source: str, group: Sequence[Transition]) -> bool:
    """Report what is wrong with the ways out of a state; return whether anything is."""
    choices = Choices([conditions_of_transition(each) for each in group])
    try:
        others = [
            conditions_of_transition(each)
            for each in graph.workflow.transitions
            if _leads_on(graph, each, source)
        ]
        left_out = (
            None if graph.workflow.state_by_id[source].approval else _left_out(linting, choices, others)
        )
        shared = list(choices.shared())
    except TooManyBoxesError:
        return False
    if left_out is not None:
        help_ = label(
            zh="为它加一条流转，或加一条没有条件的", en="add a transition for it, or one without a condition"
        )
        _report_hole(linting, choices, left_out, help_)
    shared = [each for each in shared if group[each[1]].target != group[each[2]].target]
    for point, first, second in shared:
        _report_overlap(linting, choices, point, first, second)
    return left_out is not None or bool(shared)


def _leads_on(graph: Graph, transition: Transition, source: str) -> bool:
    """Whether a transition is a way onward, for whomever; to give up is none."""
    target = graph.workflow.state_by_id[transition.target]
    return source in transition.sources and target.final is not Outcome.CANCELLED


def _check_approval(linting: Linting, approval: Approval) -> None:
    ways = list(_ways(approval.steps, ()))
    help_ = label(
        zh="为它加一个步骤，或用 `if_empty` 写明没有步骤时怎么办",
        en="add a step for it, or say with `if_empty` what happens when there is none",
    )
    for run in _runs(approval.steps):
        choices = Choices([(when,) for when in run])
        try:
            left_out = _left_out(linting, choices, ways) if 2 <= len(run) <= MAX_TIERS else None
        except TooManyBoxesError:
            continue
        if left_out is not None:
            _report_hole(linting, choices, left_out, help_)
            return


def _runs(parts: Sequence[ApprovalPart]) -> Iterator[list[Expression]]:
    """Yield the conditions of steps beside each other, and of the branches of an `inclusive`."""
    run: list[Expression] = []
    for part in (*parts, None):
        if isinstance(part, Step) and part.when is not None:
            run.append(part.when)
            continue
        yield run
        run = []
        if isinstance(part, Parallel) and part.is_inclusive:
            yield [branch.when for branch in part.branches if branch.when is not None]
        for inner in () if part is None else parts_within(part):
            yield from _runs(inner)


def _ways(parts: Iterable[ApprovalPart], outer: Conditions) -> Iterator[Conditions]:
    """Yield under which conditions each step is decided; a default counts as none."""
    for part in parts:
        if isinstance(part, Step):
            yield outer if part.when is None else (*outer, part.when)
        elif isinstance(part, Choose | Parallel):
            for branch in part.branches:
                yield from _ways(branch.steps, outer if branch.when is None else (*outer, branch.when))
        else:
            yield from _ways(part.steps, outer)


def _left_out(linting: Linting, choices: Choices, others: Iterable[Conditions]) -> Point | None:
    """Return what the conditions leave out and nothing else catches."""
    found = choices.left_out(counts=lambda point: not _is_retired(linting, point))
    regions = [conjunction(each, is_widest=True) for each in others] if found else []
    return next((point for point in found if not holding(regions, point)), None)


def _is_retired(linting: Linting, point: Point) -> bool:
    for name, tick in point.items():
        if not isinstance(name, Get) or not isinstance(name.base.type, Record) or tick is None:
            continue
        form = linting.project.form_by_id.get(name.base.type.form)
        field = None if form is None else form.by_id.get(name.field)
        options = None if field is None else field.options
        if isinstance(options, ChoiceOptions):
            shown = domain_in(name).shown(tick)
            if any(option.retired and f"'{option.value}'" == shown for option in options.options):
                return True
    return False


def _report_hole(linting: Linting, choices: Choices, point: Point, help_: Label) -> None:
    first, last = (_place(linting, choices.conditions[position]) for position in (0, -1))
    if first is None or last is None:
        return
    shown = point_shown(point)
    linting.report(
        HOLE,
        last,
        label(
            zh=f"`{shown}` 时这些条件都不成立",
            en=f"`{shown}` is left out: none of these conditions holds for it",
        ),
        help_,
        notes=[Note(text=label(zh="第一个条件在这里", en="the first condition stands here"), span=first)],
    )


def _report_overlap(linting: Linting, choices: Choices, point: Point, first: int, second: int) -> None:
    places = [_place(linting, choices.conditions[position]) for position in (first, second)]
    if places[0] is None or places[1] is None:
        return
    shown = point_shown(point)
    linting.report(
        OVERLAP,
        places[1],
        label(zh=f"`{shown}` 时两个条件同时成立", en=f"two conditions both hold for `{shown}`"),
        label(zh="从其中一个条件里去掉它", en="take it out of one of the two"),
        notes=[Note(text=label(zh="另一个条件在这里", en="the other condition stands here"), span=places[0])],
    )


def _place(linting: Linting, conditions: Sequence[Expression]) -> Span | None:
    place = linting.usage.place_of(conditions[0])
    return None if place is None else place.span
