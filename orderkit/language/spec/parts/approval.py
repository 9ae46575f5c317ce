"""The words of an approval block of a workflow."""

from typing import Any

from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.parts.clock import CLOCK, MESSAGE, VIA
from orderkit.language.spec.readers import (
    AFTER_ACTION,
    DURATION,
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    TEXT,
    WHO,
    Deferred,
    ListOf,
    MapOf,
    OneOf,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

SIGNER_PLACES = ("before", "after", "parallel")
COPY_MOMENTS = (
    "started",
    "decided",
    "approved",
    "rejected",
    "returned",
    "withdrawn",
    "revoked",
    "terminated",
)

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
STEP_PARALLEL = Key(
    "parallel",
    Nested(lambda: PARALLEL),
    label(zh="并行分支", en="branches beside each other"),
    example="{join: all, branches: [{steps: [{id: a, approvers: role(a)}]}, {steps: [{id: b, approvers: role(b)}]}]}",
)
STEP_INCLUSIVE = Key(
    "inclusive",
    Nested(lambda: PARALLEL),
    label(zh="包容分支：条件成立的都走", en="branches beside each other, those whose `when` holds"),
    example="{branches: [{when: total > 1, steps: [{id: a, approvers: role(a)}]}, {default: true, steps: []}]}",
)
STEP_FOREACH = Key(
    "foreach",
    EXPRESSION,
    label(zh="逐行审批", en="once for each row of a collection, which the steps see as `item`"),
    example="lines",
)
STEP_WHERE = Key(
    "where", EXPRESSION, label(zh="哪些行", en="which rows, of a `foreach`"), example="item.qty > 0"
)
STEP_STEPS = Key(
    "steps",
    ListOf(Nested(lambda: STEP)),
    label(zh="每行的步骤", en="the steps of each row, of a `foreach`"),
    example="[{id: keeper, approvers: role(warehouse)}]",
)
STEP_JOIN = Key(
    "join",
    OneOf(("all", "any", "first")),
    label(zh="何时汇合", en="when the rows are done: all, any that is approved, or the first that ends"),
    default="all",
    example="any",
)
STEP_SIGN = Key("sign", FLAG, label(zh="需手写签名", en="whether an approver signs by hand"))
STEP_AFTER = Key(
    "after",
    ListOf(AFTER_ACTION, or_one=True),
    label(zh="步骤通过后的动作", en="what happens once the step is approved"),
    example="[{send: approved, to: owner}]",
    awaits_engine=True,
)
STEP_SLA = Key(
    "sla",
    Nested(CLOCK),
    label(zh="本步骤的时限", en="its own deadline"),
    example="{due: 8wh}",
)
STEP_MAY = Key(
    "may",
    Nested(lambda: MAY),
    label(zh="本步骤的审批人还可以", en="what its approvers may do besides"),
    example="{transfer: true}",
)
STEP_CHECKS: tuple[Key[Any], ...] = (
    STEP_ID,
    STEP_LABEL,
    STEP_WHEN,
    STEP_APPROVERS,
    STEP_MODE,
    STEP_VETO,
    STEP_FIELDS,
    STEP_SIGN,
    STEP_SLA,
    STEP_MAY,
    STEP_AFTER,
)
STEP_BLOCKS: tuple[Key[Any], ...] = (STEP_CHOOSE, STEP_PARALLEL, STEP_INCLUSIVE, STEP_FOREACH)
STEP_OF_LOOP: tuple[Key[Any], ...] = (STEP_WHERE, STEP_STEPS, STEP_JOIN)
STEP: Words = Words(name=label(zh="审批步骤", en="step"), keys=(*STEP_CHECKS, *STEP_BLOCKS, *STEP_OF_LOOP))

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

PARALLEL_JOIN = Key(
    "join",
    OneOf(("all", "any", "first")),
    label(zh="何时汇合", en="when it is done: all branches, any that is approved, or the first that ends"),
    default="all",
    example="any",
)
PARALLEL_BRANCHES = Key(
    "branches",
    ListOf(Deferred(shapes=(Nested(BRANCH),))),
    label(zh="分支", en="the branches"),
    required=True,
    example="[{steps: [{id: a, approvers: role(a)}]}, {steps: [{id: b, approvers: role(b)}]}]",
)
PARALLEL: Words = Words(name=label(zh="并行审批", en="parallel"), keys=(PARALLEL_JOIN, PARALLEL_BRANCHES))

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
ENDING_WITHIN = Key(
    "within", DURATION, label(zh="通过后多久内", en="how long after the approval"), example="31d"
)
ENDING_BY = Key("by", WHO, label(zh="谁可以", en="who may do it"), example="submitter")
ENDING = Words(
    name=label(zh="审批结果", en="ending"),
    keys=(ENDING_TO, ENDING_AFTER, ENDING_UNTIL, ENDING_KEEP, ENDING_WITHIN, ENDING_BY),
    shorthand=ENDING_TO,
)
# Words that only some endings have.
ENDINGS_WITH = {"until": ("withdrawn",), "within": ("revoked",), "by": ("revoked", "terminated")}

URGE_EVERY = Key(
    "every", DURATION, label(zh="最短间隔", en="how often at most"), required=True, example="2wh"
)
URGE = Words(name=label(zh="催办", en="urging"), keys=(URGE_EVERY,))
MAY_RETURN = Key(
    "return",
    Deferred(shapes=(FLAG, ONE_OR_MORE_NAMES)),
    label(zh="退回给谁", en="to whom they may return: `submitter`, `previous`, `any`, `step(x)`"),
    default="[submitter]",
    example="[submitter, step(lead)]",
)
MAY_RESUME = Key(
    "resume",
    OneOf(("restart", "direct", "ask")),
    label(
        zh="退回再提交后：全部重审、直接回到退回的步骤、由提交人选",
        en="after a return all steps again, straight back to the one that returned, or as the submitter says",
    ),
    default="restart",
    example="ask",
)
MAY_ADD = Key(
    "add_signer",
    Deferred(shapes=(FLAG, ListOf(OneOf(SIGNER_PLACES), or_one=True))),
    label(zh="加签：之前、之后、并行", en="add a signer, before, after or beside them"),
    default="false",
    example="[before, after]",
)
MAY_REMOVE = Key("remove_signer", FLAG, label(zh="减签", en="remove a signer that they added"))
MAY_TRANSFER = Key(
    "transfer",
    Deferred(Meaning.WHO, shapes=(FLAG,)),
    label(zh="转交（可限定给谁）", en="hand over, to anybody or to whom it names"),
    default="false",
    example="role(lead)",
)
MAY_DELEGATE = Key(
    "delegate",
    Deferred(Meaning.WHO, shapes=(FLAG,)),
    label(zh="委派：代为审阅后交回", en="let somebody look at it, who gives it back"),
    default="false",
    example="role(lead)",
)
MAY_URGE = Key(
    "urge",
    Deferred(shapes=(FLAG, Nested(URGE))),
    label(zh="催办", en="whether the submitter may urge them"),
    default="false",
    example="{every: 2wh}",
)
MAY_BULK = Key(
    "bulk",
    Whole(0, 500),
    label(zh="批量审批的最多条数", en="how many they may decide at once"),
    default="0",
    example="50",
)
MAY_COMMENT = Key("comment", FLAG, label(zh="评论、@人", en="comment without deciding"), default="true")
MAY_ATTACH = Key("attach", FLAG, label(zh="附上文件", en="attach files"))
MAY_COPY = Key("cc", FLAG, label(zh="另外抄送", en="send copies besides"))
MAY: Words = Words(
    name=label(zh="审批人还可以", en="leave of approvers"),
    keys=(
        MAY_RETURN,
        MAY_RESUME,
        MAY_ADD,
        MAY_REMOVE,
        MAY_TRANSFER,
        MAY_DELEGATE,
        MAY_URGE,
        MAY_BULK,
        MAY_COMMENT,
        MAY_ATTACH,
        MAY_COPY,
    ),
)

COPY_ON = Key(
    "on",
    OneOf(COPY_MOMENTS),
    label(zh="何时抄送", en="at which moment"),
    default="approved",
    example="started",
)
COPY_TO = Key("to", WHO, label(zh="抄送谁", en="who gets it"), required=True, example="role(warehouse)")
COPY = Words(name=label(zh="抄送", en="copy"), keys=(COPY_ON, COPY_TO, MESSAGE, VIA))

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 订单审批, en: Approval}"
)
PROTECTS = Key(
    "protects",
    NAMES,
    label(zh="受保护字段，批准之后不能再改", en="fields that nothing changes once the approval is given"),
    example="[total, customer]",
)
REAPPROVE = Key(
    "reapprove",
    FLAG,
    label(
        zh="改动受保护字段时不拒绝，而是重新审批",
        en="whether a change of them is not refused, but asks for the approval again",
    ),
)
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
REVOKED = Key(
    "revoked",
    Nested(ENDING),
    label(zh="通过后撤销", en="where it leads when an approval is taken back"),
    example="{to: quoted, within: 31d, by: submitter}",
)
TERMINATED = Key(
    "terminated",
    Nested(ENDING),
    label(zh="终止后", en="where it leads when somebody in charge ends it"),
    example="{to: cancelled, by: role(admin)}",
)
MAY_ = Key(
    "may",
    Nested(MAY),
    label(zh="审批人还可以", en="what approvers may do besides"),
    example="{transfer: true}",
)
SLA = Key(
    "sla",
    Nested(CLOCK),
    label(zh="每步的时限", en="the deadline of each step"),
    example="{due: 8wh, remind: [{before_due: 2wh}]}",
)
CC = Key(
    "cc",
    ListOf(Nested(COPY), or_one=True),
    label(zh="抄送", en="who gets copies"),
    example="[{on: approved, to: role(warehouse)}]",
)
ENDINGS = (APPROVED, REJECTED, RETURNED, WITHDRAWN, REVOKED, TERMINATED)
APPROVAL = Words(
    name=label(zh="审批", en="approval"),
    keys=(LABEL_, PROTECTS, REAPPROVE, *ENDINGS, STEPS, IF_EMPTY, MAY_, SLA, CC),
)
