"""The words of `import` and `seed`."""

from orderkit.language.spec.readers import EXPRESSION, LABEL, NAME, NAMES, NODE, TEXT, ListOf, MapOf, Whole
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))
FOR = Key("for", NAME, label(zh="表单", en="the form that is filled"), required=True)
MATCH = Key("match", NAMES, label(zh="匹配字段", en="the fields that find a record again"))
SHEET = Key("sheet", TEXT, label(zh="工作表", en="the sheet"))
HEADER_ROWS = Key(
    "header_rows", ListOf(Whole(1, 1000), or_one=True), label(zh="表头行", en="the rows of headings")
)
COLUMNS = Key("columns", MapOf(NAME), label(zh="字段 → 表头", en="field → heading"), required=True)
VALUES = Key("values", MapOf(MapOf(NAME)), label(zh="取值对照", en="field → what the cell says → value"))
DEFAULT = Key("default", MapOf(NODE), label(zh="缺省值", en="field → value of empty cells"))
SET = Key("set", MapOf(NODE), label(zh="赋值", en="field → value of every row"))
WHERE = Key("where", EXPRESSION, label(zh="行条件", en="which rows count"))
CREATE_MISSING = Key(
    "create_missing", NAMES, label(zh="自动新建的引用", en="references whose records are made")
)
WAIVE = Key("waive", NAMES, label(zh="免除的校验", en="checks that do not hold for history"))
HISTORY_WORDS = Words(name=label(zh="历史导入", en="history"), keys=(WAIVE,))
HISTORY = Key("history", Nested(HISTORY_WORDS), label(zh="历史导入", en="records arrive in their state"))
IMPORT = Words(
    name=label(zh="导入", en="import"),
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
    "match", NAMES, label(zh="匹配字段", en="the fields that find a record again"), required=True
)
ROWS = Key("rows", ListOf(MapOf(NODE)), label(zh="记录", en="the records"), required=True)
SEED = Words(name=label(zh="初始数据", en="seed"), keys=(FOR, SEED_MATCH, ROWS))
