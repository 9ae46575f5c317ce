"""The words of `form` and `extend`."""

from orderkit.language.spec.parts.derivation import MERGE_WORDS, SOURCE, SPLIT_WORDS
from orderkit.language.spec.parts.field import FIELD
from orderkit.language.spec.readers import (
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    ONE_OR_MORE_NAMES,
    TEMPLATE,
    TEXT,
    VALUE,
    Deferred,
    ListOf,
    MapOf,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

CHECK_THAT = Key(
    "that",
    EXPRESSION,
    label(zh="必须成立的条件", en="what must hold"),
    required=True,
    example="need_by >= ordered_on",
)
CHECK_ERROR = Key(
    "error",
    LABEL,
    label(zh="不成立时的提示", en="what to say when it does not"),
    example="{zh: 交货早于下单, en: Delivery is before the order}",
)
CHECK_AT = Key(
    "at", NAME, label(zh="提示显示在哪个字段", en="the field the message stands at"), example="need_by"
)
CHECK = Words(
    name=label(zh="校验", en="check"), keys=(CHECK_THAT, CHECK_ERROR, CHECK_AT), shorthand=CHECK_THAT
)

SECTION_LABEL = Key(
    "section",
    LABEL,
    label(zh="分区名称", en="the heading"),
    required=True,
    example="{zh: 基本信息, en: Details}",
)
SECTION_FIELDS = Key(
    "fields", NAMES, label(zh="字段", en="its fields"), required=True, example="[customer, ordered_on]"
)
SECTION_COLUMNS = Key(
    "columns", Whole(1, 4), label(zh="列数", en="fields beside each other"), default="2", example="3"
)
SECTION_COLLAPSED = Key("collapsed", FLAG, label(zh="默认折叠", en="whether it starts closed"))
SECTION_TAB = Key(
    "tab",
    LABEL,
    label(
        zh="所在的标签页；同名的分区在同一页，没有的总显示在上面",
        en="the tab on which it stands, with all that name the same; without one it always stands above",
    ),
    example="{zh: 物流, en: Logistics}",
)
SECTION = Words(
    name=label(zh="分区", en="section"),
    keys=(SECTION_LABEL, SECTION_FIELDS, SECTION_COLUMNS, SECTION_COLLAPSED, SECTION_TAB),
)

VIEW_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 逾期未交, en: Late}"
)
VIEW_WHERE = Key(
    "where", EXPRESSION, label(zh="条件", en="which records it shows"), required=True, example="overdue"
)
VIEW = Words(name=label(zh="视图", en="view"), keys=(VIEW_LABEL, VIEW_WHERE))

LIST_COLUMNS = Key("columns", NAMES, label(zh="列", en="the columns"), example="[number, customer, total]")
LIST_FILTERS = Key(
    "filters", NAMES, label(zh="筛选字段", en="fields to filter by"), example="[customer, ordered_on]"
)
LIST_SORT = Key(
    "sort",
    ONE_OR_MORE_NAMES,
    label(zh="排序，`-` 为倒序", en="the order, `-` for descending"),
    example="-ordered_on",
)
LIST_VIEWS = Key(
    "views",
    MapOf(Nested(VIEW)),
    label(zh="视图", en="named filters"),
    example="{late: {label: 逾期未交, where: overdue}}",
)
LIST_BOARDS = Key(
    "boards",
    NAMES,
    label(zh="看板视图的字段", en="choice fields whose values are the columns of a board"),
    example="[kind]",
)
LIST_CALENDAR = Key(
    "calendar",
    NAME,
    label(zh="日历视图的日期字段", en="the date by which records stand in a calendar"),
    example="need_by",
)
LIST = Words(
    name=label(zh="列表", en="list"),
    keys=(LIST_COLUMNS, LIST_FILTERS, LIST_SORT, LIST_VIEWS, LIST_BOARDS, LIST_CALENDAR),
)

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 销售订单, en: Sales order}"
)
NUMBER = Key(
    "number",
    TEMPLATE,
    label(zh="单号规则", en="how records are numbered"),
    example='"SO{ordered_on:%Y%m%d}-{seq:4}"',
)
TITLE = Key(
    "title",
    TEMPLATE,
    label(zh="标题", en="how a record is called where it is referred to"),
    example='"{number} {customer.name}"',
)
FIELDS = Key(
    "fields",
    MapOf(Nested(FIELD)),
    label(zh="字段", en="its fields"),
    required=True,
    example="{name: {type: text, required: true}}",
)
CHECKS = Key(
    "checks",
    ListOf(Nested(CHECK)),
    label(zh="校验", en="what must hold for each record"),
    example="[{that: need_by >= ordered_on, error: 交货早于下单, at: need_by}]",
)
UNIQUE = Key(
    "unique",
    ListOf(NAMES),
    label(zh="组合唯一", en="fields that are unique together"),
    example="[[external_no, customer]]",
)
INDEXES = Key(
    "indexes",
    ListOf(NAMES),
    label(
        zh="组合索引",
        en="fields by which the database finds and sorts records together; pages of a list begin in them",
    ),
    example="[[salesperson, ordered_on]]",
)
LAYOUT = Key(
    "layout",
    ListOf(Nested(SECTION)),
    label(zh="页面布局", en="the sections of the page"),
    example="[{section: 基本信息, columns: 3, fields: [customer, ordered_on]}]",
)
LIST_ = Key(
    "list",
    Nested(LIST),
    label(zh="列表页", en="the list page"),
    example="{columns: [number, customer], sort: -ordered_on}",
)
VARIANTS = Key(
    "variants",
    Deferred(shapes=(Nested(lambda: VARIANTS_WORDS),)),
    label(zh="按选项的模板", en="templates by the value of a choice"),
    example="{by: kind, repair: {require: [original_order]}}",
)
RENAMED_FROM = Key(
    "renamed_from", TEXT, label(zh="原标识", en="its id before a rename"), example="sales_order"
)
CREATE_FROM = Key(
    "create_from",
    MapOf(Nested(SOURCE)),
    label(zh="由其它单据生成（下推）", en="from which forms its records are made"),
    example="{order: {label: 发货, where: open_qty > 0, "
    "lines: {each: lines, set: {order_line: =item, qty: =item.open_qty}, limit: {qty: item.open_qty}}}}",
)
SPLIT = Key(
    "split",
    Nested(SPLIT_WORDS),
    label(zh="拆单", en="how one record is divided into two"),
    example="{quantity: lines.qty}",
)
MERGE = Key(
    "merge",
    Nested(MERGE_WORDS),
    label(zh="合单", en="how several records become one"),
    example="{same: [customer], rows: [product]}",
)

FORM = Words(
    name=label(zh="表单", en="form"),
    about=label(
        zh="一种单据或资料：字段、校验、页面", en="a type of record: its fields, what must hold, how it looks"
    ),
    keys=(
        LABEL_,
        NUMBER,
        TITLE,
        FIELDS,
        CHECKS,
        UNIQUE,
        INDEXES,
        LAYOUT,
        LIST_,
        VARIANTS,
        CREATE_FROM,
        SPLIT,
        MERGE,
        RENAMED_FROM,
    ),
)
EXTEND = Words(
    name=label(zh="扩展", en="extension"),
    about=label(
        zh="给内置表单（user、department）加字段", en="more fields on a built-in form: `user` or `department`"
    ),
    keys=(LABEL_, FIELDS, CHECKS, UNIQUE, INDEXES, LAYOUT, LIST_),
)

VARIANTS_BY = Key(
    "by", NAME, label(zh="按哪个选项字段", en="the choice field"), required=True, example="kind"
)
VARIANTS_WORDS: Words = Words(
    name=label(zh="模板", en="variants"), keys=(VARIANTS_BY,), takes_more=True, more=Nested(lambda: VARIANT)
)
VARIANT_LABEL = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 返修单, en: Repair}"
)
VARIANT_HIDE = Key(
    "hide", NAMES, label(zh="隐藏的字段", en="fields it does not show"), example="[quote_valid_until]"
)
VARIANT_REQUIRE = Key(
    "require", NAMES, label(zh="必填的字段", en="fields it requires"), example="[original_order]"
)
VARIANT_DEFAULT = Key(
    "default", MapOf(VALUE), label(zh="默认值", en="its defaults"), example="{source: 老客户}"
)
VARIANT: Words = Words(
    name=label(zh="模板", en="variant"),
    keys=(VARIANT_LABEL, VARIANT_HIDE, VARIANT_REQUIRE, VARIANT_DEFAULT),
)
