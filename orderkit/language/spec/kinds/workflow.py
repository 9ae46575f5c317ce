"""The words of `workflow`: states and transitions. Approvals have their own module."""

from orderkit.language.spec.kinds.form import CHECK
from orderkit.language.spec.parts import field
from orderkit.language.spec.parts.approval import APPROVAL
from orderkit.language.spec.parts.clock import STATE_CLOCK, TIMER
from orderkit.language.spec.readers import (
    AFTER_ACTION,
    DO_ACTION,
    DURATION,
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    WHO,
    Deferred,
    ListOf,
    MapOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

COLORS = (
    "blue",
    "azure",
    "indigo",
    "purple",
    "pink",
    "red",
    "orange",
    "yellow",
    "lime",
    "green",
    "teal",
    "cyan",
    "gray",
)

STATE_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 审批中, en: In review}"
)
STATE_HOLDER = Key("holder", WHO, label(zh="当前负责人", en="who has to act"), example="role(planner)")
STATE_CLAIM = Key("claim", FLAG, label(zh="需要领取", en="whether one of them claims it first"))
STATE_EDIT = Key(
    "edit",
    Deferred(
        shapes=(
            Nested(lambda: EDIT),
            MapOf(NAMES),
            ListOf(Deferred(shapes=(NAME, Nested(lambda: EDIT), MapOf(NAMES)))),
        )
    ),
    label(zh="此状态可改的字段", en="what may be written in this state"),
    example="[remark]",
)
STATE_APPROVAL = Key(
    "approval", NAME, label(zh="审批", en="the approval that runs here"), example="order_review"
)
STATE_FINAL = Key(
    "final",
    OneOf(("completed", "cancelled")),
    label(zh="终态", en="how it ends the life"),
    example="completed",
)
STATE_COLOR = Key(
    "color",
    OneOf(COLORS),
    label(zh="颜色", en="its colour in lists and boards"),
    example="green",
)
REOPEN_TO = Key("to", NAME, label(zh="回到哪个状态", en="where it goes"), required=True, example="draft")
REOPEN_BY = Key("by", WHO, label(zh="谁可以", en="who may do it"), example="role(admin)")
REOPEN_WITHIN = Key("within", DURATION, label(zh="多久之内", en="how long after its end"), example="30d")
REOPEN = Words(
    name=label(zh="重新打开", en="reopening"),
    keys=(REOPEN_TO, REOPEN_BY, REOPEN_WITHIN),
    shorthand=REOPEN_TO,
)
STATE_REOPEN = Key(
    "reopen",
    Nested(REOPEN),
    label(zh="可重新打开", en="how a final state is left again"),
    example="{to: draft, by: role(admin), within: 30d}",
)
STATE = Words(
    name=label(zh="状态", en="state"),
    keys=(
        STATE_LABEL,
        STATE_HOLDER,
        STATE_CLAIM,
        STATE_EDIT,
        STATE_APPROVAL,
        STATE_FINAL,
        STATE_COLOR,
        STATE_REOPEN,
    ),
)

EDIT_WHO = Key("who", WHO, label(zh="谁", en="who may write them"), example="role(planner)")
EDIT_FIELDS = Key(
    "fields", NAMES, label(zh="字段", en="the fields"), required=True, example="[plan_start, plan_end]"
)
EDIT: Words = Words(name=label(zh="可改的字段", en="edit grant"), keys=(EDIT_WHO, EDIT_FIELDS))

ASK_FIELD = Key(
    "field",
    NAME,
    label(zh="字段", en="the field, or the name of the answer"),
    required=True,
    example="tracking_no",
)
ASK_REQUIRED = Key("required", FLAG, label(zh="必填", en="whether it must be answered"))
ASK = Words(
    name=label(zh="要填的字段", en="asked field"), keys=(ASK_FIELD, ASK_REQUIRED), shorthand=ASK_FIELD
)
ASK_OWN = Words(
    name=label(zh="要填的内容", en="asked answer"),
    keys=(ASK_FIELD, *(key for key in field.FIELD.keys if key is not field.FIELDS)),
    takes_more=True,
)

TRANSITION_LABEL = Key(
    "label", LABEL, label(zh="名称", en="the text of the button"), example="{zh: 发货, en: Ship}"
)
TRANSITION_FROM = Key(
    "from",
    ONE_OR_MORE_NAMES,
    label(zh="从哪些状态", en="where it may begin"),
    required=True,
    example="[ready, producing]",
)
TRANSITION_TO = Key("to", NAME, label(zh="到哪个状态", en="where it leads"), required=True, example="shipped")
TRANSITION_BY = Key(
    "by", WHO, label(zh="谁可以操作", en="who may press it"), required=True, example="role(warehouse)"
)
TRANSITION_GUARD = Key(
    "guard",
    ListOf(Nested(CHECK), or_one=True),
    label(zh="前提", en="what must hold"),
    example="[{that: balance == 0, error: 还有未回款}]",
)
TRANSITION_REQUIRE = Key(
    "require", NAMES, label(zh="必填字段", en="fields that must be filled"), example="[need_by]"
)
TRANSITION_ASK = Key(
    "ask",
    ListOf(Deferred(shapes=(Nested(ASK), Nested(ASK_OWN)))),
    label(zh="操作时要填的", en="what pressing it asks for"),
    example="[tracking_no, {field: reason, type: text, required: true}]",
)
TRANSITION_DO = Key(
    "do",
    ListOf(DO_ACTION, or_one=True),
    label(zh="同一事务中的动作", en="what happens with it, or not at all"),
    example="[{set: {shipped_on: =today()}}]",
)
TRANSITION_AFTER = Key(
    "after",
    ListOf(AFTER_ACTION, or_one=True),
    label(zh="提交后的动作", en="what happens after it"),
    example="[{send: shipped, to: owner}]",
)
TRANSITION_AUTO = Key("auto", FLAG, label(zh="自动", en="whether it happens as soon as its guard holds"))
TRANSITION_WHEN = Key(
    "when",
    EXPRESSION,
    label(zh="何时出现", en="there is no such button unless this holds"),
    example="kind == 'custom'",
)
TRANSITION_CONFIRM = Key(
    "confirm",
    LABEL,
    label(zh="操作前的确认", en="what is asked before it happens"),
    example="{zh: 确定取消吗？, en: Really cancel?}",
    awaits_engine=True,
)
REVOKE_WITHIN = Key("within", DURATION, label(zh="多久之内", en="for how long"), example="2h")
REVOKE_BY = Key("by", WHO, label(zh="谁可以", en="who may; else who pressed it"), example="submitter")
REVOKE_KEEP = Key("keep", FLAG, label(zh="不撤销已做的动作", en="whether what was done stays"))
REVOKE = Words(name=label(zh="撤回流转", en="revocation"), keys=(REVOKE_WITHIN, REVOKE_BY, REVOKE_KEEP))
TRANSITION_REVOKE = Key(
    "revoke",
    Nested(REVOKE),
    label(zh="可撤回", en="how it may be taken back"),
    example="{within: 2h, by: submitter}",
)
TRANSITION = Words(
    name=label(zh="流转", en="transition"),
    keys=(
        TRANSITION_LABEL,
        TRANSITION_FROM,
        TRANSITION_TO,
        TRANSITION_BY,
        TRANSITION_GUARD,
        TRANSITION_REQUIRE,
        TRANSITION_ASK,
        TRANSITION_DO,
        TRANSITION_AFTER,
        TRANSITION_AUTO,
        TRANSITION_WHEN,
        TRANSITION_CONFIRM,
        TRANSITION_REVOKE,
    ),
)

NOBODY_ASSIGN = Key(
    "assign", WHO, label(zh="交给谁", en="who decides then"), required=True, example="role(admin)"
)
NOBODY = Words(name=label(zh="没有审批人时", en="assignment"), keys=(NOBODY_ASSIGN,))

POLICY_SELF = Key(
    "self_approval",
    OneOf(("allow", "skip", "to_manager", "forbid")),
    label(zh="审批人是自己时", en="when a person would approve their own"),
    default="to_manager",
    example="forbid",
)
POLICY_DUPLICATE = Key(
    "duplicate_approver",
    OneOf(("none", "consecutive", "once")),
    label(zh="审批人重复时", en="when a person would decide twice"),
    default="consecutive",
    example="once",
)
POLICY_NOBODY = Key(
    "no_approver",
    Deferred(shapes=(Nested(NOBODY),)),
    label(zh="没有审批人时", en="when nobody is found"),
    default="{assign: role(admin)}",
    example="{assign: role(director)}",
)
POLICY_COMMENT = Key(
    "comment_on",
    ListOf(OneOf(("approve", "reject", "return"))),
    label(zh="必须写意见的操作", en="which need a comment"),
    default="[reject, return]",
    example="[reject]",
)
POLICY_LEAVER = Key(
    "leaver",
    WHO,
    label(zh="审批人离职后，待办交给谁", en="who gets the tasks of an approver who leaves"),
    default="manager_of(approver)",
    example="role(admin)",
)
POLICY_SUBSTITUTION = Key(
    "substitution",
    OneOf(("allow", "forbid")),
    label(zh="按日期代理", en="whether people may name a dated substitute"),
    default="allow",
    example="forbid",
)
POLICY = Words(
    name=label(zh="审批规则", en="policy"),
    keys=(
        POLICY_SELF,
        POLICY_DUPLICATE,
        POLICY_NOBODY,
        POLICY_COMMENT,
        POLICY_LEAVER,
        POLICY_SUBSTITUTION,
    ),
)

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 订单流程, en: Life of an order}"
)
FOR = Key("for", NAME, label(zh="表单", en="the form whose life it is"), required=True, example="order")
STATE_FIELD = Key(
    "state", NAME, label(zh="状态字段", en="the field it owns"), required=True, example="status"
)
INITIAL = Key(
    "initial", NAME, label(zh="初始状态", en="where a new record begins"), required=True, example="inquiry"
)
IN_FLIGHT = Key(
    "in_flight",
    OneOf(("pin", "migrate")),
    label(zh="运行中的记录", en="what running records do"),
    default="pin",
    example="migrate",
)
POLICY_ = Key(
    "policy", Nested(POLICY), label(zh="审批规则", en="rules for people"), example="{self_approval: forbid}"
)
STATES = Key(
    "states",
    MapOf(Nested(STATE)),
    label(zh="状态", en="the states"),
    required=True,
    example="{draft: {label: 草稿}, done: {final: completed}}",
)
TRANSITIONS = Key(
    "transitions",
    MapOf(Nested(TRANSITION)),
    label(zh="流转", en="the transitions"),
    example="{finish: {from: draft, to: done, by: owner}}",
)
APPROVALS = Key(
    "approvals",
    MapOf(Nested(APPROVAL)),
    label(zh="审批", en="the approvals"),
    example="{review: {steps: [{id: lead, approvers: role(lead)}], approved: done, rejected: draft}}",
)
MIGRATE = Key(
    "migrate",
    MapOf(NAME),
    label(
        zh="运行中的记录：旧状态（已删除）到新状态",
        en="where running records go whose state is gone, old on the left",
    ),
    example="{waiting: draft}",
)
SLA = Key(
    "sla",
    MapOf(Nested(STATE_CLOCK)),
    label(zh="跨状态的时限", en="clocks over states, outside approvals"),
    example="{delivery: {start: draft, stop: done, due: 2wd}}",
)
TIMERS = Key(
    "timers",
    MapOf(Nested(TIMER)),
    label(zh="定时器", en="what happens after a while in a state"),
    example="{stuck: {in: draft, after: 2wd, do: [{task: owner}]}}",
)

WORKFLOW = Words(
    name=label(zh="流程", en="workflow"),
    about=label(
        zh="单据的一生：状态、流转、审批", en="the life of a form's records: states, transitions, approvals"
    ),
    keys=(
        LABEL_,
        FOR,
        STATE_FIELD,
        INITIAL,
        IN_FLIGHT,
        MIGRATE,
        POLICY_,
        STATES,
        TRANSITIONS,
        APPROVALS,
        SLA,
        TIMERS,
    ),
)
