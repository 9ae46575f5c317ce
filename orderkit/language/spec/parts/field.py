"""The words of a field. What belongs to one field type only is read by the options of that type."""

from orderkit.language.spec.readers import (
    EXPRESSION,
    FLAG,
    LABEL,
    NAME,
    NAMES,
    TEXT,
    VALUE,
    Deferred,
    MapOf,
    OneOf,
    Whole,
)
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.forms import Mask
from orderkit.model.labels import label

TYPE = Key("type", NAME, label(zh="字段类型", en="the field type"), required=True, example="money")
LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 单价, en: Price}")
HELP = Key("help", LABEL, label(zh="帮助文字", en="a hint beside the field"), example="不含税")
PLACEHOLDER = Key(
    "placeholder", LABEL, label(zh="占位文字", en="a hint inside the empty field"), example="例如 12.50"
)
REQUIRED = Key("required", FLAG, label(zh="必填", en="whether it must be filled"))
READONLY = Key("readonly", FLAG, label(zh="只读", en="whether people may not write it"))
UNIQUE = Key("unique", FLAG, label(zh="唯一", en="whether no two records may have one value"))
INDEX = Key("index", FLAG, label(zh="索引", en="whether the database keeps an index"))
SET_ONCE = Key("set_once", FLAG, label(zh="只能填一次", en="whether it stays once it is filled"))
NO_COPY = Key("no_copy", FLAG, label(zh="复制时不带", en="whether a copy of the record leaves it empty"))
EDITABLE = Key("editable", FLAG, label(zh="带出后可改", en="whether people may overwrite what `copy` took"))
DEFAULT = Key("default", VALUE, label(zh="默认值", en="the value of a new record"), example="=today()")
COPY = Key(
    "copy",
    EXPRESSION,
    label(zh="带出", en="taken when its inputs change, then kept"),
    example="product.list_price",
)
COMPUTE = Key("compute", EXPRESSION, label(zh="计算并保存", en="stored and kept true"), example="qty * price")
VIRTUAL = Key(
    "virtual", EXPRESSION, label(zh="读取时计算", en="worked out at each read"), example="need_by < today()"
)
CHECK = Key("check", EXPRESSION, label(zh="校验", en="a condition on `value`"), example="value > 0")
ERROR = Key(
    "error",
    LABEL,
    label(zh="校验不通过时的提示", en="what to say when `check` fails"),
    example="{zh: 数量必须大于 0, en: The quantity must be above 0}",
)
VISIBLE_IF = Key(
    "visible_if",
    EXPRESSION,
    label(zh="显示条件", en="shown only while this holds"),
    example="kind == 'custom'",
)
REQUIRED_IF = Key(
    "required_if",
    EXPRESSION,
    label(zh="必填条件", en="required while this holds"),
    example="kind == 'custom'",
)
READONLY_IF = Key(
    "readonly_if", EXPRESSION, label(zh="只读条件", en="read-only while this holds"), example="total > 0"
)
WHERE = Key("where", EXPRESSION, label(zh="可选范围", en="which records may be chosen"), example="active")
MASK = Key(
    "mask",
    OneOf(tuple(Mask)),
    label(
        zh="脱敏方式；凡未写 `unmask` 的角色都只看到脱敏后的值",
        en="the manner in which it is masked, for every role that does not name it in `unmask`",
    ),
    example="phone",
)
PII = Key("pii", FLAG, label(zh="个人信息", en="whether it is personal data"))
WIDTH = Key(
    "width", Whole(1, 12), label(zh="宽度（12 栏）", en="columns of 12 it takes on the page"), example="6"
)
SEARCH = Key(
    "search",
    NAMES,
    label(
        zh="搜索字段：在目标表单里查找，也支持拼音首字母",
        en="fields of the target that are searched, by pinyin initials too",
    ),
    example="[name, phone]",
)
RENAMED_FROM = Key(
    "renamed_from", TEXT, label(zh="原标识", en="its id before a rename"), example="unit_price"
)
MOVED_FROM = Key(
    "moved_from",
    TEXT,
    label(zh="原来所在的 `表单.字段`", en="the `form.field` that it was before it moved"),
    example="order.carrier",
)
BACKFILL = Key(
    "backfill",
    EXPRESSION,
    label(
        zh="已有记录的值；由可选变为必填时也用它，但可能隐藏的字段（`visible_if`）除外",
        en="what records get that are older than the field, or empty when it becomes required, unless it may be hidden "
        "(`visible_if`)",
    ),
    example="coalesce(ordered_on, today())",
)
CONVERT = Key(
    "convert",
    EXPRESSION,
    label(
        zh="旧值怎样变成新类型（`value` 是旧值；空的记录也会问到，`value` 为 null）",
        en="how `value`, of the old type, becomes one of the new; empty values are asked about too, as `null`",
    ),
    example="number(value)",
)
FIELDS = Key(
    "fields",
    Deferred(shapes=(MapOf(Nested(lambda: FIELD)),)),
    label(zh="明细字段", en="the fields of the rows, of type `lines`"),
    example="{qty: {type: integer}, price: {type: money}}",
)

FIELD: Words = Words(
    name=label(zh="字段", en="field"),
    keys=(
        TYPE,
        LABEL_,
        HELP,
        PLACEHOLDER,
        REQUIRED,
        READONLY,
        UNIQUE,
        INDEX,
        SET_ONCE,
        NO_COPY,
        EDITABLE,
        DEFAULT,
        COPY,
        COMPUTE,
        VIRTUAL,
        CHECK,
        ERROR,
        VISIBLE_IF,
        REQUIRED_IF,
        READONLY_IF,
        WHERE,
        MASK,
        PII,
        WIDTH,
        SEARCH,
        RENAMED_FROM,
        MOVED_FROM,
        BACKFILL,
        CONVERT,
        FIELDS,
    ),
    takes_more=True,
)
