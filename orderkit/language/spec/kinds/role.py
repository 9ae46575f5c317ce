"""The words of `role`."""

from orderkit.language.spec.readers import EXPRESSION, FLAG, LABEL, NAMES, Deferred, MapOf
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

RIGHT = Deferred(shapes=(FLAG, EXPRESSION))

CREATE = Key(
    "create",
    RIGHT,
    label(zh="新建", en="may create: true, or a condition on what is created"),
    default="false",
    example="true",
)
READ = Key(
    "read",
    RIGHT,
    label(zh="查看", en="may read: true, or which records"),
    default="false",
    example="owner == me",
)
UPDATE = Key(
    "update",
    RIGHT,
    label(zh="修改", en="may change: true, or which records"),
    default="false",
    example="owner == me and status == 'draft'",
)
DELETE = Key(
    "delete",
    RIGHT,
    label(zh="删除", en="may delete: true, or which records"),
    default="false",
    example="false",
)
HIDE = Key("hide", NAMES, label(zh="隐藏字段", en="fields they do not see"), example="[lines.cost]")
READONLY = Key(
    "readonly", NAMES, label(zh="只读字段", en="fields they may not write"), example="[credit_limit]"
)
WRITE = Key("write", NAMES, label(zh="只可写的字段", en="the only fields they may write"), example="[remark]")
MASK = Key("mask", NAMES, label(zh="脱敏字段", en="fields they see masked"), example="[phone]")
UNMASK = Key(
    "unmask",
    NAMES,
    label(zh="可见原值的脱敏字段", en="fields with a `mask` of their own that they see in full"),
    example="[phone]",
)
EXPORT = Key("export", FLAG, label(zh="导出", en="may export"))
PRINT = Key("print", FLAG, label(zh="打印", en="may print"))
IMPORT = Key("import", FLAG, label(zh="导入", en="may import"))
GRANT = Words(
    name=label(zh="权限", en="grant"),
    keys=(CREATE, READ, UPDATE, DELETE, HIDE, READONLY, WRITE, MASK, UNMASK, EXPORT, PRINT, IMPORT),
)

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 销售, en: Sales}")
FORMS = Key(
    "forms",
    MapOf(Nested(GRANT)),
    label(zh="表单权限", en="what they may do with each form"),
    example="{order: {create: true, read: owner == me}}",
)
REPORTS = Key("reports", NAMES, label(zh="可看的报表", en="reports they may see"), example="[sales]")
DASHBOARDS = Key(
    "dashboards", NAMES, label(zh="可看的看板", en="dashboards they may see"), example="[overview]"
)
ANALYTICS = Key(
    "analytics",
    NAMES,
    label(zh="可看流程分析的流程", en="workflows whose figures they may see, of the records that they see"),
    example="[order_life]",
)
ROLE = Words(
    name=label(zh="角色", en="role"),
    about=label(
        zh="一组人能看什么、做什么；`admin` 与 `everyone` 内置",
        en="what a group of people may see and do; `admin` and `everyone` are built in",
    ),
    keys=(LABEL_, FORMS, REPORTS, DASHBOARDS, ANALYTICS),
)
