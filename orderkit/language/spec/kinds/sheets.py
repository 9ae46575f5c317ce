"""The words of `import` and `seed`."""

from orderkit.language.spec.readers import EXPRESSION, LABEL, NAME, NAMES, TEXT, VALUE, ListOf, MapOf, Whole
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 历史订单, en: Past orders}"
)
FOR = Key("for", NAME, label(zh="表单", en="the form that is filled"), required=True, example="order")
MATCH = Key(
    "match", NAMES, label(zh="匹配字段", en="the fields that find a record again"), example="[external_no]"
)
SHEET = Key("sheet", TEXT, label(zh="工作表", en="the sheet"), example="订单")
HEADER_ROWS = Key(
    "header_rows",
    ListOf(Whole(1, 1000), or_one=True),
    label(zh="表头行", en="the rows of headings"),
    example="[1, 2]",
)
COLUMNS = Key(
    "columns",
    MapOf(NAME),
    label(zh="字段 → 表头", en="field → heading"),
    required=True,
    example="{external_no: 单号, customer.name: 客户, lines.qty: 数量}",
)
VALUES = Key(
    "values",
    MapOf(MapOf(NAME)),
    label(zh="取值对照", en="field → what the cell says → value"),
    example="{kind: {标准件: standard}}",
)
DEFAULT = Key(
    "default",
    MapOf(VALUE),
    label(zh="缺省值", en="field → value of empty cells"),
    example="{customer.name: 散客}",
)
SET = Key("set", MapOf(VALUE), label(zh="赋值", en="field → value of every row"), example="{kind: standard}")
WHERE = Key("where", EXPRESSION, label(zh="行条件", en="which rows count"), example="row['数量'] != 0")
CREATE_MISSING = Key(
    "create_missing",
    NAMES,
    label(zh="自动新建的引用", en="references whose records are made"),
    example="[customer, lines.product]",
)
WAIVE = Key("waive", NAMES, label(zh="免除的校验", en="checks that do not hold for history"), example="[qty]")
HISTORY_WORDS = Words(name=label(zh="历史导入", en="history"), keys=(WAIVE,))
HISTORY = Key(
    "history",
    Nested(HISTORY_WORDS),
    label(zh="历史导入", en="records arrive in their state"),
    example="{waive: [qty]}",
)
IMPORT = Words(
    name=label(zh="导入", en="import"),
    about=label(zh="表格的列怎样变成单据", en="how the columns of a sheet become records"),
    keys=(
        LABEL_,
        FOR,
        MATCH,
        SHEET,
        HEADER_ROWS,
        COLUMNS,
        VALUES,
        DEFAULT,
        SET,
        WHERE,
        CREATE_MISSING,
        HISTORY,
    ),
)

SEED_MATCH = Key(
    "match",
    NAMES,
    label(zh="匹配字段", en="the fields that find a record again"),
    required=True,
    example="[code]",
)
ROWS = Key(
    "rows",
    ListOf(MapOf(VALUE)),
    label(zh="记录", en="the records"),
    required=True,
    example="[{code: A1, name: 螺栓}, {code: A2, name: 螺母}]",
)
SEED = Words(
    name=label(zh="初始数据", en="seed"),
    about=label(zh="随项目保存的基础数据", en="reference records that are kept with the project"),
    keys=(FOR, SEED_MATCH, ROWS),
)
