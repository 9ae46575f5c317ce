"""The words of `ledger`."""

from orderkit.language.spec.readers import (
    EXPRESSION,
    LABEL,
    NAME,
    ONE_OR_MORE_NAMES,
    TEXT,
    WHO,
    ListOf,
    MapOf,
    OneOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label
from orderkit.model.ledgers import CostMethod, Period, Pick

_CALLED = label(zh="名称", en="what people call it")
_RENAMED = label(zh="原标识", en="its id before a rename")

KEY_TYPE = Key(
    "type",
    NAME,
    label(
        zh="类型：`ref(表单)`、`user`、`text`、`date` 或 `integer`",
        en="`ref(form)`, `user`, `text`, `date` or `integer`",
    ),
    required=True,
    example="ref(product)",
)
KEY_LABEL = Key("label", LABEL, _CALLED, example="{zh: 产品, en: Product}")
KEY_RENAMED_FROM = Key("renamed_from", TEXT, _RENAMED, example="goods")
KEY = Words(
    name=label(zh="台账的键", en="ledger key"),
    keys=(KEY_TYPE, KEY_LABEL, KEY_RENAMED_FROM),
    shorthand=KEY_TYPE,
)

MEASURE_TYPE = Key(
    "type",
    NAME,
    label(
        zh="类型：`decimal(小数位)`、`money`、`money(小数位)` 或 `integer`",
        en="`decimal(places)`, `money`, `money(places)` or `integer`",
    ),
    required=True,
    example="decimal(3)",
)
MEASURE_LABEL = Key("label", LABEL, _CALLED, example="{zh: 在库, en: On hand}")
MEASURE_RENAMED_FROM = Key("renamed_from", TEXT, _RENAMED, example="in_stock")
MEASURE = Words(
    name=label(zh="台账的数", en="ledger measure"),
    keys=(MEASURE_TYPE, MEASURE_LABEL, MEASURE_RENAMED_FROM),
    shorthand=MEASURE_TYPE,
)

BALANCE_EXPR = Key(
    "expr",
    EXPRESSION,
    label(zh="由各数算出的余额", en="a number worked out of measures"),
    required=True,
    example="on_hand - reserved",
)
BALANCE_LABEL = Key("label", LABEL, _CALLED, example="{zh: 可用, en: Available}")
BALANCE = Words(
    name=label(zh="余额", en="balance"), keys=(BALANCE_EXPR, BALANCE_LABEL), shorthand=BALANCE_EXPR
)

POSTING_LABEL = Key("label", LABEL, _CALLED, example="{zh: 期初, en: Opening}")
POSTING_BY = Key(
    "by",
    WHO,
    label(zh="谁可以手工记账；不写则无人", en="who may post it by hand; nobody where it is absent"),
    example="role(admin)",
)
POSTING = Words(
    name=label(zh="记账", en="posting"),
    keys=(POSTING_LABEL, POSTING_BY),
    takes_more=True,
    more=NAME,
)

LABEL_ = Key("label", LABEL, _CALLED, example="{zh: 库存, en: Stock}")
RENAMED_FROM = Key("renamed_from", TEXT, _RENAMED, example="inventory")
KEYS = Key(
    "keys",
    MapOf(Nested(KEY)),
    label(zh="按什么记余额", en="what balances are kept by"),
    required=True,
    example="{product: ref(product), warehouse: ref(warehouse)}",
)
DEFAULTS = Key(
    "defaults",
    MapOf(ONE_OR_MORE_NAMES),
    label(
        zh="单据上没有同名字段时，键从哪里取：`表单.字段`",
        en="where a key is taken from that no field of its name gives: `form.field`",
    ),
    example="{warehouse: order.ship_from}",
)
MEASURES = Key(
    "measures",
    MapOf(Nested(MEASURE)),
    label(zh="记哪些数", en="the numbers that postings change"),
    required=True,
    example="{on_hand: decimal(3), value: {type: money, label: 金额}}",
)
BALANCES = Key(
    "balance",
    MapOf(Nested(BALANCE)),
    label(zh="由各数算出的余额", en="numbers worked out of measures"),
    example='{available: "on_hand - reserved"}',
)
NEVER = Key(
    "never",
    ListOf(EXPRESSION, or_one=True),
    label(zh="绝不允许的情况，只能用各数", en="what no posting may make true, over measures only"),
    example='["available < 0", "on_hand < 0"]',
)
POSTINGS = Key(
    "postings",
    MapOf(Nested(POSTING)),
    label(zh="记账种类：每个数加减什么", en="the kinds of postings: what each adds and takes away"),
    required=True,
    example="{receive: {on_hand: +qty, value: +amount}, issue: {on_hand: -qty, reserved: -against}}",
)
COST_ = Key(
    "cost",
    OneOf(tuple(CostMethod)),
    label(zh="出库成本怎么算，填入 `cost`", en="how the cost of what leaves is worked out; it fills `cost`"),
    example="moving_average",
    awaits_engine=True,
)
PICK = Key(
    "pick",
    OneOf(tuple(Pick)),
    label(
        zh="没写批次时先取哪一批：先进先出、先到期先出、后进先出（键里要有 `lot`）",
        en="which lots are taken first where none is named; needs a key `lot`",
    ),
    example="fifo",
    awaits_engine=True,
)
PERIOD = Key(
    "period",
    OneOf(tuple(Period)),
    label(
        zh="按什么期间结账；已结期间不再记账", en="what is closed at once; closed periods take no postings"
    ),
    example="month",
    awaits_engine=True,
)
LEDGER = Words(
    name=label(zh="台账", en="ledger"),
    about=label(
        zh="余额台账：只由记账改变，任何并发下都不越界",
        en="balances by keys that only postings change, within bounds that hold under any concurrency",
    ),
    keys=(LABEL_, KEYS, DEFAULTS, MEASURES, BALANCES, NEVER, POSTINGS, COST_, PICK, PERIOD, RENAMED_FROM),
)
