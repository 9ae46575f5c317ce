"""The words of `connection`, `integration` and `message`."""

from orderkit.language.spec.readers import (
    DURATION,
    EXPRESSION,
    LABEL,
    NAME,
    NODE,
    TEMPLATE,
    TEXT,
    ListOf,
    MapOf,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))

RETRY_TIMES = Key("times", Whole(0, 100), label(zh="重试次数", en="how often it is tried again"))
RETRY_BACKOFF = Key("backoff", TEXT, label(zh="重试间隔，如 1min..6h", en="the pauses, as `1min..6h`"))
RETRY = Words(name=label(zh="重试", en="retry"), keys=(RETRY_TIMES, RETRY_BACKOFF))
LIMIT_RATE = Key("rate", TEXT, label(zh="频率，如 60/min", en="how often, as `60/min`"))
LIMIT_TIMEOUT = Key("timeout", DURATION, label(zh="超时", en="how long an answer may take"))
LIMIT_RETRY = Key("retry", Nested(RETRY), label(zh="重试", en="how it is tried again"))
LIMITS = Words(name=label(zh="限制", en="limits"), keys=(LIMIT_RATE, LIMIT_TIMEOUT, LIMIT_RETRY))

CONNECTOR = Key("connector", NAME, label(zh="连接器", en="the kind of system"), required=True)
SETTINGS = Key("settings", NODE, label(zh="连接设置", en="its settings; `${NAME}` reads the environment"))
LIMITS_ = Key("limits", Nested(LIMITS), label(zh="限制", en="how gently it is treated"))
CONNECTION = Words(name=label(zh="连接", en="connection"), keys=(LABEL_, CONNECTOR, SETTINGS, LIMITS_))

EVENT = Key("event", NAME, label(zh="事件", en="when it happens"), required=True)
CALL = Key("call", NAME, label(zh="调用", en="`connection.operation`"), required=True)
WHEN = Key("when", EXPRESSION, label(zh="条件", en="only if this holds"))
KEY = Key("key", TEMPLATE, label(zh="幂等键", en="names the call over all its attempts"), required=True)
WITH = Key("with", NODE, label(zh="参数", en="what is sent"))
SAVE = Key("save", MapOf(NODE), label(zh="写回", en="fields taken from the answer"))
ON_DEAD = Key(
    "on_dead", ListOf(NODE, or_one=True), label(zh="最终失败时", en="what happens when all attempts failed")
)
RUN_AS = Key("run_as", NODE, label(zh="以谁的身份", en="on whose behalf"))
INTEGRATION = Words(
    name=label(zh="集成", en="integration"),
    keys=(LABEL_, EVENT, CALL, WHEN, KEY, WITH, SAVE, ON_DEAD, RUN_AS),
    later=("schedule", "pull", "receive", "verify", "into", "match", "set"),
)

FOR = Key("for", NAME, label(zh="表单", en="the form it speaks of"), required=True)
SUBJECT = Key("subject", NODE, label(zh="主题", en="the subject"))
TEXT_ = Key("text", NODE, label(zh="正文", en="the text"), required=True)
MESSAGE = Words(
    name=label(zh="消息", en="message"),
    keys=(LABEL_, FOR, SUBJECT, TEXT_),
    later=("sms", "wecom", "dingtalk", "feishu"),
)
