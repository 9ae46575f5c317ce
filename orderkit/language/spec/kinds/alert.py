"""The words of `alert`."""

from orderkit.language.spec.readers import (
    DURATION,
    EXPRESSION,
    LABEL,
    NAME,
    ONE_OR_MORE_NAMES,
    TEXT,
    WHO,
    ListOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.analysis.alerts import Per
from orderkit.model.labels import label

SEND_MESSAGE = Key("message", NAME, label(zh="消息", en="the message"), required=True, example="low_stock")
SEND_TO = Key("to", WHO, label(zh="发给谁", en="who gets it"), required=True, example="role(purchaser)")
SEND_VIA = Key(
    "via", ONE_OR_MORE_NAMES, label(zh="渠道", en="over which channels"), default="[inbox]", example="[inbox]"
)
SEND = Words(name=label(zh="通知", en="notice"), keys=(SEND_MESSAGE, SEND_TO, SEND_VIA))

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 库存不足, en: Low stock}"
)
WATCH = Key(
    "watch",
    NAME,
    label(zh="盯着什么：表单、台账或报表", en="what is watched: a form, a ledger or a report"),
    required=True,
    example="stock",
)
BY = Key(
    "by",
    ONE_OR_MORE_NAMES,
    label(zh="报表按哪些维度看；不写则看合计", en="the dimensions of a report; its total where left out"),
    example="[customer]",
)
PERIOD = Key("period", TEXT, label(zh="报表看哪个期间", en="the period of a report"), example="this_month")
COMPARE = Key(
    "compare",
    OneOf(("previous_period", "previous_year")),
    label(
        zh="与哪个期间比；那时的指标写成 `previous.指标`",
        en="the period it is compared with, whose measures are `previous.measure`",
    ),
    example="previous_period",
)
WHEN = Key(
    "when",
    EXPRESSION,
    label(zh="什么情况下通知", en="when somebody hears of it"),
    required=True,
    example="available < product.safety_stock",
)
AFTER = Key(
    "after",
    DURATION,
    label(zh="持续多久才通知", en="how long it must have held"),
    example="2wd",
)
EVERY = Key(
    "every",
    DURATION,
    label(
        zh="多久看一次（时间流逝才成立的条件）", en="how often it is looked at, for what only time makes true"
    ),
    example="1h",
)
SEND_ = Key(
    "send",
    ListOf(Nested(SEND), or_one=True),
    label(zh="发什么、给谁", en="what is sent, and to whom"),
    required=True,
    example="{message: low_stock, to: role(purchaser), via: [inbox]}",
)
PER = Key(
    "per",
    OneOf(tuple(Per)),
    label(zh="每行一条，还是每人一条汇总", en="a message for each row, or one to each reader about all"),
    default="row",
    example="reader",
)
REPEAT = Key(
    "repeat",
    DURATION,
    label(
        zh="仍成立时隔多久再通知；不写则解除前只通知一次",
        en="told again after it while still true; once where left out",
    ),
    example="1d",
)
SNOOZE = Key(
    "snooze",
    DURATION,
    label(zh="最多可以推迟多久", en="for how long at most it may be put off"),
    example="7d",
)
QUIET = Key(
    "quiet",
    NAME,
    label(zh="免打扰时段，可以跨午夜", en="when nothing is sent; it may pass midnight"),
    example='"22:00-08:00"',
)
ALERT = Words(
    name=label(zh="预警", en="alert"),
    about=label(zh="盯着一个条件，成立时通知人", en="a condition that is watched, and who hears of it"),
    keys=(LABEL_, WATCH, BY, PERIOD, COMPARE, WHEN, AFTER, EVERY, SEND_, PER, REPEAT, SNOOZE, QUIET),
    awaits_engine=True,
)
