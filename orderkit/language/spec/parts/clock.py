"""The words of deadlines: `sla` of approvals, steps and workflows, and `timers`."""

from collections.abc import Sequence
from typing import Any

from orderkit.language.spec.readers import (
    AFTER_ACTION,
    DO_ACTION,
    DURATION,
    EXPRESSION,
    LABEL,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    WHO,
    Deferred,
    ListOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

MISFIRE = Key(
    "misfire",
    OneOf(("fire_once", "skip")),
    label(zh="错过之后（如停机期间）：补一次，或跳过", en="when it was missed, as while stopped"),
    default="fire_once",
    example="skip",
)
MESSAGE = Key(
    "message",
    NAME,
    label(zh="用哪条消息", en="the message, where the usual one is not meant"),
    example="stuck",
)
VIA = Key("via", ONE_OR_MORE_NAMES, label(zh="渠道", en="over which channels"), example="[inbox]")

REMIND_BEFORE = Key(
    "before_due",
    DURATION,
    label(zh="到期前多久", en="how long before it is due"),
    required=True,
    example="2wh",
)
REMIND_TO = Key("to", WHO, label(zh="提醒谁", en="who is reminded; else whoever has to act"), example="owner")
REMIND = Words(name=label(zh="提醒", en="reminder"), keys=(REMIND_BEFORE, REMIND_TO, MESSAGE, VIA))

OVERDUE_AFTER = Key(
    "after_due", DURATION, label(zh="超期多久", en="how long after it was due"), required=True, example="8wh"
)
OVERDUE_ESCALATE = Key(
    "escalate", WHO, label(zh="升级给谁处理", en="who has to act instead"), example="role(admin)"
)
OVERDUE_NOTIFY = Key("notify", WHO, label(zh="通知谁", en="who is told"), example="role(admin)")
OVERDUE_AUTO = Key(
    "auto",
    OneOf(("approve", "reject", "return")),
    label(zh="自动通过、拒绝或退回（仅审批）", en="what the system decides then, in approvals"),
    example="approve",
)
OVERDUE = Words(
    name=label(zh="超期", en="overdue"),
    keys=(OVERDUE_AFTER, OVERDUE_ESCALATE, OVERDUE_NOTIFY, OVERDUE_AUTO, MESSAGE, VIA),
)

DUE = Key(
    "due",
    Deferred(shapes=(DURATION, EXPRESSION)),
    label(zh="期限：时长，或日期字段", en="how long it may take, or the date by which"),
    required=True,
    example="8wh",
)
REMINDERS = Key(
    "remind",
    ListOf(Nested(REMIND), or_one=True),
    label(zh="到期前提醒", en="reminders before"),
    example="[{before_due: 2wh}]",
)
OVERDUES = Key(
    "overdue",
    ListOf(Nested(OVERDUE), or_one=True),
    label(zh="超期后", en="what happens after"),
    example="[{after_due: 0wh, escalate: role(admin)}, {after_due: 8wh, notify: role(admin)}]",
)
_CLOCK: Sequence[Key[Any]] = (DUE, REMINDERS, OVERDUES, MISFIRE)
CLOCK = Words(name=label(zh="审批时限", en="deadline"), keys=tuple(_CLOCK))

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 交付, en: Delivery}")
START = Key(
    "start", NAME, label(zh="从哪个状态开始", en="the state it begins with"), required=True, example="draft"
)
STOP = Key(
    "stop", NAME, label(zh="到哪个状态为止", en="the state it ends with"), required=True, example="done"
)
PAUSE = Key("pause_in", NAMES, label(zh="在哪些状态暂停", en="where it rests"), example="[waiting]")
STATE_CLOCK = Words(name=label(zh="时限", en="clock"), keys=(LABEL_, START, STOP, PAUSE, *_CLOCK))

TIMER_IN = Key("in", NAME, label(zh="在哪个状态", en="in which state"), required=True, example="draft")
TIMER_AT = Key("at", EXPRESSION, label(zh="何时：日期字段", en="at a date or moment"), example="need_by")
TIMER_AFTER = Key("after", DURATION, label(zh="进入后多久", en="how long after the entry"), example="2wd")
TIMER_EVERY = Key("every", DURATION, label(zh="之后每隔多久", en="and then every so long"), example="1wd")
TIMER_WHEN = Key("when", EXPRESSION, label(zh="条件", en="only if this holds then"), example="total > 0")
TIMER_DO = Key(
    "do",
    ListOf(Deferred(shapes=(DO_ACTION, AFTER_ACTION)), or_one=True),
    label(zh="做什么", en="what is done, in the transaction or after it as each action is"),
    required=True,
    example="[{task: owner}]",
)
TIMER = Words(
    name=label(zh="定时器", en="timer"),
    keys=(TIMER_IN, TIMER_AT, TIMER_AFTER, TIMER_EVERY, TIMER_WHEN, TIMER_DO, MISFIRE),
)
