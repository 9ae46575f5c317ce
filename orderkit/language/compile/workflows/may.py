"""What approvers may do besides deciding: return, transfer, add a signer and the like."""

import re
from collections.abc import Mapping

from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import IN_APPROVALS
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.parts import approval as words
from orderkit.language.spec.readers import FLAG, ONE_OR_MORE_NAMES, ListOf, OneOf
from orderkit.model.labels import label
from orderkit.model.people import Who
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.workflows import May, ReturnTarget

RESUME_ALONE = Code(
    "OK4220",
    "resume-without-return",
    ERROR,
    since="0.1",
    explain="""
    `resume` says where it goes on after a return, but approvers may not return.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], may: {return: false, resume: direct}, approved: done, rejected: draft}}
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
    approvals: {check: {steps: [{id: one, approvers: everyone}], returned: draft, may: {return: [submitter], resume: direct}, approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="`resume` 说的是退回之后从哪里继续，可审批人不能退回。",
)
WRONG_RETURN = Code(
    "OK4221",
    "wrong-return",
    ERROR,
    since="0.1",
    explain="""
    `return` names to whom approvers may return: `submitter`, `previous`, `any`, or a step as `step(lead)`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: everyone}], returned: draft, may: {return: [owner]}, approved: done, rejected: draft}}
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
    approvals: {check: {steps: [{id: one, approvers: everyone}], returned: draft, may: {return: [submitter]}, approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    ~~~""",
    zh="`return` 写明可以退回给谁：`submitter`、`previous`、`any`，或某一步 `step(lead)`。",
)

_TARGETS = ("submitter", "previous", "any")
_STEP = re.compile(r"step\(\s*(?P<id>\w+)\s*\)")


def read_may(
    lowering: Lowering, written: Written | None, scope: Scope, steps: Mapping[str, ScalarNode]
) -> May | None:
    """Return what approvers may do, or None where nothing is said of it."""
    if written is None or written.is_broken:
        return None
    returns = _returns(lowering, written, steps)
    if words.MAY_RESUME in written and not returns:
        lowering.reading.report(
            RESUME_ALONE,
            written.key_of(words.MAY_RESUME),
            label(zh="不能退回，`resume` 就没有意义", en="without a return, `resume` means nothing"),
            label(zh="加上 `return: [submitter]`", en="add `return: [submitter]`"),
        )
    transfer, transfer_to = _people(lowering, written, words.MAY_TRANSFER, scope)
    delegate, delegate_to = _people(lowering, written, words.MAY_DELEGATE, scope)
    urge, urge_every = _urge(lowering, written)
    return May(
        returns=returns,
        resume=written[words.MAY_RESUME] or "restart",
        add_signer=_signers(lowering, written),
        remove_signer=written.flag(words.MAY_REMOVE),
        transfer=transfer,
        transfer_to=transfer_to,
        delegate=delegate,
        delegate_to=delegate_to,
        urge=urge,
        urge_every=urge_every,
        bulk=written[words.MAY_BULK] or 0,
        comment=words.MAY_COMMENT not in written or written.flag(words.MAY_COMMENT),
        attach=written.flag(words.MAY_ATTACH),
        copy=written.flag(words.MAY_COPY),
    )


def _returns(
    lowering: Lowering, written: Written, steps: Mapping[str, ScalarNode]
) -> tuple[ReturnTarget, ...]:
    default = May().returns
    if words.MAY_RETURN not in written:
        return default
    node = written.value_of(words.MAY_RETURN)
    if _is_flag(node):
        return default if FLAG.read(node, lowering.reading) else ()
    found = []
    for name in ONE_OR_MORE_NAMES.read(node, lowering.reading) or ():
        match = _STEP.fullmatch(name.text.strip())
        if match is not None and match["id"] not in steps:
            place = name.part(match.start("id"), match.end("id"))
            report_unknown(lowering.reading, place, "step", steps, name=match["id"])
        elif match is not None:
            found.append(ReturnTarget(kind="step", step=match["id"]))
        elif name.text in _TARGETS:
            found.append(ReturnTarget(kind=name.text))
        else:
            lowering.reading.report(
                WRONG_RETURN,
                name,
                label(zh=f"不能退回给 `{name.text}`", en=f"nothing can be returned to `{name.text}`"),
                did_you_mean(name.text, (*_TARGETS, *(f"step({step})" for step in steps))),
            )
    return tuple(found)


def _people(lowering: Lowering, written: Written, key: Key[Node], scope: Scope) -> tuple[bool, Who | None]:
    """Return whether something may be done, and with whom; None is anybody."""
    node = written[key]
    if node is None:
        return False, None
    if _is_flag(node):
        return FLAG.read(node, lowering.reading) is True, None
    who = lowering.people.read(node, scope, IN_APPROVALS)
    return who is not None, who


def _signers(lowering: Lowering, written: Written) -> tuple[str, ...]:
    node = written[words.MAY_ADD]
    if node is None:
        return ()
    if _is_flag(node):
        return words.SIGNER_PLACES if FLAG.read(node, lowering.reading) else ()
    places = ListOf(OneOf(words.SIGNER_PLACES), or_one=True).read(node, lowering.reading)
    return tuple(dict.fromkeys(places or ()))


def _urge(lowering: Lowering, written: Written) -> tuple[bool, TimeSpan | None]:
    node = written[words.MAY_URGE]
    if node is None:
        return False, None
    if not isinstance(node, MappingNode):
        return FLAG.read(node, lowering.reading) is True, None
    return True, words.URGE.read(node, lowering.reading)[words.URGE_EVERY]


def _is_flag(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.text in ("true", "false")
