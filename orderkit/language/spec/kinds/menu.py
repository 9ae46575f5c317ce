"""The words of `menu`."""

from orderkit.language.spec.readers import LABEL, NAME, TEXT, Deferred, ListOf
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

FORM = Key("form", NAME, label(zh="表单", en="the list of a form"), example="order")
REPORT = Key("report", NAME, label(zh="报表", en="a report"), example="sales")
DASHBOARD = Key("dashboard", NAME, label(zh="看板", en="a dashboard"), example="overview")
LEDGER = Key(
    "ledger", NAME, label(zh="台账", en="the balances of a ledger"), example="stock", awaits_engine=True
)
PAGE = Key("page", NAME, label(zh="项目自己的页面", en="a page of the project"), example="deliveries")
IMPORT = Key("import", NAME, label(zh="导入", en="an import"), example="online_retail")
GROUP = Key(
    "group", LABEL, label(zh="分组名称", en="the heading of a group"), example="{zh: 销售, en: Sales}"
)
ITEMS_OF_GROUP = Key(
    "items",
    ListOf(Deferred(shapes=(Nested(lambda: ITEM),))),
    label(zh="分组中的链接", en="the links of a group"),
    example="[{form: order}, {form: customer}]",
)
LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"), example="{zh: 订单, en: Orders}")
ICON = Key("icon", TEXT, label(zh="图标", en="its icon"), example="file-text")
LINKS = (FORM, REPORT, DASHBOARD, PAGE, IMPORT, LEDGER)
ITEM: Words = Words(
    name=label(zh="菜单项", en="menu item"),
    keys=(*LINKS, GROUP, ITEMS_OF_GROUP, LABEL_, ICON),
)

ITEMS = Key(
    "items",
    ListOf(Nested(ITEM)),
    label(zh="菜单项", en="its items"),
    required=True,
    example="[{dashboard: overview}, {group: 销售, items: [{form: order}]}]",
)
MENU_LABEL = Key(
    "label",
    LABEL,
    label(
        zh="名称",
        en="what people call it; a project with several menus shows it above the links of each but the first",
    ),
    example="{zh: 主菜单, en: Main menu}",
)
MENU = Words(
    name=label(zh="菜单", en="menu"),
    about=label(zh="导航", en="the navigation"),
    keys=(MENU_LABEL, ITEMS),
)
