"""The words of `workflow`: states and transitions. Approvals have their own module."""

from orderkit.language.spec.approval import APPROVAL
from orderkit.language.spec.form import CHECK
from orderkit.language.spec.readers import (
    FLAG,
    LABEL,
    NAME,
    NAMES,
    NODE,
    ONE_OR_MORE_NAMES,
    WHO,
    ListOf,
    MapOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

ACTIONS = ListOf(NODE, or_one=True)

STATE_LABEL = Key("label", LABEL, label(zh="名称", en="what people call it"))
STATE_HOLDER = Key("holder", WHO, label(zh="当前负责人", en="who has to act"))
STATE_CLAIM = Key("claim", FLAG, label(zh="需要领取", en="whether one of them claims it first"))
STATE_EDIT = Key("edit", NODE, label(zh="此状态可改的字段", en="what may be written in this state"))
STATE_APPROVAL = Key("approval", NAME, label(zh="审批", en="the approval that runs here"))
STATE_FINAL = Key("final", OneOf(("completed", "cancelled")), label(zh="终态", en="how it ends the life"))
STATE = Words(
    name=label(zh="状态", en="state"),
    keys=(STATE_LABEL, STATE_HOLDER, STATE_CLAIM, STATE_EDIT, STATE_APPROVAL, STATE_FINAL),
    later=("reopen",),
    shown_later=("color",),
)

EDIT_WHO = Key("who", WHO, label(zh="谁", en="who may write them"))
EDIT_FIELDS = Key("fields", NAMES, label(zh="字段", en="the fields"), required=True)
EDIT = Words(name=label(zh="可改的字段", en="edit grant"), keys=(EDIT_WHO, EDIT_FIELDS))

ASK_FIELD = Key("field", NAME, label(zh="字段", en="the field, or the name of the answer"), required=True)
ASK_REQUIRED = Key("required", FLAG, label(zh="必填", en="whether it must be answered"))

TRANSITION_LABEL = Key("label", LABEL, label(zh="名称", en="the text of the button"))
TRANSITION_FROM = Key(
    "from", ONE_OR_MORE_NAMES, label(zh="从哪些状态", en="where it may begin"), required=True
)
TRANSITION_TO = Key("to", NAME, label(zh="到哪个状态", en="where it leads"), required=True)
TRANSITION_BY = Key("by", WHO, label(zh="谁可以操作", en="who may press it"), required=True)
TRANSITION_GUARD = Key("guard", ListOf(Nested(CHECK), or_one=True), label(zh="前提", en="what must hold"))
TRANSITION_REQUIRE = Key("require", NAMES, label(zh="必填字段", en="fields that must be filled"))
TRANSITION_ASK = Key("ask", ListOf(NODE), label(zh="操作时要填的", en="what pressing it asks for"))
TRANSITION_DO = Key("do", ACTIONS, label(zh="同一事务中的动作", en="what happens with it, or not at all"))
TRANSITION_AFTER = Key("after", ACTIONS, label(zh="提交后的动作", en="what happens after it"))
TRANSITION_AUTO = Key("auto", FLAG, label(zh="自动", en="whether it happens as soon as its guard holds"))
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
    ),
    later=("when", "revoke"),
    shown_later=("confirm",),
)

POLICY_SELF = Key(
    "self_approval",
    OneOf(("allow", "skip", "to_manager", "forbid")),
    label(zh="审批人是自己时", en="when a person would approve their own"),
)
POLICY_DUPLICATE = Key(
    "duplicate_approver",
    OneOf(("none", "consecutive", "once")),
    label(zh="审批人重复时", en="when a person would decide twice"),
)
POLICY_NOBODY = Key("no_approver", NODE, label(zh="没有审批人时", en="when nobody is found"))
POLICY_COMMENT = Key(
    "comment_on",
    ListOf(OneOf(("approve", "reject", "return"))),
    label(zh="必须写意见的操作", en="which need a comment"),
)
POLICY = Words(
    name=label(zh="审批规则", en="policy"),
    keys=(POLICY_SELF, POLICY_DUPLICATE, POLICY_NOBODY, POLICY_COMMENT),
)

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))
FOR = Key("for", NAME, label(zh="表单", en="the form whose life it is"), required=True)
STATE_FIELD = Key("state", NAME, label(zh="状态字段", en="the field it owns"), required=True)
INITIAL = Key("initial", NAME, label(zh="初始状态", en="where a new record begins"), required=True)
IN_FLIGHT = Key(
    "in_flight", OneOf(("pin", "migrate")), label(zh="运行中的记录", en="what running records do")
)
POLICY_ = Key("policy", Nested(POLICY), label(zh="审批规则", en="rules for people"))
STATES = Key("states", MapOf(Nested(STATE)), label(zh="状态", en="the states"), required=True)
TRANSITIONS = Key("transitions", MapOf(Nested(TRANSITION)), label(zh="流转", en="the transitions"))
APPROVALS = Key("approvals", MapOf(Nested(APPROVAL)), label(zh="审批", en="the approvals"))

WORKFLOW = Words(
    name=label(zh="流程", en="workflow"),
    keys=(LABEL_, FOR, STATE_FIELD, INITIAL, IN_FLIGHT, POLICY_, STATES, TRANSITIONS, APPROVALS),
    later=("sla", "timers", "migrate"),
)
