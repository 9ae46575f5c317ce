"""The words of `automation`."""

from orderkit.language.spec.kinds.integration import RECEIVE, VERIFY_WORDS
from orderkit.language.spec.parts.action import SELECTION
from orderkit.language.spec.parts.clock import MISFIRE
from orderkit.language.spec.readers import (
    AFTER_ACTION,
    DO_ACTION,
    DURATION,
    EXPRESSION,
    LABEL,
    NAME,
    WHO,
    Deferred,
    ListOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

TRIGGER_EVENT = Key(
    "event",
    NAME,
    label(zh="单据发生某事时", en="something happens to a record"),
    example="order.entered(done)",
)
TRIGGER_SCHEDULE = Key(
    "schedule",
    NAME,
    label(zh="定时（cron，按项目时区）", en="at times, as cron writes them, in the project's zone"),
    example='"0 9 1 * *"',
)
TRIGGER_DATE = Key(
    "date", NAME, label(zh="单据的日期到了", en="a date of a record is reached"), example="order.need_by"
)
TRIGGER_BEFORE = Key("before", DURATION, label(zh="提前多久", en="how long before it"), example="1wd")
TRIGGER_AFTER = Key("after", DURATION, label(zh="过后多久", en="how long after it"), example="2d")
TRIGGER_WEBHOOK = Key(
    "webhook",
    RECEIVE.reader,
    label(zh="收到请求的地址", en="a request comes to this path"),
    example="/hooks/shop",
)
TRIGGER_VERIFY = Key(
    "verify",
    Nested(VERIFY_WORDS),
    label(zh="验签", en="how it is verified"),
    example='{secret: "${SHOP_SECRET}"}',
)
TRIGGER = Words(
    name=label(zh="触发", en="trigger"),
    keys=(
        TRIGGER_EVENT,
        TRIGGER_SCHEDULE,
        TRIGGER_DATE,
        TRIGGER_BEFORE,
        TRIGGER_AFTER,
        TRIGGER_WEBHOOK,
        TRIGGER_VERIFY,
        MISFIRE,
    ),
)

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 月结对账单, en: Statement}"
)
TRIGGER_ = Key(
    "trigger",
    Nested(TRIGGER),
    label(zh="何时触发", en="what sets it off"),
    required=True,
    example='{schedule: "0 9 1 * *"}',
)
FOREACH = Key(
    "foreach",
    Deferred(shapes=(Nested(SELECTION),)),
    label(zh="对哪些记录逐条执行", en="the records it is done for, each as `item`"),
    example="{form: customer, where: active}",
)
WHEN = Key("when", EXPRESSION, label(zh="条件", en="only if this holds"), example="total > 0")
DO = Key(
    "do",
    ListOf(DO_ACTION, or_one=True),
    label(zh="同一事务中的动作", en="what happens in one transaction, once for each record"),
    example="[{create: statement}]",
)
AFTER = Key(
    "after",
    ListOf(AFTER_ACTION, or_one=True),
    label(zh="提交后的动作", en="what happens after it"),
    example="[{task: role(finance)}]",
)
RUN_AS = Key("run_as", WHO, label(zh="以谁的身份", en="on whose behalf"), example="user(bot)")
AUTOMATION = Words(
    name=label(zh="自动化", en="automation"),
    about=label(
        zh="单据发生某事、到某个时间或收到请求时，自动执行动作",
        en="when something happens, a time comes or a request arrives, actions are done",
    ),
    keys=(LABEL_, TRIGGER_, FOREACH, WHEN, DO, AFTER, RUN_AS),
)
