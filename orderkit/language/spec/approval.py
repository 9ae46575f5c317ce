"""The words of an approval block of a workflow."""

from orderkit.language.spec.readers import (
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    NODE,
    WHO,
    ListOf,
    MapOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

STEP_ID = Key("id", NAME, label(zh="标识", en="its id"))
STEP_LABEL = Key("label", LABEL, label(zh="名称", en="what people call it"))
STEP_WHEN = Key("when", EXPRESSION, label(zh="条件", en="skipped unless this holds"))
STEP_APPROVERS = Key("approvers", WHO, label(zh="审批人", en="who decides"))
STEP_MODE = Key("mode", NODE, label(zh="会签、或签、依次、投票", en="how they decide together"))
STEP_VETO = Key("veto", FLAG, label(zh="一票否决", en="whether one rejection rejects"))
STEP_FIELDS = Key(
    "fields", MapOf(OneOf(("read", "edit"))), label(zh="字段权限", en="fields opened for the approver")
)
STEP_CHOOSE = Key("choose", ListOf(NODE), label(zh="分支", en="ordered branches"))
STEP = Words(
    name=label(zh="审批步骤", en="step"),
    keys=(STEP_ID, STEP_LABEL, STEP_WHEN, STEP_APPROVERS, STEP_MODE, STEP_VETO, STEP_FIELDS, STEP_CHOOSE),
    later=("sla", "parallel", "after", "auto"),
)

BRANCH_WHEN = Key("when", EXPRESSION, label(zh="条件", en="taken if this holds"))
BRANCH_DEFAULT = Key("default", FLAG, label(zh="其余情况", en="taken otherwise"))
BRANCH_STEPS = Key("steps", ListOf(Nested(STEP)), label(zh="步骤", en="its steps"), required=True)
BRANCH = Words(name=label(zh="分支", en="branch"), keys=(BRANCH_WHEN, BRANCH_DEFAULT, BRANCH_STEPS))

ENDING_TO = Key("to", NAME, label(zh="到哪个状态", en="where it leads"), required=True)
ENDING_AFTER = Key("after", ListOf(NODE, or_one=True), label(zh="之后的动作", en="what happens after it"))
ENDING_UNTIL = Key(
    "until", OneOf(("first_decision", "approved", "never")), label(zh="可撤回到何时", en="until when")
)
ENDING_KEEP = Key("keep", FLAG, label(zh="不撤销已做的动作", en="whether what was done stays"))
ENDING = Words(
    name=label(zh="审批结果", en="ending"),
    keys=(ENDING_TO, ENDING_AFTER, ENDING_UNTIL, ENDING_KEEP),
    shorthand=ENDING_TO,
)

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))
PROTECTS = Key("protects", NAMES, label(zh="受保护字段", en="fields whose change voids the approval"))
REAPPROVE = Key("reapprove", FLAG, label(zh="改后重新审批", en="whether such a change asks again"))
APPROVED = Key("approved", Nested(ENDING), label(zh="通过后", en="where approval leads"))
REJECTED = Key("rejected", Nested(ENDING), label(zh="拒绝后", en="where rejection leads"))
RETURNED = Key("returned", Nested(ENDING), label(zh="退回后", en="where a return leads"))
WITHDRAWN = Key("withdrawn", Nested(ENDING), label(zh="撤回后", en="where a withdrawal leads"))
STEPS = Key("steps", ListOf(Nested(STEP)), label(zh="步骤", en="the steps in order"), required=True)
IF_EMPTY = Key(
    "if_empty", OneOf(("approve", "reject")), label(zh="没有任何步骤时", en="when every step is skipped")
)
MAY = Key("may", NODE, label(zh="审批人还可以", en="what approvers may do besides"))
APPROVAL = Words(
    name=label(zh="审批", en="approval"),
    keys=(LABEL_, PROTECTS, REAPPROVE, APPROVED, REJECTED, RETURNED, WITHDRAWN, STEPS, IF_EMPTY, MAY),
    later=("sla", "cc", "revoke"),
)
MAY_WORDS = ("return", "resume", "add_signer", "transfer", "delegate", "urge", "bulk")
