"""The words of `connection`, `integration` and `message`."""

from orderkit.language.spec.readers import (
    AFTER_ACTION,
    EXPRESSION,
    LABEL,
    NAME,
    NODE,
    STOPWATCH,
    TEMPLATE,
    TEXT,
    VALUE,
    WHO,
    Deferred,
    ListOf,
    MapOf,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 财务系统, en: Finance}"
)

RETRY_TIMES = Key(
    "times", Whole(0, 100), label(zh="重试次数", en="how often it is tried again"), default="6", example="8"
)
RETRY_BACKOFF = Key(
    "backoff",
    TEXT,
    label(zh="重试间隔，如 1min..6h", en="the pauses, as `1min..6h`"),
    default="1min..6h",
    example="1min..6h",
)
RETRY = Words(name=label(zh="重试", en="retry"), keys=(RETRY_TIMES, RETRY_BACKOFF))
LIMIT_RATE = Key("rate", TEXT, label(zh="频率，如 60/min", en="how often, as `60/min`"), example="60/min")
LIMIT_TIMEOUT = Key(
    "timeout", STOPWATCH, label(zh="超时", en="how long an answer may take"), default="30s", example="10s"
)
LIMIT_RETRY = Key(
    "retry",
    Nested(RETRY),
    label(zh="重试", en="how it is tried again"),
    example="{times: 8, backoff: 1min..6h}",
)
LIMITS = Words(name=label(zh="限制", en="limits"), keys=(LIMIT_RATE, LIMIT_TIMEOUT, LIMIT_RETRY))

CONNECTOR = Key("connector", NAME, label(zh="连接器", en="the kind of system"), required=True, example="http")
SETTINGS = Key(
    "settings",
    Deferred(shapes=(MapOf(NODE),)),
    label(zh="连接设置", en="its settings; `${NAME}` reads the environment"),
    example='{base_url: "https://finance.example", auth: {bearer: "${FINANCE_TOKEN}"}}',
)
LIMITS_ = Key(
    "limits",
    Nested(LIMITS),
    label(zh="限制", en="how gently it is treated"),
    example="{rate: 60/min, timeout: 10s}",
)
CONNECTION = Words(
    name=label(zh="连接", en="connection"),
    about=label(zh="外部系统及其设置", en="an external system and its settings"),
    keys=(LABEL_, CONNECTOR, SETTINGS, LIMITS_),
)

EVENT = Key(
    "event", NAME, label(zh="事件", en="when it happens"), required=True, example="receipt.entered(confirmed)"
)
CALL = Key("call", NAME, label(zh="调用", en="`connection.operation`"), required=True, example="finance.post")
WHEN = Key("when", EXPRESSION, label(zh="条件", en="only if this holds"), example="amount > 0")
KEY = Key(
    "key",
    TEMPLATE,
    label(zh="幂等键", en="names the call over all its attempts"),
    required=True,
    example='"receipt:{id}"',
)
WITH = Key(
    "with",
    Deferred(shapes=(MapOf(VALUE),)),
    label(zh="参数", en="what is sent"),
    example='{path: /vouchers, body: {no: "{number}", amount: =amount}}',
)
SAVE = Key(
    "save",
    MapOf(VALUE),
    label(zh="写回", en="fields taken from the answer"),
    example="{voucher_no: =result.voucher_no}",
)
ON_DEAD = Key(
    "on_dead",
    ListOf(AFTER_ACTION, or_one=True),
    label(zh="最终失败时", en="what happens when all attempts failed"),
    example="[{task: role(finance)}]",
)
RUN_AS = Key("run_as", WHO, label(zh="以谁的身份", en="on whose behalf"), example="user(bot)")
INTEGRATION = Words(
    name=label(zh="集成", en="integration"),
    about=label(
        zh="单据发生某事时，调用外部系统",
        en="when something happens to a record, an external system is called",
    ),
    keys=(LABEL_, EVENT, CALL, WHEN, KEY, WITH, SAVE, ON_DEAD, RUN_AS),
    later=("schedule", "pull", "receive", "verify", "into", "match", "set"),
)

TEMPLATES = (TEMPLATE, MapOf(TEMPLATE))

FOR = Key("for", NAME, label(zh="表单", en="the form it speaks of"), required=True, example="order")
SUBJECT = Key(
    "subject",
    Deferred(shapes=TEMPLATES),
    label(zh="主题", en="the subject"),
    example='{zh: "订单 {number} 已发货", en: "Order {number} has been shipped"}',
)
TEXT_ = Key(
    "text",
    Deferred(shapes=TEMPLATES),
    label(zh="正文", en="the text"),
    required=True,
    example='"{customer.name}：{number} 已发货"',
)
MESSAGE = Words(
    name=label(zh="消息", en="message"),
    about=label(zh="发给人的文字，按语言", en="a text about a record, by language"),
    keys=(LABEL_, FOR, SUBJECT, TEXT_),
    later=("sms", "wecom", "dingtalk", "feishu"),
)
