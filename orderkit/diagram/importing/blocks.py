"""The steps of an approval as blocks: a split and its join belong together, and all between them lies in branches.

Flows back to an earlier step are returns, which `may` says, and are left aside. What does not reduce is
refused with the smallest pair of gateways that does not fit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orderkit.diagram.bpmn.elements import BPMN
from orderkit.diagram.importing.names import id_from
from orderkit.diagram.importing.process import (
    GATEWAYS,
    STEPS,
    Flow,
    Level,
    Plain,
    kept,
    kept_name,
)
from orderkit.diagram.importing.refusals import Finding, RefusedDiagram
from orderkit.diagram.importing.tree import Element
from orderkit.model.labels import Label, label

_RETURN = "decision == 'return'"
_COUNT = re.compile(r"count\((.*?)(?:, where=(.*))?\)", re.DOTALL)
_VOTE = re.compile(r"approved / people (>=|>) (\d+(?:\.\d+)?)")


def steps_of(level: Level, prefix: str) -> list[Plain]:
    """Return the steps in a sub-process. Raises RefusedDiagram where they do not reduce to blocks."""
    return _Reader(level, prefix).steps()


@dataclass
class _Reader:
    level: Level
    prefix: str
    taken: set[str] = field(default_factory=set)
    depth: int = 0

    def steps(self) -> list[Plain]:
        starts = self.level.of_kind("startEvent")
        if len(starts) != 1:
            raise _refused(
                self.level.holder, "审批里要恰好有一个开始事件", "an approval has exactly one start event"
            )
        found, last = self._chain(self._next(starts[0]), frozenset())
        if last is not None and last.name != "endEvent":
            raise self._unmatched(last)
        return found

    def _chain(self, node: Element | None, seen: frozenset[str]) -> tuple[list[Plain], Element | None]:
        """Return the parts from a node on, and the join or end at which they stop."""
        parts: list[Plain] = []
        while node is not None:
            if node.id in seen:
                raise _refused(
                    node, "这里绕了回来，但不是退回", "the way comes back here, and it is no return"
                )
            seen |= {node.id}
            if node.name == "endEvent" or self._is_join(node):
                return parts, node
            if node.name in STEPS:
                parts.append(self._step(node))
                node = self._next(node)
            elif node.name == "subProcess":
                parts.append(self._loop(node))
                node = self._next(node)
            elif node.name in GATEWAYS:
                part, join = self._block(node, seen)
                parts += part
                node = self._next(join)
            else:
                raise _refused(
                    node,
                    "审批里只能有步骤、网关和子流程",
                    "an approval holds steps, gateways and sub-processes",
                )
        return parts, None

    def _is_join(self, node: Element) -> bool:
        return node.name in GATEWAYS and len(self._ahead(node)) == 1 and len(self.level.into(node.id)) > 1

    def _block(self, split: Element, seen: frozenset[str]) -> tuple[list[Plain], Element]:
        flows = self._ahead(split)
        branches = [self._chain(self.level.nodes[flow.target], seen) for flow in flows]
        joins = {join.id if join is not None else "" for _, join in branches}
        if len(flows) < 2 or len(joins) != 1 or "" in joins:
            raise self._unmatched(split, joins)
        join = self.level.nodes[joins.pop()]
        fits = join.name == split.name or (join.name == "complexGateway" and split.name != "exclusiveGateway")
        if not fits:
            raise self._unmatched(split, {join.id})
        contents = [parts for parts, _ in branches]
        if split.name == "exclusiveGateway":
            return self._choice(split, flows, contents), join
        return [self._parallel(split, join, flows, contents)], join

    def _choice(self, split: Element, flows: Sequence[Flow], contents: Sequence[list[Plain]]) -> list[Plain]:
        """Return a step that is skipped, or branches of which one is taken, the default last."""
        # Of our own, `split` begins branches; the one before a step that may be skipped is called `if`.
        is_skip = not split.id.endswith(".split")
        pairs = list(zip(flows, contents, strict=True))
        defaults = [index for index, flow in enumerate(flows) if flow.is_default or not flow.when]
        if len(defaults) != 1:
            raise _refused(
                split,
                "分支要恰好有一个默认出口，其余都有条件",
                "exactly one way out is the default, and the others have conditions",
            )
        default = pairs.pop(defaults[0])
        if is_skip and len(pairs) == 1 and len(pairs[0][1]) == 1 and not default[1]:
            step = pairs[0][1][0]
            if "id" in step:
                return [{**step, "when": step.get("when", pairs[0][0].when)}]
        ordered = sorted([*pairs, default], key=lambda pair: _index(pair[0], len(flows)))
        return [
            {
                "choose": [
                    _branch(flow, parts, {"default": "true"} if flow is default[0] else {"when": flow.when})
                    for flow, parts in ordered
                ]
            }
        ]

    def _parallel(
        self, split: Element, join: Element, flows: Sequence[Flow], contents: Sequence[list[Plain]]
    ) -> Plain:
        key = "inclusive" if split.name == "inclusiveGateway" else "parallel"
        said = (kept(split, "block") or {}).get(key)
        about = (
            said if isinstance(said, dict) else {"join": "any" if join.name == "complexGateway" else "all"}
        )
        pairs = sorted(zip(flows, contents, strict=True), key=lambda pair: _index(pair[0], len(flows)))
        branches = []
        for flow, parts in pairs:
            otherwise: Plain = {"when": flow.when} if flow.when else {}
            if flow.is_default:
                otherwise = {"default": "true"}
            branches.append(_branch(flow, parts, otherwise))
        return {key: {**about, "branches": branches}}

    def _loop(self, node: Element) -> Plain:
        inner = _Reader(self.level.inner[node.id], self.prefix, self.taken).steps()
        said = kept(node, "block")
        if said is not None:
            return {**said, "steps": inner}
        loop = node.first(BPMN, "multiInstanceLoopCharacteristics")
        count = None if loop is None else loop.first(BPMN, "loopCardinality")
        rows = None if count is None else _COUNT.fullmatch(count.whole_text().strip())
        if rows is None:
            raise _refused(
                node,
                "审批里的子流程要按行重复：`count(lines)`",
                "a sub-process in an approval is one for each row: `count(lines)`",
            )
        where: Plain = {} if rows[2] is None else {"where": rows[2]}
        return {"foreach": rows[1], **where, "join": "all", "steps": inner}

    def _step(self, node: Element) -> Plain:
        said = kept(node, "step")
        name = kept_name(node, "step") or node.id.removeprefix(self.prefix + ".")
        step_id = id_from(name, node.attributes.get("name", ""), self.taken, otherwise="step")
        self.taken.add(step_id)
        if said is not None:
            return {**said, "id": step_id}
        step: Plain = {"id": step_id}
        if node.attributes.get("name"):
            step["label"] = node.attributes["name"]
        step["approvers"] = owner_of(node) or "role(admin)"
        return {**step, **_mode(node)}

    def _next(self, node: Element) -> Element | None:
        ahead = self._ahead(node)
        if len(ahead) > 1:
            raise _refused(
                node, "这里有几个出口，却没有网关", "several ways lead out of it, and no gateway says which"
            )
        return self.level.nodes[ahead[0].target] if ahead else None

    def _ahead(self, node: Element) -> list[Flow]:
        """Return the ways on, returns to earlier steps left aside."""
        return [flow for flow in self.level.out_of(node.id) if flow.when != _RETURN]

    def _unmatched(self, split: Element, joins: "set[str] | None" = None) -> RefusedDiagram:
        others = ", ".join(f"`{each}`" for each in sorted(joins or ()) if each)
        return _refused(
            split,
            f"从这里分开的路没有在同一个网关汇合{f'：{others}' if others else ''}",
            f"the ways that part here do not meet at one gateway of the same kind{f': {others}' if others else ''}",
            label(
                zh="让所有分支汇合到一个同类网关", en="let all branches meet at one gateway of the same kind"
            ),
        )


def owner_of(node: Element) -> str | list[str]:
    """Return who a task belongs to, as written; empty where nothing is said, a list where it is several."""
    owner = node.first(BPMN, "potentialOwner")
    found = [] if owner is None else _people_in(owner.whole_text().strip())
    return found if len(found) > 1 else "".join(found)


def _people_in(said: str) -> list[str]:
    """Return the people of a list: parts between commas that stand in no brackets."""
    found, depth = [""], 0
    for letter in said:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [each.strip() for each in found]


def _index(flow: Flow, otherwise: int) -> int:
    """Return which branch a way leads into, as our extension says; the default, else the order of the file."""
    extension = flow.element.first(BPMN, "extensionElements")
    for child in extension.children if extension is not None else ():
        if child.name == "branch" and child.attributes.get("index", "").isdecimal():
            return int(child.attributes["index"])
    return otherwise if flow.is_default else 0


def _branch(flow: Flow, parts: list[Plain], otherwise: Plain) -> Plain:
    said = kept(flow.element, "branch")
    return {**(otherwise if said is None else said), "steps": parts}


def _mode(node: Element) -> Plain:
    """Return how people decide together, read from the loop of a task."""
    loop = node.first(BPMN, "multiInstanceLoopCharacteristics")
    if loop is None:
        return {"mode": "any"}
    enough = loop.first(BPMN, "completionCondition")
    said = "" if enough is None else enough.whole_text()
    veto: Plain = {} if "rejected >= 1" in said else {"veto": "false"}
    if loop.attributes.get("isSequential") == "true":
        return {"mode": "sequence", **veto}
    vote = _VOTE.search(said)
    if vote is not None:
        return {"mode": {"vote": f"{vote[1]} {_percent(vote[2])}%"}, **veto}
    return {"mode": "any" if "approved >= 1" in said else "all", **veto}


def _percent(share: str) -> str:
    return f"{(Decimal(share) * 100).normalize():f}"


def _refused(element: Element, zh: str, en: str, help_: Label | None = None) -> RefusedDiagram:
    return RefusedDiagram(
        [Finding(element=element.id, line=element.line, message=label(zh=zh, en=en), help=help_)]
    )
