"""How the people of a step decide together: any, all, one after the other, or by vote."""

import re
from decimal import Decimal

from orderkit.language.findings import ERROR, WARNING, Code
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.parts import approval as words
from orderkit.model.labels import label
from orderkit.model.people import HeadOf, ManagerOf, NamedPerson, NamedUser, Who
from orderkit.model.workflow.workflows import Mode

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

WRONG_VOTE = Code(
    "OK4210",
    "wrong-vote",
    ERROR,
    since="0.1",
    explain="""
    A vote says which share approves, with its operator and a percent sign: `>= 60%` or `> 50%`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone, mode: {vote: 60}}], approved: done, rejected: draft}}
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
    approvals: {check: {steps: [{id: one, approvers: everyone, mode: {vote: ">= 60%"}}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="投票要写明通过的比例，带运算符和百分号：`>= 60%` 或 `> 50%`。",
)
ONE_OF_ONE = Code(
    "OK4211",
    "one-of-one",
    WARNING,
    since="0.1",
    explain="""
    A step decides one after the other, or by vote, but only one person can be its approver.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: manager_of(owner), mode: sequence}], approved: done, rejected: draft}}
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
    approvals: {check: {steps: [{id: one, approvers: manager_of(owner)}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="步骤写了依次或投票，审批人却只会是一个人。",
)

_VOTE = re.compile(r"\s*(?P<operator>>=|>)\s*(?P<number>\d{1,3}(\.\d{1,4})?)\s*%\s*")


def read_mode(reading: Reading, node: Node | None) -> tuple[Mode, tuple[str, str] | None]:
    """Return the mode of a step, with operator and share of a vote; a wrong one is reported."""
    if node is None:
        return Mode.ANY, None
    if isinstance(node, ScalarNode) and node.text in ("any", "all", "sequence"):
        return Mode(node.text), None
    vote = node.get("vote") if isinstance(node, MappingNode) else None
    match = _VOTE.fullmatch(vote.text) if isinstance(vote, ScalarNode) else None
    if match is not None and 0 < Decimal(match["number"]) <= 100:
        return Mode.VOTE, (match["operator"], _ratio(match["number"]))
    if isinstance(vote, ScalarNode):
        reading.report(
            WRONG_VOTE,
            vote,
            label(zh=f"`{vote.text}` 不是通过的比例", en=f"`{vote.text}` is no share that approves"),
            label(zh='写成 `">= 60%"` 或 `"> 50%"`', en='write `">= 60%"` or `"> 50%"`'),
        )
        return Mode.ANY, None
    reading.report(
        WRONG_STEP,
        node,
        label(zh="没有这种会签方式", en="there is no such mode"),
        label(
            zh='写 `any`（或签）、`all`（会签）、`sequence`（依次）或 `{vote: ">= 60%"}`',
            en='write `any`, `all`, `sequence` or `{vote: ">= 60%"}`',
        ),
    )
    return Mode.ANY, None


def check_number(reading: Reading, written: Written, approvers: Who, mode: Mode) -> None:
    """Report one person who decides one after the other, or by vote."""
    if mode not in (Mode.SEQUENCE, Mode.VOTE) or not _is_one(approvers):
        return
    reading.report(
        ONE_OF_ONE,
        written.value_of(words.STEP_MODE),
        label(zh="这一步只有一位审批人", en="this step has only one approver"),
        label(zh="去掉 `mode`，或写多位审批人", en="leave out `mode`, or name several approvers"),
    )


def _is_one(who: Who) -> bool:
    """Whether it can never be more than one person."""
    match who:
        case NamedUser() | HeadOf():
            return True
        case NamedPerson(name=name):
            return name in ("owner", "submitter")
        case ManagerOf(who=inner, is_chain=is_chain):
            return not is_chain and _is_one(inner)
        case _:
            return False


def _ratio(percent: str) -> str:
    """Return a percentage as the text of an exact ratio: `60` becomes `0.6`."""
    return str((Decimal(percent) / 100).normalize())
