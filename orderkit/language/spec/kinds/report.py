"""The words of `report` and `dashboard`."""

from orderkit.language.spec.readers import (
    EXPRESSION,
    LABEL,
    NAME,
    TEXT,
    ListOf,
    MapOf,
    OneOf,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.analysis.reports import Aggregation
from orderkit.model.labels import label

FORMATS = ("number", "money", "percent")

DIMENSION_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 客户, en: Customer}"
)
DIMENSION_EXPR = Key(
    "expr",
    EXPRESSION,
    label(zh="表达式", en="what rows are grouped by"),
    required=True,
    example="customer.name",
)
DIMENSION = Words(
    name=label(zh="维度", en="dimension"), keys=(DIMENSION_LABEL, DIMENSION_EXPR), shorthand=DIMENSION_EXPR
)

MEASURE_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 销售额, en: Sales}"
)
MEASURE_AGG = Key(
    "agg",
    OneOf(tuple(each.value for each in Aggregation)),
    label(zh="汇总方式", en="how rows are summed up"),
    example="sum",
)
MEASURE_EXPR = Key("expr", EXPRESSION, label(zh="表达式", en="what is summed up"), example="lines.amount")
MEASURE_WHERE = Key("where", EXPRESSION, label(zh="条件", en="which rows count"), example="status == 'done'")
MEASURE_RATIO = Key(
    "ratio",
    EXPRESSION,
    label(zh="指标之间的计算", en="worked out of other measures"),
    example="profit / sales",
)
MEASURE_FORMAT = Key("format", OneOf(FORMATS), label(zh="显示格式", en="how it is shown"), example="percent")
MEASURE = Words(
    name=label(zh="指标", en="measure"),
    keys=(MEASURE_LABEL, MEASURE_AGG, MEASURE_EXPR, MEASURE_WHERE, MEASURE_RATIO, MEASURE_FORMAT),
)

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 销售, en: Sales}")
FROM = Key(
    "from",
    NAME,
    label(
        zh="数据来源：表单、明细、台账（`stock`、`stock.entries`）或流程历史（`order_life.steps`）",
        en="a form, its lines, a ledger (`stock`, `stock.entries`) or a history (`order_life.steps`)",
    ),
    required=True,
    example="order.lines",
)
WHERE = Key(
    "where", EXPRESSION, label(zh="条件", en="which rows count"), example="order.status != 'cancelled'"
)
TIME = Key(
    "time", EXPRESSION, label(zh="时间字段", en="the time its grains are made of"), example="order.ordered_on"
)
DIMENSIONS = Key(
    "dimensions",
    MapOf(Nested(DIMENSION)),
    label(zh="维度", en="what rows are grouped by"),
    example="{customer: customer, kind: {label: 业务类型, expr: kind}}",
)
MEASURES = Key(
    "measures",
    MapOf(Nested(MEASURE)),
    label(zh="指标", en="the numbers"),
    required=True,
    example="{sales: {label: 销售额, agg: sum, expr: amount}}",
)
REPORT = Words(
    name=label(zh="报表", en="report"),
    about=label(zh="按维度汇总的指标", en="measures, summed up by dimensions"),
    keys=(LABEL_, FROM, WHERE, TIME, DIMENSIONS, MEASURES),
)

TILE_LABEL = Key(
    "label", LABEL, label(zh="名称", en="the heading"), example="{zh: 本月销售, en: Sales of the month}"
)
TILE_WIDTH = Key("width", Whole(1, 12), label(zh="宽度（12 栏）", en="columns of 12"), example="6")
TILE_KPI = Key("kpi", NAME, label(zh="指标卡", en="one number: `report.measure`"), example="sales.sales")
TILE_COMPARE = Key(
    "compare",
    OneOf(("previous_period", "previous_year")),
    label(zh="对比", en="what it is compared with"),
    example="previous_period",
)
TILE_CHART = Key(
    "chart", OneOf(("line", "bar", "pie")), label(zh="图表类型", en="the kind of chart"), example="line"
)
TILE_MEASURE = Key("measure", NAME, label(zh="指标", en="`report.measure`"), example="sales.sales")
TILE_BY = Key("by", NAME, label(zh="维度", en="a dimension, or a grain of time"), example="month")
TILE_TOP = Key("top", Whole(1, 100), label(zh="前几名", en="only the largest"), example="10")
TILE_PIVOT = Key("pivot", NAME, label(zh="交叉表", en="a table of `report.measure`"), example="sales.sales")
TILE_ROWS = Key("rows", NAME, label(zh="行维度", en="the dimension of the rows"), example="customer")
TILE_COLUMNS = Key("columns", NAME, label(zh="列维度", en="the dimension of the columns"), example="month")
TILE_LIST = Key("list", NAME, label(zh="列表", en="`form` or `form.view`"), example="order.late")
TILE_LIMIT = Key("limit", Whole(1, 100), label(zh="行数", en="how many records"), default="10", example="20")
TILE = Words(
    name=label(zh="看板组件", en="tile"),
    keys=(
        TILE_LABEL,
        TILE_WIDTH,
        TILE_KPI,
        TILE_COMPARE,
        TILE_CHART,
        TILE_MEASURE,
        TILE_BY,
        TILE_TOP,
        TILE_PIVOT,
        TILE_ROWS,
        TILE_COLUMNS,
        TILE_LIST,
        TILE_LIMIT,
    ),
)

FILTER_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 期间, en: Period}"
)
FILTER_DEFAULT = Key(
    "default", TEXT, label(zh="默认值", en="a value, or `this_year` and the like"), example="this_year"
)
FILTER_ON = Key(
    "on",
    MapOf(NAME),
    label(zh="作用于", en="report → its dimension, or `time`"),
    required=True,
    example="{sales: time}",
)
FILTER = Words(name=label(zh="看板筛选", en="filter"), keys=(FILTER_LABEL, FILTER_DEFAULT, FILTER_ON))

TILES = Key(
    "tiles",
    ListOf(Nested(TILE)),
    label(zh="组件", en="the tiles"),
    required=True,
    example="[{kpi: sales.sales}, {chart: line, measure: sales.sales, by: month}]",
)
FILTERS = Key(
    "filters",
    MapOf(Nested(FILTER)),
    label(zh="筛选", en="filters over the tiles"),
    example="{period: {label: 期间, default: this_year, on: {sales: time}}}",
)
DASHBOARD = Words(
    name=label(zh="看板", en="dashboard"),
    about=label(zh="首页上的指标卡、图表和列表", en="numbers, charts and lists on one page"),
    keys=(LABEL_, TILES, FILTERS),
)
