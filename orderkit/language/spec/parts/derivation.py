"""The words of a form for making records from records: `create_from`, `split` and `merge`."""

from orderkit.language.spec.readers import (
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    PERCENTAGE,
    VALUE,
    MapOf,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

EACH = Key(
    "each",
    EXPRESSION,
    label(zh="源单据的行", en="the rows of the source"),
    required=True,
    example="lines",
)
INTO = Key(
    "into",
    NAME,
    label(zh="填到哪个明细字段", en="the lines field that is filled, where the form has several"),
    example="lines",
)
LINES_WHERE = Key(
    "where",
    EXPRESSION,
    label(zh="哪些行", en="which rows; bare names are fields of the row"),
    example="open_qty > 0",
)
LINES_SET = Key(
    "set",
    MapOf(VALUE),
    label(zh="每行的值（`item` 是源单据的行）", en="what each row gets; `item` is the source's row"),
    required=True,
    example="{order_line: =item, qty: =item.open_qty}",
)
LIMIT = Key(
    "limit",
    MapOf(EXPRESSION),
    label(zh="最多多少，防止超发", en="how much at most, over all rows made from one row"),
    example="{qty: item.qty}",
)
TOLERANCE = Key(
    "tolerance",
    PERCENTAGE,
    label(zh="允许超出的比例", en="by how much the limit may be exceeded"),
    default="0%",
    example="5%",
)
SOURCE_LINES = Words(
    name=label(zh="下推的明细", en="derived lines"),
    keys=(EACH, INTO, LINES_WHERE, LINES_SET, LIMIT, TOLERANCE),
)

SOURCE_LABEL = Key(
    "label", LABEL, label(zh="按钮名称", en="what the button says"), example="{zh: 发货, en: Ship}"
)
SOURCE_WHERE = Key(
    "where",
    EXPRESSION,
    label(zh="哪些源单据", en="from which records; names are fields of the source"),
    example="status == 'ready'",
)
MANY = Key("many", FLAG, label(zh="可由多张源单据生成一张", en="whether several records make one"))
GROUP_BY = Key(
    "group_by",
    ONE_OR_MORE_NAMES,
    label(zh="合在一张的条件字段", en="fields that must agree among those that make one record"),
    example="[customer]",
)
SOURCE_SET = Key(
    "set",
    MapOf(VALUE),
    label(zh="表头的值", en="what the new record gets; names are fields of the source"),
    example="{customer: =customer}",
)
LINES = Key(
    "lines",
    Nested(SOURCE_LINES),
    label(zh="明细怎样生成", en="how rows become rows"),
    example="{each: lines, set: {order_line: =item}}",
)
SOURCE = Words(
    name=label(zh="下推", en="derivation"),
    keys=(SOURCE_LABEL, SOURCE_WHERE, MANY, GROUP_BY, SOURCE_SET, LINES),
)

SPLIT_LABEL = Key(
    "label", LABEL, label(zh="按钮名称", en="what the button says"), example="{zh: 拆单, en: Split}"
)
SPLIT_WHERE = Key(
    "where", EXPRESSION, label(zh="哪些单据可拆", en="which records may be split"), example="total > 0"
)
QUANTITY = Key(
    "quantity",
    NAME,
    label(zh="可按数量拆一行", en="the number of the lines of which a part may move"),
    example="lines.qty",
)
SPLIT_SET = Key(
    "set", MapOf(VALUE), label(zh="新单据的值", en="what the new record gets"), example="{need_by: =today()}"
)
SPLIT_WORDS = Words(name=label(zh="拆单", en="split"), keys=(SPLIT_LABEL, SPLIT_WHERE, QUANTITY, SPLIT_SET))

MERGE_LABEL = Key(
    "label", LABEL, label(zh="按钮名称", en="what the button says"), example="{zh: 合单, en: Merge}"
)
MERGE_WHERE = Key(
    "where", EXPRESSION, label(zh="哪些单据可合", en="which records may be merged"), example="total > 0"
)
SAME = Key(
    "same", NAMES, label(zh="必须一致的字段", en="fields in which they must agree"), example="[customer]"
)
ROWS = Key(
    "rows",
    NAMES,
    label(zh="相同的明细合为一行", en="lines that agree on these become one"),
    example="[product]",
)
ADD = Key("add", NAMES, label(zh="合行时相加的字段", en="what is summed then"), example="[qty]")
MERGE_WORDS = Words(name=label(zh="合单", en="merge"), keys=(MERGE_LABEL, MERGE_WHERE, SAME, ROWS, ADD))
