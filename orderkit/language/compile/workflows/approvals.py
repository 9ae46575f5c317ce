"""Approval blocks: steps in order, and where each ending leads."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from orderkit.actions.action_type import Effect
from orderkit.language.compile.names.collecting import check_id
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import APPROVERS, IN_APPROVALS
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec import approval as words
from orderkit.language.spec.readers import plain
from orderkit.language.spec.words import MISSING_KEY, report_shape, report_unknown_key
from orderkit.model.labels import label
from orderkit.model.workflows import Approval, Branch, Choose, Ending, Mode, Step, StepOrChoose

NO_ENDING = Code(
    "OK4201",
    "approval-without-ending",
    ERROR,
    since="0.1",
    explain="""
    An approval does not say where approval or rejection leads.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="审批没有写明通过后或拒绝后到哪里。",
)
WRONG_STEP = Code(
    "OK4202",
    "wrong-step",
    ERROR,
    since="0.1",
    explain="""
    A step of an approval has no id or no approvers, an id stands twice, its mode is none of `any`, `all`,
    `sequence`, `{vote: ">= 60%"}`, or a `choose` has no branch `default` at its end.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone, mode: most}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone, mode: {vote: "> 50%"}}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh='审批步骤缺少标识或审批人，标识重复，方式不是 `any`、`all`、`sequence`、`{vote: ">= 60%"}` 之一，或 `choose` 最后没有 `default` 分支。',
)

_VOTE = re.compile(r"\s*(?P<operator>>=|>)\s*(?P<number>\d{1,3}(\.\d{1,4})?)\s*%\s*")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The workflow an approval stands in."""

    form: FormShape
    states: Mapping[str, Written]
    transitions: Mapping[str, Written]
    known: Mapping[str, frozenset[str]]


def lower_approval(
    lowering: Lowering, key: ScalarNode, written: Written, around: Surroundings
) -> Approval | None:
    """Return an approval, or None where an ending is missing."""
    return _Approval(lowering, key, around).lower(written)


class _Approval:
    def __init__(self, lowering: Lowering, key: ScalarNode, around: Surroundings) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.key = key
        self.form = around.form
        self.states = around.states
        self.transitions = around.transitions
        self.scope = lowering.places.workflow(around.form.id)
        self.certain_scope = replace(self.scope, known=around.known.get(key.text, frozenset()))
        self.step_nodes: dict[str, ScalarNode] = {}

    def lower(self, written: Written) -> Approval | None:
        """Return the approval as far as it is right."""
        if written.is_broken:
            return None
        steps = self._steps(written[words.STEPS] or ())
        for ending in (words.APPROVED, words.REJECTED):
            if ending not in written:
                self.reading.report(
                    NO_ENDING,
                    self.key,
                    label(
                        zh=f"审批 `{self.key.text}` 没有写 `{ending.name}`",
                        en=f"the approval `{self.key.text}` has no `{ending.name}`",
                    ),
                    label(zh=f"加上 `{ending.name}: {{to: 状态}}`", en=f"add `{ending.name}: {{to: state}}`"),
                )
        approved, rejected = self._ending(written, words.APPROVED), self._ending(written, words.REJECTED)
        returned, withdrawn = self._ending(written, words.RETURNED), self._ending(written, words.WITHDRAWN)
        may = self._may(written[words.MAY])
        protects = self.lowering.field_paths(self.form, written[words.PROTECTS])
        if approved is None or rejected is None:
            return None
        return Approval(
            id=self.key.text,
            steps=steps,
            approved=approved,
            rejected=rejected,
            returned=returned,
            withdrawn=withdrawn,
            protects=protects,
            reapprove=written.flag(words.REAPPROVE),
            if_empty=written[words.IF_EMPTY] or "approve",
            may=may,
        )

    def _ending(self, written: Written, key: Key[Written]) -> Ending | None:
        ending = written[key]
        target = None if ending is None else ending[words.ENDING_TO]
        if ending is None or target is None:
            return None
        place = ActionPlace(self.form, self.scope, Effect.AFTER_COMMIT, self.transitions, IN_APPROVALS)
        after = lower_actions(self.lowering, ending[words.ENDING_AFTER], place)
        if target.text not in self.states:
            report_unknown(self.reading, target, "state", self.states)
            return None
        until = ending[words.ENDING_UNTIL]
        if until is not None and key is not words.WITHDRAWN:
            report_unknown_key(
                self.reading,
                ending.key_of(words.ENDING_UNTIL),
                [name for name in words.ENDING.by_name if name != "until"],
                label(zh=f"`{key.name}`", en=f"ending `{key.name}`"),
            )
            until = None
        return Ending(target=target.text, after=after, until=until, keep=ending.flag(words.ENDING_KEEP))

    def _steps(self, steps: Iterable[Written]) -> tuple[StepOrChoose, ...]:
        lowered = (self._choose(step) if words.STEP_CHOOSE in step else self._step(step) for step in steps)
        return tuple(step for step in lowered if step is not None)

    def _step(self, written: Written) -> Step | None:
        id_node = written[words.STEP_ID]
        for key in (words.STEP_ID, words.STEP_APPROVERS):
            if key not in written and not written.is_broken:
                words.STEP.report_missing(key.name, written.node, self.reading)
        approvers = self.lowering.people.read(written[words.STEP_APPROVERS], self.scope, APPROVERS)
        when = self.lowering.checking.certain(written[words.STEP_WHEN], self.certain_scope)
        mode, vote = self._mode(written[words.STEP_MODE])
        fields = tuple(
            (key.text, right)
            for key, right in written[words.STEP_FIELDS] or ()
            if self.lowering.compilation.path(self.form, key) is not None
        )
        if id_node is None or approvers is None or not check_id(id_node, self.reading):
            return None
        first = self.step_nodes.setdefault(id_node.text, id_node)
        if first is not id_node:
            self.reading.report(
                WRONG_STEP,
                id_node,
                label(zh=f"步骤 `{id_node.text}` 重复", en=f"the step `{id_node.text}` stands twice"),
                label(zh="换一个标识", en="choose another id"),
                notes=(Note(text=label(zh="第一次在这里", en="it stands here first"), span=first.span),),
            )
        return Step(
            id=id_node.text,
            label=written[words.STEP_LABEL] or readable(id_node.text),
            approvers=approvers,
            when=when,
            mode=mode,
            vote=vote,
            veto=True if words.STEP_VETO not in written else written.flag(words.STEP_VETO),
            fields=fields,
        )

    def _mode(self, node: Node | None) -> tuple[Mode, tuple[str, str] | None]:
        if node is None:
            return Mode.ANY, None
        if isinstance(node, ScalarNode) and node.text in ("any", "all", "sequence"):
            return Mode(node.text), None
        vote = node.get("vote") if isinstance(node, MappingNode) else None
        match = _VOTE.fullmatch(vote.text) if isinstance(vote, ScalarNode) else None
        if match is not None and Decimal(match["number"]) <= 100:
            return Mode.VOTE, (match["operator"], _ratio(match["number"]))
        self.reading.report(
            WRONG_STEP,
            vote if vote is not None else node,
            label(zh="没有这种会签方式", en="there is no such mode"),
            label(
                zh='写 `any`（或签）、`all`（会签）、`sequence`（依次）或 `{vote: ">= 60%"}`',
                en='write `any`, `all`, `sequence` or `{vote: ">= 60%"}`',
            ),
        )
        return Mode.ANY, None

    def _choose(self, written: Written) -> Choose | None:
        for key in words.STEP.keys:
            if key is not words.STEP_CHOOSE and key in written:
                report_unknown_key(
                    self.reading, written.key_of(key), ["choose"], label(zh="分支", en="choose")
                )
        branches = []
        nodes = written[words.STEP_CHOOSE] or ()
        for node in nodes:
            read = words.BRANCH.read(node, self.reading)
            if read.is_broken:
                continue
            when = self.lowering.checking.certain(read[words.BRANCH_WHEN], self.certain_scope)
            is_default = read.flag(words.BRANCH_DEFAULT)
            if is_default == (words.BRANCH_WHEN in read):
                self._report_branch(read)
            branches.append(
                (is_default, Branch(when=when, steps=self._steps(read[words.BRANCH_STEPS] or ())))
            )
        defaults = [index for index, (is_default, _) in enumerate(branches) if is_default]
        if len(branches) == len(nodes) and defaults != [len(branches) - 1]:
            self.reading.report(
                WRONG_STEP,
                written.key_of(words.STEP_CHOOSE),
                label(zh="最后一个分支必须是 `default: true`", en="the last branch must be `default: true`"),
                label(zh="加上 `{default: true, steps: []}`", en="add `{default: true, steps: []}`"),
            )
        return Choose(branches=tuple(branch for _, branch in branches)) if branches else None

    def _report_branch(self, written: Written) -> None:
        self.reading.report(
            MISSING_KEY,
            written.node.entries[0][0] if written.node.entries else written.node,
            label(
                zh="分支要么有 `when`，要么是 `default: true`",
                en="a branch has a `when`, or is `default: true`",
            ),
        )

    def _may(self, node: Node | None) -> dict[str, object]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            report_shape(self.reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
            return {}
        found = {}
        for key, value in node.entries:
            if key.text not in words.MAY_WORDS:
                report_unknown_key(self.reading, key, words.MAY_WORDS, label(zh="`may`", en="`may`"))
                continue
            found[key.text] = _frozen(plain(value))
        return found


def _frozen(value: object) -> object:
    """Return what approvers may do, with flags as flags."""
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return value == "true" if value in ("true", "false") else value


def _ratio(percent: str) -> str:
    """Return a percentage as the text of an exact ratio: `60` becomes `0.6`."""
    return str((Decimal(percent) / 100).normalize())
