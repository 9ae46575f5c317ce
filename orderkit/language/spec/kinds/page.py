"""The words of `page`."""

from orderkit.language.spec.readers import EXPRESSION, LABEL, NAME, NAMES, TEXT, MapOf, Whole
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

FORM = Key(
    "form", NAME, label(zh="取哪个表单的记录", en="the form whose records it is given"), example="order"
)
RECORD = Key(
    "record",
    NAME,
    label(
        zh="取哪个表单的一条记录，编号写在地址里",
        en="the form of the one record whose id the address says under this name",
    ),
    example="order",
)
WHERE = Key("where", EXPRESSION, label(zh="条件", en="which records"), example="need_by == today()")
BY = Key(
    "by",
    NAMES,
    label(zh="地址可指定的字段（`?customer=5`）", en="fields that the address may ask for, as `?customer=5`"),
    example="[customer]",
)
SORT = Key(
    "sort",
    NAMES,
    label(zh="排序；`-` 表示倒序", en="their order; `-` begins with the last"),
    example="[need_by]",
)
FIELDS = Key(
    "fields",
    NAMES,
    label(
        zh="模板可用的字段；不写则为列表的列",
        en="the fields that the template has; else the columns of the list",
    ),
    example="[number, customer]",
)
LIMIT = Key("limit", Whole(1, 200), label(zh="最多几条", en="at most how many"), default="50", example="100")
DATA_ENTRY = Words(
    name=label(zh="页面数据", en="data of a page"),
    keys=(FORM, RECORD, WHERE, BY, SORT, FIELDS, LIMIT),
)

LABEL_ = Key(
    "label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 今日发货, en: Deliveries}"
)
ICON = Key("icon", TEXT, label(zh="图标", en="its icon"), example="truck")
ROLES = Key(
    "roles",
    NAMES,
    label(zh="谁可以打开；不写则只有管理员", en="who may open it; without any, administrators alone"),
    example="[warehouse]",
)
DATA = Key(
    "data",
    MapOf(Nested(DATA_ENTRY)),
    label(zh="模板得到的数据", en="what its template is given, by name"),
    example="{due: {form: order, where: need_by == today()}}",
)
PAGE = Words(
    name=label(zh="页面", en="page"),
    about=label(
        zh="项目自己的页面，模板是 `templates/pages/<标识>.html`",
        en="a page of the project's own, drawn by `templates/pages/<id>.html`",
    ),
    keys=(LABEL_, ICON, ROLES, DATA),
)
