"""An approval as a graph: its steps in order, branches, branches beside each other, loops, and ways back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from orderkit.diagram import words
from orderkit.diagram.clocks import step_clock
from orderkit.diagram.graphs import Edge, Graph, Kind, Node
from orderkit.model import labels
from orderkit.model.expressions.printing import as_written
from orderkit.model.labels import Label
from orderkit.model.workflow.clocks import Overdue
from orderkit.model.workflow.workflows import (
    Approval,
    ApprovalPart,
    Choose,
    Join,
    Loop,
    Mode,
    Parallel,
    Step,
    all_steps,
)

_TOGETHER, _IN_TURN = "together", "in_turn"


def approval_graph(approval: Approval, prefix: str, *, with_clocks: bool) -> Graph:
    """Return the steps of an approval; ids begin with `prefix`, as an approval may be asked in several states."""
    return _Builder(prefix=prefix, approval=approval, with_clocks=with_clocks).graph(approval.steps)


@dataclass(kw_only=True)
class _Builder:
    """Collects shapes and ways; `ends` are the loose ends that the next shape is tied to."""

    prefix: str
    approval: Approval
    with_clocks: bool
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def graph(self, parts: Sequence[ApprovalPart], name: str = "") -> Graph:
        """Return the parts between a beginning and an end; `name` begins the names of blocks within."""
        start = self._named(f"{name}start")
        self.nodes.append(Node(id=start, kind=Kind.START))
        last = self._parts(parts, _End(start), name=name)
        end = self._add(Node(id=self._named(f"{name}end"), kind=Kind.END), last)
        self._returns(end)
        return Graph(nodes=tuple(self.nodes), edges=tuple(self.edges), main=self._main(end))

    def _named(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    def _parts(self, parts: Sequence[ApprovalPart], end: "_End", *, name: str) -> "_End":
        for index, part in enumerate(parts, start=1):
            end = self._part(part, end, f"{name}{index}")
        return end

    def _part(self, part: ApprovalPart, end: "_End", name: str) -> "_End":
        match part:
            case Step():
                return self._step(part, end)
            case Choose():
                return self._branches(part, end, name, split_kind=Kind.CHOICE, join_kind=Kind.CHOICE)
            case Parallel(join=join, is_inclusive=is_inclusive):
                split = Kind.SOME if is_inclusive else Kind.FORK
                return self._branches(
                    part,
                    end,
                    name,
                    split_kind=split,
                    join_kind=split if join is Join.ALL else Kind.JOIN_EARLY,
                )
            case Loop():
                return self._loop(part, end, name)

    def _step(self, step: Step, end: "_End") -> "_End":
        several = _IN_TURN if step.mode is Mode.SEQUENCE else _TOGETHER
        node = Node(
            id=self._named(step.id),
            kind=Kind.STEP,
            label=step.label,
            note=words.mode_of(step),
            repeats=several,
            timers=step_clock(step, self._named(step.id)) if self.with_clocks else (),
            subject=step,
        )
        if step.when is None:
            return _End(self._add(node, end))
        split = self._add(Node(id=self._named(f"{step.id}.if"), kind=Kind.CHOICE), end)
        taken = self._add(node, _End(split, words.as_condition(step.when), as_written(step.when)))
        join = self._add(Node(id=self._named(f"{step.id}.fi"), kind=Kind.CHOICE), _End(taken))
        self._tie(_End(split, words.SKIPPED, is_default=True), join)
        return _End(join)

    def _branches(
        self,
        part: Choose | Parallel,
        end: "_End",
        name: str,
        *,
        split_kind: Kind,
        join_kind: Kind,
    ) -> "_End":
        split = self._add(Node(id=self._named(f"{name}.split"), kind=split_kind, subject=part), end)
        join = Node(id=self._named(f"{name}.join"), kind=join_kind, subject=part)
        loose = [
            self._parts(branch.steps, self._entry(part, index, split), name=f"{name}.{index}.")
            for index, branch in enumerate(part.branches, start=1)
        ]
        self.nodes.append(join)
        for each in loose:
            self._tie(each, join.id)
        return _End(join.id)

    def _entry(self, part: Choose | Parallel, index: int, split: str) -> "_End":
        """Return the way into a branch, counted from 1."""
        when, subject = part.branches[index - 1].when, BranchOf(part, index - 1)
        if when is not None:
            return _End(split, words.as_condition(when), as_written(when), subject=subject)
        has_default = isinstance(part, Choose) or part.is_inclusive
        return _End(
            split,
            words.OTHERWISE if has_default else labels.label(),
            is_default=has_default,
            subject=subject,
        )

    def _loop(self, loop: Loop, end: "_End", name: str) -> "_End":
        within = _Builder(prefix=self.prefix, approval=self.approval, with_clocks=self.with_clocks)
        return _End(
            self._add(
                Node(
                    id=self._named(name),
                    kind=Kind.BLOCK,
                    label=_of_rows(loop),
                    inner=within.graph(loop.steps, f"{name}."),
                    repeats=_TOGETHER,
                    subject=loop,
                ),
                end,
            )
        )

    def _returns(self, end: str) -> None:
        """Add the ways back that are named by a step, where both steps stand on this level."""
        here = {node.subject.id: node for node in self.nodes if isinstance(node.subject, Step)}
        order = {step.id: index for index, step in enumerate(all_steps(self.approval.steps))}
        for step_id, node in here.items():
            assert isinstance(node.subject, Step)
            ahead = next(edge for edge in self.edges if edge.source == node.id)
            self._late(node, ahead.target, end)
            may = node.subject.may or self.approval.may
            for target in may.returns:
                if target.step is None or target.step not in here or order[target.step] >= order[step_id]:
                    continue
                self.edges[self.edges.index(ahead)] = ahead = replace(ahead, is_default=True)
                self.edges.append(
                    Edge(
                        id=f"f_{node.id}.back.{target.step}",
                        source=node.id,
                        target=here[target.step].id,
                        label=words.RETURNED,
                        condition="decision == 'return'",
                        is_rare=True,
                        subject=target,
                    )
                )

    def _late(self, node: Node, ahead: str, end: str) -> None:
        """Add the ways of clocks that decide: on to the next shape, or to the end of the approval."""
        for timer in node.timers:
            if timer.interrupts and isinstance(timer.subject, Overdue):
                target = ahead if timer.subject.decide == "approve" else end
                self.edges.append(
                    Edge(id=f"f_{timer.id}", source=node.id, target=target, timer=timer.id, is_rare=True)
                )

    def _add(self, node: Node, end: "_End") -> str:
        self.nodes.append(node)
        self._tie(end, node.id)
        return node.id

    def _tie(self, end: "_End", target: str) -> None:
        self.edges.append(
            Edge(
                id=f"f_{end.node}.{len(self.edges)}",
                source=end.node,
                target=target,
                label=end.label,
                condition=end.condition,
                is_default=end.is_default,
                subject=end.subject,
            )
        )

    def _main(self, end: str) -> tuple[str, ...]:
        """Return the way through every step, and through the first branch of each block."""
        first: dict[str, str] = {}
        for edge in self.edges:
            first.setdefault(edge.source, edge.target)
        path = [self.nodes[0].id]
        while path[-1] != end:
            path.append(first[path[-1]])
        return tuple(path)


@dataclass(frozen=True, slots=True)
class BranchOf:
    """That a way leads into a branch of a block, counted from 0."""

    part: Choose | Parallel
    index: int


@dataclass(frozen=True, slots=True)
class _End:
    """Where the next shape is tied to, and what is said on the way to it."""

    node: str
    label: Label = field(default_factory=labels.label)
    condition: str = ""
    is_default: bool = False
    subject: BranchOf | None = None


def _of_rows(loop: Loop) -> Label:
    rows = as_written(loop.rows)
    where = "" if loop.where is None else f": {as_written(loop.where)}"
    return words.of_both("每个 {rows}{where}", "each of {rows}{where}", rows=rows, where=where)
