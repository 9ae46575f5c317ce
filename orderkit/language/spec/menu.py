"""The words of `menu`."""

from orderkit.language.spec.readers import LABEL, NAME, NODE, TEXT, ListOf
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

FORM = Key("form", NAME, label(zh="表单", en="the list of a form"))
REPORT = Key("report", NAME, label(zh="报表", en="a report"))
DASHBOARD = Key("dashboard", NAME, label(zh="看板", en="a dashboard"))
IMPORT = Key("import", NAME, label(zh="导入", en="an import"))
GROUP = Key("group", LABEL, label(zh="分组名称", en="the heading of a group"))
ITEMS_OF_GROUP = Key("items", ListOf(NODE), label(zh="分组中的链接", en="the links of a group"))
LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))
ICON = Key("icon", TEXT, label(zh="图标", en="its icon"))
LINKS = (FORM, REPORT, DASHBOARD, IMPORT)
ITEM = Words(
    name=label(zh="菜单项", en="menu item"),
    keys=(*LINKS, GROUP, ITEMS_OF_GROUP, LABEL_, ICON),
    later=("ledger",),
)

ITEMS = Key("items", ListOf(Nested(ITEM)), label(zh="菜单项", en="its items"), required=True)
MENU = Words(name=label(zh="菜单", en="menu"), keys=(ITEMS,), shown_later=("label",))
