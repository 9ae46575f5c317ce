"""The words of `connection`, `integration` and `message`."""

from dataclasses import dataclass
from typing import Any

from orderkit.language.spec.readers import (
    AFTER_ACTION,
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    NODE,
    RATE,
    STOPWATCH,
    TEMPLATE,
    TEXT,
    VALUE,
    WHO,
    Deferred,
    ListOf,
    MapOf,
    OneOf,
    Shaped,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.exchange.integrations import ChatFormat, Scheme
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
LIMIT_RATE = Key("rate", RATE, label(zh="频率，如 60/min", en="how often, as `60/min`"), example="60/min")
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

EVENT = Key("event", NAME, label(zh="事件", en="when it happens"), example="receipt.entered(confirmed)")
SCHEDULE = Key(
    "schedule",
    NAME,
    label(zh="何时拉取（分 时 日 月 周）", en="when it is pulled: minute, hour, day, month, weekday"),
    example='"0 * * * *"',
    awaits_engine=True,
)
RECEIVE = Key(
    "receive",
    Shaped(r"/hooks(/[A-Za-z0-9_-]+)+", label(zh="接收路径", en="a path of receptions"), "/hooks/shop"),
    label(zh="在哪个路径接收", en="the path at which it is received"),
    example="/hooks/shop",
    awaits_engine=True,
)
CALL = Key("call", NAME, label(zh="调用", en="`connection.operation`"), example="finance.post")
PULL = Key(
    "pull", NAME, label(zh="拉取", en="`connection.operation` that gives rows"), example="erp.inventory"
)
ROWS = Key(
    "rows",
    EXPRESSION,
    label(zh="回答里的哪一部分是行", en="the rows in the answer, where the system does not say"),
    example="result.data.items",
)
VERIFY_SECRET = Key(
    "secret",
    TEXT,
    label(zh="签名密钥", en="the secret by which it is signed"),
    required=True,
    example='"${SHOP_SECRET}"',
)
VERIFY_SCHEME = Key(
    "scheme",
    OneOf(tuple(Scheme)),
    label(zh="签名方式", en="how it is signed"),
    default="standard",
    example="hmac_sha256",
)
VERIFY_HEADER = Key(
    "header", TEXT, label(zh="签名所在的标头", en="the header with the signature"), example="X-Shop-Signature"
)
VERIFY_WORDS = Words(
    name=label(zh="验签", en="verification"), keys=(VERIFY_SECRET, VERIFY_SCHEME, VERIFY_HEADER)
)
VERIFY = Key(
    "verify",
    Nested(VERIFY_WORDS),
    label(zh="怎样验明来者", en="how the sender proves who it is"),
    example='{secret: "${SHOP_SECRET}"}',
)
INTO_ = Key("into", NAME, label(zh="写入哪张表单", en="the form that is filled"), example="order")
MATCH = Key(
    "match",
    NAMES,
    label(zh="匹配字段", en="the fields that find a record again"),
    example="[external_no, customer]",
)
SET = Key(
    "set",
    MapOf(VALUE),
    label(
        zh="赋值（`row` 或 `body`、`headers`）", en="what records get, from `row`, or `body` and `headers`"
    ),
    example="{sku: =row.sku, qty: =row.qty}",
)
WHEN = Key("when", EXPRESSION, label(zh="条件", en="only if this holds"), example="amount > 0")
KEY = Key(
    "key",
    TEMPLATE,
    label(zh="幂等键", en="names the call or the delivery over all attempts"),
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
        zh="单据发生某事时调用外部系统；或定时拉取、被动接收外部数据",
        en="when something happens to a record, an external system is called; or records come from it, "
        "pulled by a schedule or received",
    ),
    keys=(
        LABEL_,
        EVENT,
        SCHEDULE,
        RECEIVE,
        CALL,
        PULL,
        VERIFY,
        WHEN,
        KEY,
        WITH,
        ROWS,
        INTO_,
        MATCH,
        SET,
        SAVE,
        ON_DEAD,
        RUN_AS,
    ),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which an integration begins, and the further words that it needs and may have."""

    begins: Key[Any]
    needed: frozenset[str]
    more: frozenset[str]


SHAPES = (
    Shape(EVENT, frozenset({"call", "key"}), frozenset({"when", "with", "save", "on_dead", "run_as"})),
    Shape(
        SCHEDULE,
        frozenset({"pull", "into", "set"}),
        frozenset({"when", "with", "rows", "match", "on_dead", "run_as"}),
    ),
    Shape(
        RECEIVE,
        frozenset({"verify", "into", "set"}),
        frozenset({"when", "key", "match", "on_dead", "run_as"}),
    ),
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
SMS_TEMPLATE = Key(
    "template",
    TEXT,
    label(zh="已报备的模板编号", en="the template that the provider registered"),
    required=True,
    example="SMS_123456",
)
SMS_ARGS = Key(
    "args",
    MapOf(VALUE),
    label(zh="模板参数，按书写顺序", en="what fills it, in the order written"),
    example="{no: =number, express: =tracking_no}",
)
SMS_SIGN = Key("sign", TEXT, label(zh="签名", en="the signature before the text"), example="某某五金")
SMS_WORDS = Words(name=label(zh="短信", en="text message"), keys=(SMS_TEMPLATE, SMS_ARGS, SMS_SIGN))
SMS = Key(
    "sms",
    Nested(SMS_WORDS),
    label(zh="短信", en="as a text message to a phone"),
    example="{template: SMS_123456, args: {no: =number}}",
    awaits_engine=True,
)
CHAT_TITLE = Key(
    "title", Deferred(shapes=TEMPLATES), label(zh="标题", en="its title"), example='"订单 {number}"'
)
CHAT_TEXT = Key(
    "text",
    Deferred(shapes=TEMPLATES),
    label(zh="正文", en="its text, where it differs"),
    example='"{number} **已发货**"',
)
CHAT_FORMAT = Key(
    "format",
    OneOf(tuple(ChatFormat)),
    label(zh="文字、Markdown 或卡片", en="plain text, Markdown, or a card with buttons"),
    default="markdown",
    example="card",
)
CHAT_LINK = Key(
    "link", FLAG, label(zh="是否带打开单据的链接", en="whether it links to the record"), default="true"
)
CHAT_WORDS = Words(
    name=label(zh="聊天消息", en="chat message"),
    keys=(CHAT_TITLE, CHAT_TEXT, CHAT_FORMAT, CHAT_LINK),
    shorthand=CHAT_TEXT,
)
WECOM = Key(
    "wecom",
    Nested(CHAT_WORDS),
    label(zh="企业微信里的样子", en="how it looks in WeCom"),
    example='{title: "订单 {number}", format: card}',
    awaits_engine=True,
)
DINGTALK = Key(
    "dingtalk",
    Nested(CHAT_WORDS),
    label(zh="钉钉里的样子", en="how it looks in DingTalk"),
    example='{title: "订单 {number}", format: markdown}',
    awaits_engine=True,
)
FEISHU = Key(
    "feishu",
    Nested(CHAT_WORDS),
    label(zh="飞书里的样子", en="how it looks in Feishu"),
    example='{text: "订单 {number} 已发货", format: text}',
    awaits_engine=True,
)
CHATS = (WECOM, DINGTALK, FEISHU)
MESSAGE = Words(
    name=label(zh="消息", en="message"),
    about=label(zh="发给人的文字，按语言", en="a text about a record, by language"),
    keys=(LABEL_, FOR, SUBJECT, TEXT_, SMS, *CHATS),
)
