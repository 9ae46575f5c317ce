"""A process as a workflow of the language: states, the ways between them, approvals, and timers.

Where our extension elements are there, they say what BPMN cannot; what the diagram itself says wins over
them, since it may have been changed since.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from orderkit.diagram.bpmn.elements import BPMN
from orderkit.diagram.importing.blocks import owner_of, steps_of
from orderkit.diagram.importing.moments import when_of
from orderkit.diagram.importing.names import id_from, without_prefix
from orderkit.diagram.importing.process import (
    ACTIONS,
    GATEWAYS,
    STEPS,
    Flow,
    Level,
    Plain,
    kept,
    kept_name,
    read_process,
)
from orderkit.diagram.importing.refusals import Finding, RefusedDiagram
from orderkit.diagram.importing.tree import Element
from orderkit.diagram.words import ENDINGS
from orderkit.model.labels import Label, label

_TRANSITION = re.compile(r"transition == '([a-z][a-z0-9_]*)'")
_OUTCOME = re.compile(r"outcome == '([a-z]+)'")
_PARTS = ("states", "transitions", "approvals", "timers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A workflow as plain data, and the ids of elements that it has no place for."""

    workflow: Plain
    left_out: tuple[str, ...]


def import_bpmn(data: bytes) -> Imported:
    """Return the workflow that a BPMN file describes. Raises RefusedDiagram with all that it cannot say."""
    return _Reader(read_process(data)).read()


@dataclass
class _Reader:
    level: Level
    states: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    written: dict[str, Plain] = field(default_factory=lambda: {part: {} for part in _PARTS})
    ways: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)

    def read(self) -> Imported:
        process = self.level.holder
        said = kept(process, "workflow") or {}
        self._name_states()
        initial = self._initial()
        for element_id, state in self.states.items():
            self._state(self.level.nodes[element_id], state)
        for element_id, state in self.states.items():
            self._leave(self.level.nodes[element_id], state)
        self._name_sources()
        for element_id, state in self.states.items():
            self._clocks(element_id, state)
        if self.findings:
            raise RefusedDiagram(self.findings)
        order = said.pop("order", {})
        unused = said.pop("approvals", {})
        if isinstance(unused, dict):
            self.written["approvals"] |= unused
        name = id_from(process.id, process.attributes.get("name", ""), (), otherwise="workflow")
        found: Plain = {
            "workflow": name,
            **({"label": process.attributes["name"]} if _is_named(process) and not said else {}),
        }
        found |= {"for": name, "state": "status"}
        found |= _labelled(said, process)
        found["initial"] = initial
        for part in _PARTS:
            if self.written[part] or part in {"states", "transitions"}:
                found[part] = _ordered(self.written[part], order, part)
        return Imported(workflow=found, left_out=tuple(self.left_out))

    def _name_states(self) -> None:
        tails = self._tails()
        for node in self.level.nodes.values():
            if node.name not in STEPS | {"subProcess", "endEvent"} or node.id in tails:
                continue
            own = kept_name(node, "state") or without_prefix(node.id, "s_")
            taken = set(self.states.values())
            self.states[node.id] = id_from(own, node.attributes.get("name", ""), taken, otherwise="state")

    def _tails(self) -> set[str]:
        """Return the ends behind what a clock does, which are no states."""
        found: set[str] = set()
        for clock in self.level.of_kind("boundaryEvent"):
            for flow in self.level.out_of(clock.id):
                node = self.level.nodes[flow.target]
                while node.name in ACTIONS and len(self.level.out_of(node.id)) == 1:
                    only = {each.source for each in self.level.into(node.id)} - found - {clock.id}
                    if only:
                        break
                    found.add(node.id)
                    node = self.level.nodes[self.level.out_of(node.id)[0].target]
                incoming = {each.source for each in self.level.into(node.id)}
                if node.name == "endEvent" and incoming and incoming <= found:
                    found.add(node.id)
        return {each for each in found if self.level.nodes[each].name == "endEvent"}

    def _initial(self) -> str:
        starts = self.level.of_kind("startEvent")
        flows = self.level.out_of(starts[0].id) if len(starts) == 1 else []
        if len(flows) != 1 or flows[0].target not in self.states:
            place = starts[-1] if starts else self.level.holder
            self._refuse(
                place,
                "流程要恰好有一个开始事件，直接指向第一个状态",
                "a process has exactly one start event, which leads straight to the first state",
            )
            return ""
        return self.states[flows[0].target]

    def _state(self, node: Element, state: str) -> None:
        said = kept(node, "state")
        found = _labelled(dict(said or {}), node)
        if said is None:
            found |= {"label": node.attributes["name"]} if _is_named(node) else {}
            if owner_of(node) and node.name in STEPS:
                found["holder"] = owner_of(node)
        if node.name == "endEvent":
            ends = any(each.name == "terminateEventDefinition" for each in node.children)
            found["final"] = "cancelled" if ends else "completed"
        if node.name == "subProcess":
            approval = kept_name(node, "approval") or f"{state}_approval"
            found["approval"] = approval
            self._approval(node, approval)
        self.written["states"][state] = found

    def _approval(self, node: Element, approval: str) -> None:
        steps = steps_of(self.level.inner[node.id], node.id)
        before = cast("Plain | None", self.written["approvals"].get(approval))
        said = kept(node, "approval")
        if before is None or said is not None:
            self.written["approvals"][approval] = {**(before or {}), **(said or {}), "steps": steps}

    def _leave(self, node: Element, state: str) -> None:
        flows = self.level.out_of(node.id)
        if node.name == "endEvent":
            return
        if len(flows) == 1 and self.level.nodes[flows[0].target].name in GATEWAYS:
            gateway = self.level.nodes[flows[0].target]
            if gateway.name != "exclusiveGateway":
                self._refuse(
                    gateway,
                    "状态之间只能有排他网关；并行写在审批里",
                    "between states stand exclusive gateways alone; what runs side by side belongs into an approval",
                )
                return
            flows = self.level.out_of(gateway.id)
        for flow in flows:
            target = self._end_of(flow)
            if target is None:
                continue
            self.ways[state, flow.target] = self._way(node, state, flow, target)
        if node.name == "subProcess":
            for ending in ("approved", "rejected"):
                if ending not in self._approval_of(state):
                    self._refuse(
                        node,
                        f"审批缺少出口：条件 `outcome == '{ending}'`",
                        f"the approval lacks a way out: the condition `outcome == '{ending}'`",
                    )

    def _end_of(self, flow: Flow) -> str | None:
        """Return the state that a way leads to, through what is done on it."""
        node, seen = self.level.nodes[flow.target], {flow.source}
        while node.name in ACTIONS and node.id not in seen:
            seen.add(node.id)
            flows = self.level.out_of(node.id)
            if len(flows) != 1:
                break
            node = self.level.nodes[flows[0].target]
        if node.id in self.states:
            return self.states[node.id]
        self._refuse(
            self.level.nodes[flow.target],
            "一条路要通到一个状态，路上只能有脚本和服务任务",
            "a way leads to a state, with nothing on it but script and service tasks",
        )
        return None

    def _way(self, node: Element, state: str, flow: Flow, target: str) -> str:
        """Note a way out of a state, as an ending of its approval or as a transition; return its id."""
        if node.name == "subProcess":
            outcome = _OUTCOME.fullmatch(flow.when)
            ending = kept_name(flow.element, "ending") or (outcome[1] if outcome else "")
            if (
                not ending
                and not kept_name(flow.element, "transition")
                and not _TRANSITION.fullmatch(flow.when)
            ):
                ending = without_prefix(flow.id, f"f_{state}.")
                ending = (
                    ending if ending in ENDINGS else "approved" if flow.is_default or not flow.when else ""
                )
            if ending in ENDINGS:
                self._ending(state, ending, target)
                return ""
        return self._transition(state, flow, target)

    def _ending(self, state: str, name: str, target: str) -> None:
        approval = self._approval_of(state)
        before = approval.get(name)
        if isinstance(before, dict):
            before["to"] = target
        elif before != target:
            approval[name] = {"to": target} if before is None else target

    def _transition(self, state: str, flow: Flow, target: str) -> str:
        transitions = self.written["transitions"]
        condition = _TRANSITION.fullmatch(flow.when)
        kept_as = kept_name(flow.element, "transition")
        own = kept_as or (condition[1] if condition else "") or without_prefix(flow.id, f"f_{state}.")
        said = kept(flow.element, "transition")
        before = cast("Plain | None", transitions.get(own))
        if before is not None and (kept_as or before["to"] == target):
            transitions[own] = {**before, **(said or {}), "to": target}
            self.sources[own].append(state)
            return own
        name = id_from(own, flow.name, transitions, otherwise="go")
        found: Plain = {**(said or {}), "to": target}
        if said is None and not kept_as:
            found |= {"label": flow.name} if flow.name else {}
            found["by"] = cast("Plain", self.written["states"][state]).get("holder", "owner")
        transitions[name] = found
        self.sources[name] = [state]
        return name

    def _name_sources(self) -> None:
        """Say where each transition begins, in the order in which it was written if it still begins there."""
        for name, states in self.sources.items():
            transition = cast("Plain", self.written["transitions"][name])
            before = transition.get("from")
            if {before} == set(states) if isinstance(before, str) else _same(before, states):
                continue
            transition["from"] = states[0] if len(states) == 1 else states

    def _clocks(self, element_id: str, state: str) -> None:
        for clock in self.level.clocks_on(element_id):
            # What takes something back is said by `undo`, where it is pressed.
            if clock.first(BPMN, "compensateEventDefinition") is not None:
                continue
            said = kept(clock, "timer")
            name = kept_name(clock, "timer") or without_prefix(clock.id, "t_")
            if said is not None:
                self.written["timers"][name] = {**said, "in": state}
                continue
            moment = when_of(clock)
            flows = self.level.out_of(clock.id)
            pressed = self.ways.get((state, flows[0].target), "") if len(flows) == 1 else ""
            if moment is None or not pressed:
                if not self._is_in_sla(state):
                    self.left_out.append(clock.id)
                continue
            timer_id = id_from(name, "", self.written["timers"], otherwise="timer")
            self.written["timers"][timer_id] = {"in": state, **moment, "do": [{"run": pressed}]}

    def _is_in_sla(self, state: str) -> bool:
        """Return whether the deadlines of an approval were written down with it."""
        is_approval = "approval" in cast("Plain", self.written["states"][state])
        return is_approval and "sla" in self._approval_of(state)

    def _approval_of(self, state: str) -> Plain:
        name = cast("Plain", self.written["states"][state])["approval"]
        return cast("Plain", self.written["approvals"][str(name)])

    def _refuse(self, element: Element, zh: str, en: str, help_: Label | None = None) -> None:
        self.findings.append(
            Finding(element=element.id, line=element.line, message=label(zh=zh, en=en), help=help_)
        )


def _is_named(element: Element) -> bool:
    return bool(element.attributes.get("name"))


def _labelled(said: Plain, element: Element) -> Plain:
    """Return what was said with the name that the diagram shows, unless it is one of its texts."""
    name, before = element.attributes.get("name", ""), said.get("label")
    texts = before.values() if isinstance(before, dict) else [before]
    if name and before is not None and name not in texts:
        return {**said, "label": name}
    return said


def _same(before: object, states: list[str]) -> bool:
    return isinstance(before, list) and set(before) == set(states)


def _ordered(parts: Plain, order: object, key: str) -> Plain:
    """Return parts in the order in which they were written; new ones follow."""
    before = order.get(key) if isinstance(order, Mapping) else None
    names: Iterable[str] = before if isinstance(before, list) else ()
    return {name: parts[name] for name in dict.fromkeys([*names, *parts]) if name in parts}
