"""The words of an approval block of a workflow."""

from orderkit.language.spec.readers import (
    AFTER_ACTION,
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    NODE,
    TEXT,
    WHO,
    Deferred,
    ListOf,
    MapOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

VOTE_SHARE = Key(
    "vote", TEXT, label(zh="通过所需的比例", en="the share that approves"), required=True, example='">= 60%"'
)
VOTE = Words(name=label(zh="投票", en="vote"), keys=(VOTE_SHARE,))

STEP_ID = Key("id", NAME, label(zh="标识", en="its id"), example="lead")
STEP_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 主管审批, en: Lead}"
)
STEP_WHEN = Key("when", EXPRESSION, label(zh="条件", en="skipped unless this holds"), example="total > 50000")
STEP_APPROVERS = Key("approvers", WHO, label(zh="审批人", en="who decides"), example="manager_of(submitter)")
STEP_MODE = Key(
    "mode",
    Deferred(shapes=(OneOf(("any", "all", "sequence")), Nested(VOTE))),
    label(zh="会签、或签、依次、投票", en="how they decide together"),
    default="any",
    example="all",
)
STEP_VETO = Key(
    "veto", FLAG, label(zh="一票否决", en="whether one rejection rejects"), default="true", example="false"
)
STEP_FIELDS = Key(
    "fields",
    MapOf(OneOf(("read", "edit"))),
    label(zh="字段权限", en="fields opened for the approver"),
    example="{discount: edit}",
)
STEP_CHOOSE = Key(
    "choose",
    ListOf(Deferred(shapes=(Nested(lambda: BRANCH),))),
    label(zh="分支", en="ordered branches"),
    example="[{when: total > 50000, steps: [{id: big, approvers: role(director)}]}, {default: true, steps: []}]",
)
STEP = Words(
    name=label(zh="审批步骤", en="step"),
    keys=(STEP_ID, STEP_LABEL, STEP_WHEN, STEP_APPROVERS, STEP_MODE, STEP_VETO, STEP_FIELDS, STEP_CHOOSE),
    later=("sla", "parallel", "after", "auto"),
)

BRANCH_WHEN = Key("when", EXPRESSION, label(zh="条件", en="taken if this holds"), example="total > 50000")
BRANCH_DEFAULT = Key("default", FLAG, label(zh="其余情况", en="taken otherwise"))
BRANCH_STEPS = Key(
    "steps",
    ListOf(Nested(STEP)),
    label(zh="步骤", en="its steps"),
    required=True,
    example="[{id: director, approvers: role(director)}]",
)
BRANCH: Words = Words(name=label(zh="分支", en="branch"), keys=(BRANCH_WHEN, BRANCH_DEFAULT, BRANCH_STEPS))

ENDING_TO = Key("to", NAME, label(zh="到哪个状态", en="where it leads"), required=True, example="confirmed")
ENDING_AFTER = Key(
    "after",
    ListOf(AFTER_ACTION, or_one=True),
    label(zh="之后的动作", en="what happens after it"),
    example="[{send: approved, to: owner}]",
)
ENDING_UNTIL = Key(
    "until",
    OneOf(("first_decision", "approved", "never")),
    label(zh="可撤回到何时", en="until when"),
    default="approved",
    example="first_decision",
)
ENDING_KEEP = Key("keep", FLAG, label(zh="不撤销已做的动作", en="whether what was done stays"))
ENDING = Words(
    name=label(zh="审批结果", en="ending"),
    keys=(ENDING_TO, ENDING_AFTER, ENDING_UNTIL, ENDING_KEEP),
    shorthand=ENDING_TO,
)

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 订单审批, en: Approval}"
)
PROTECTS = Key(
    "protects",
    NAMES,
    label(zh="受保护字段", en="fields whose change voids the approval"),
    example="[total, customer]",
)
REAPPROVE = Key("reapprove", FLAG, label(zh="改后重新审批", en="whether such a change asks again"))
APPROVED = Key("approved", Nested(ENDING), label(zh="通过后", en="where approval leads"), example="planning")
REJECTED = Key(
    "rejected",
    Nested(ENDING),
    label(zh="拒绝后", en="where rejection leads"),
    example="{to: quoted, after: [{send: rejected, to: owner}]}",
)
RETURNED = Key("returned", Nested(ENDING), label(zh="退回后", en="where a return leads"), example="quoted")
WITHDRAWN = Key(
    "withdrawn",
    Nested(ENDING),
    label(zh="撤回后", en="where a withdrawal leads"),
    example="{to: quoted, until: first_decision}",
)
STEPS = Key(
    "steps",
    ListOf(Nested(STEP)),
    label(zh="步骤", en="the steps in order"),
    required=True,
    example="[{id: lead, approvers: manager_of(submitter)}]",
)
IF_EMPTY = Key(
    "if_empty",
    OneOf(("approve", "reject")),
    label(zh="没有任何步骤时", en="when every step is skipped"),
    default="approve",
    example="reject",
)
MAY = Key(
    "may",
    Deferred(shapes=(MapOf(NODE),)),
    label(zh="审批人还可以", en="what approvers may do besides"),
    example="{transfer: true}",
)
APPROVAL = Words(
    name=label(zh="审批", en="approval"),
    keys=(LABEL_, PROTECTS, REAPPROVE, APPROVED, REJECTED, RETURNED, WITHDRAWN, STEPS, IF_EMPTY, MAY),
    later=("sla", "cc", "revoke"),
)
MAY_WORDS = ("return", "resume", "add_signer", "transfer", "delegate", "urge", "bulk")
