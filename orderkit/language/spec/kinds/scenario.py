"""The words of `scenario`."""

from orderkit.language.spec.readers import (
    DURATION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    TEXT,
    VALUE,
    WHO,
    ListOf,
    MapOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

LABEL_ = Key(
    "label",
    LABEL,
    label(zh="名称", en="what people call it"),
    example="{zh: 大额订单需总监审批, en: Big orders need the director}",
)

ROLES = Key("roles", NAMES, label(zh="角色", en="their roles"), example="[sales]")
MANAGER = Key("manager", NAME, label(zh="主管，故事里的另一人", en="another of the people"), example="boss")
DEPARTMENT = Key(
    "department", TEXT, label(zh="部门名称", en="the name of their department"), example="销售部"
)
PERSON = Words(name=label(zh="人物", en="person"), keys=(ROLES, MANAGER, DEPARTMENT))

AS = Key("as", NAME, label(zh="谁来做", en="who does it"), example="seller")
CREATE = Key("create", NAME, label(zh="新建哪张表单的记录", en="makes a record of a form"), example="order")
NAME_ = Key(
    "name", NAME, label(zh="以后怎么称呼这条记录", en="how later steps speak of the record"), example="big"
)
SET = Key("set", MapOf(VALUE), label(zh="字段的值", en="what its fields get"), example="{customer: C001}")
POST = Key("post", NAME, label(zh="`台账.记账`", en="`ledger.posting`"), example="stock.opening")
KEYS = Key("keys", MapOf(VALUE), label(zh="台账的键", en="the keys of the ledger"), example="{product: P001}")
GIVEN_WORDS = Words(
    name=label(zh="前提", en="thing given"),
    keys=(CREATE, AS, NAME_, SET, POST, KEYS),
    takes_more=True,
    more=VALUE,
)

MESSAGE = Key("message", NAME, label(zh="消息", en="the message"), required=True, example="reminder")
TO = Key("to", WHO, label(zh="发给谁", en="to whom: a person, or as elsewhere"), example="role(warehouse)")
VIA = Key("via", NAME, label(zh="渠道", en="over which channel"), example="inbox")
SENT_WORDS = Words(name=label(zh="已发的消息", en="sent message"), keys=(MESSAGE, TO, VIA))
TASKS = Key("tasks", NAMES, label(zh="谁有待办", en="who has a task for it"), example="[boss]")
SENT = Key(
    "sent",
    ListOf(Nested(SENT_WORDS)),
    label(zh="已发的消息", en="messages that were sent"),
    example="[{message: reminder, to: boss}]",
)
EXPECT_WORDS = Words(name=label(zh="期望", en="expectation"), keys=(TASKS, SENT), takes_more=True, more=VALUE)

ON = Key("on", NAME, label(zh="针对哪条记录", en="the record it is about"), example="big")
DO = Key(
    "do",
    ONE_OR_MORE_NAMES,
    label(zh="依次按的按钮", en="transitions pressed in turn"),
    example="[quote, place]",
)
WITH = Key(
    "with",
    MapOf(VALUE),
    label(zh="按钮询问的值", en="what the buttons ask for"),
    example="{tracking_no: SF123}",
)
APPROVE = Key("approve", NAME, label(zh="同意哪条记录", en="approves a record"), example="big")
REJECT = Key("reject", NAME, label(zh="拒绝哪条记录", en="rejects a record"), example="big")
RETURN = Key("return", NAME, label(zh="退回哪条记录", en="returns a record"), example="big")
WITHDRAW = Key("withdraw", NAME, label(zh="撤回哪条记录", en="withdraws a record"), example="big")
COMMENT = Key("comment", TEXT, label(zh="意见", en="what is said with it"), example="价格太低")
WAIT = Key("wait", DURATION, label(zh="过了多久", en="time passes"), example="9wh")
EXPECT = Key(
    "expect",
    Nested(EXPECT_WORDS),
    label(zh="然后应当如何", en="what holds then"),
    example="{status: review, total: 60000.00, tasks: [boss]}",
)
EXPECT_REFUSED = Key("expect_refused", FLAG, label(zh="应当被拒绝", en="whether it must be refused"))
VERBS = (CREATE, DO, APPROVE, REJECT, RETURN, WITHDRAW, WAIT)
STEP = Words(
    name=label(zh="步骤", en="step"),
    keys=(
        AS,
        CREATE,
        NAME_,
        SET,
        ON,
        DO,
        WITH,
        APPROVE,
        REJECT,
        RETURN,
        WITHDRAW,
        COMMENT,
        WAIT,
        EXPECT,
        EXPECT_REFUSED,
    ),
)

PEOPLE = Key(
    "people",
    MapOf(Nested(PERSON)),
    label(zh="人物", en="who takes part"),
    example="{seller: {roles: [sales], manager: boss}, boss: {roles: [lead]}}",
)
GIVEN = Key(
    "given",
    ListOf(Nested(GIVEN_WORDS)),
    label(zh="前提", en="what is there at first"),
    example="[{create: customer, name: c1, set: {code: C001}}, {post: stock.opening, keys: {product: P001}, qty: 10}]",
)
STEPS = Key(
    "steps",
    ListOf(Nested(STEP)),
    label(zh="步骤", en="what happens, in order"),
    required=True,
    example="[{as: seller, create: order, name: big}, {as: seller, do: [quote, place], on: big, expect: {status: review}}]",
)
SCENARIO = Words(
    name=label(zh="场景", en="scenario"),
    about=label(
        zh="测试用的故事：谁做了什么，应当如何", en="a story that tests: who does what, and what holds then"
    ),
    keys=(LABEL_, PEOPLE, GIVEN, STEPS),
)
