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
from orderkit.model.labels import label
from orderkit.model.reports import Aggregation

FORMATS = ("number", "money", "percent")

DIMENSION_LABEL = Key("label", LABEL, label(zh="名称", en="what people call it"))
DIMENSION_EXPR = Key("expr", EXPRESSION, label(zh="表达式", en="what rows are grouped by"), required=True)
DIMENSION = Words(
    name=label(zh="维度", en="dimension"), keys=(DIMENSION_LABEL, DIMENSION_EXPR), shorthand=DIMENSION_EXPR
)

MEASURE_LABEL = Key("label", LABEL, label(zh="名称", en="what people call it"))
MEASURE_AGG = Key(
    "agg", OneOf(tuple(each.value for each in Aggregation)), label(zh="汇总方式", en="how rows are summed up")
)
MEASURE_EXPR = Key("expr", EXPRESSION, label(zh="表达式", en="what is summed up"))
MEASURE_WHERE = Key("where", EXPRESSION, label(zh="条件", en="which rows count"))
MEASURE_RATIO = Key("ratio", EXPRESSION, label(zh="指标之间的计算", en="worked out of other measures"))
MEASURE_FORMAT = Key("format", OneOf(FORMATS), label(zh="显示格式", en="how it is shown"))
MEASURE = Words(
    name=label(zh="指标", en="measure"),
    keys=(MEASURE_LABEL, MEASURE_AGG, MEASURE_EXPR, MEASURE_WHERE, MEASURE_RATIO, MEASURE_FORMAT),
)

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))
FROM = Key("from", NAME, label(zh="数据来源", en="a form, or its lines"), required=True)
WHERE = Key("where", EXPRESSION, label(zh="条件", en="which rows count"))
TIME = Key("time", EXPRESSION, label(zh="时间字段", en="the time its grains are made of"))
DIMENSIONS = Key("dimensions", MapOf(Nested(DIMENSION)), label(zh="维度", en="what rows are grouped by"))
MEASURES = Key("measures", MapOf(Nested(MEASURE)), label(zh="指标", en="the numbers"), required=True)
REPORT = Words(name=label(zh="报表", en="report"), keys=(LABEL_, FROM, WHERE, TIME, DIMENSIONS, MEASURES))

TILE_LABEL = Key("label", LABEL, label(zh="名称", en="the heading"))
TILE_WIDTH = Key("width", Whole(1, 12), label(zh="宽度（12 栏）", en="columns of 12"))
TILE_KPI = Key("kpi", NAME, label(zh="指标卡", en="one number: `report.measure`"))
TILE_COMPARE = Key(
    "compare", OneOf(("previous_period", "previous_year")), label(zh="对比", en="what it is compared with")
)
TILE_CHART = Key("chart", OneOf(("line", "bar", "pie")), label(zh="图表类型", en="the kind of chart"))
TILE_MEASURE = Key("measure", NAME, label(zh="指标", en="`report.measure`"))
TILE_BY = Key("by", NAME, label(zh="维度", en="a dimension, or a grain of time"))
TILE_TOP = Key("top", Whole(1, 100), label(zh="前几名", en="only the largest"))
TILE_PIVOT = Key("pivot", NAME, label(zh="交叉表", en="a table of `report.measure`"))
TILE_ROWS = Key("rows", NAME, label(zh="行维度", en="the dimension of the rows"))
TILE_COLUMNS = Key("columns", NAME, label(zh="列维度", en="the dimension of the columns"))
TILE_LIST = Key("list", NAME, label(zh="列表", en="`form` or `form.view`"))
TILE_LIMIT = Key("limit", Whole(1, 100), label(zh="行数", en="how many records"))
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

FILTER_LABEL = Key("label", LABEL, label(zh="名称", en="what people call it"))
FILTER_DEFAULT = Key("default", TEXT, label(zh="默认值", en="a value, or `this_year` and the like"))
FILTER_ON = Key("on", MapOf(NAME), label(zh="作用于", en="report → its dimension, or `time`"), required=True)
FILTER = Words(name=label(zh="看板筛选", en="filter"), keys=(FILTER_LABEL, FILTER_DEFAULT, FILTER_ON))

TILES = Key("tiles", ListOf(Nested(TILE)), label(zh="组件", en="the tiles"), required=True)
FILTERS = Key("filters", MapOf(Nested(FILTER)), label(zh="筛选", en="filters over the tiles"))
DASHBOARD = Words(name=label(zh="看板", en="dashboard"), keys=(LABEL_, TILES, FILTERS))
