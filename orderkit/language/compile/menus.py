"""Menus: links and groups of links."""

from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import menu as words
from orderkit.language.spec.words import MISSING_KEY
from orderkit.model.labels import Label, label
from orderkit.model.menus import Menu, MenuGroup, MenuLink

WRONG_ITEM = Code(
    "OK8401",
    "wrong-menu-item",
    ERROR,
    since="0.1",
    explain="""
    An item of a menu is a link (`form`, `report`, `dashboard`, `page`, `import`, `ledger`) or a `group` with `items`, which are links.
    ~~~yaml bad
    menu: main
    items: [{icon: home}]
    ~~~
    ~~~yaml good
    menu: main
    items: [{form: user}]
    ~~~""",
    zh="菜单项是一个链接（`form`、`report`、`dashboard`、`page`、`import`、`ledger`），或一个带 `items` 链接的 `group`。",
)


def lower_menus(lowering: Lowering) -> tuple[Menu, ...]:
    """Return every menu, by id."""
    return tuple(
        _lower(lowering, declared, declared.written)
        for declared in lowering.compilation.named.of("menu").values()
        if declared.written is not None
    )


def _lower(lowering: Lowering, declared: Declared, written: Written) -> Menu:
    items: list[MenuLink | MenuGroup] = []
    for item in written[words.ITEMS] or ():
        found = _group(lowering, item) if words.GROUP in item else _link(lowering, item)
        if found is not None:
            items.append(found)
    return Menu(id=declared.id, label=written[words.MENU_LABEL], items=tuple(items), origin=declared.origin)


def _group(lowering: Lowering, written: Written) -> MenuGroup | None:
    for key in words.LINKS:
        if key in written:
            _report(lowering, written.key_of(key))
    if words.ITEMS_OF_GROUP not in written:
        lowering.reading.report(
            MISSING_KEY,
            written.key_of(words.GROUP),
            label(zh="分组缺少 `items`", en="the group has no `items`"),
            label(zh="加上 `items:`", en="add `items:`"),
        )
    read = [words.ITEM.read(node, lowering.reading) for node in written[words.ITEMS_OF_GROUP] or ()]
    links = [_link(lowering, item) for item in read]
    text = written[words.GROUP]
    if text is None:
        return None
    return MenuGroup(
        label=text, items=tuple(link for link in links if link is not None), icon=written[words.ICON]
    )


def _link(lowering: Lowering, written: Written) -> MenuLink | None:
    if written.is_broken:
        return None
    keys = [key for key in words.LINKS if key in written]
    if len(keys) != 1 or words.GROUP in written or words.ITEMS_OF_GROUP in written:
        places = [key for key, _ in written.node.entries]
        if places:
            _report(lowering, places[-1] if len(keys) > 1 else places[0])
        return None
    kind, node = keys[0].name, written[keys[0]]
    if node is None or not _exists(lowering, kind, node):
        return None
    return MenuLink(
        kind=kind,
        target=node.text,
        label=written[words.LABEL_] or _label_of(lowering, kind, node.text),
        icon=written[words.ICON],
    )


def _exists(lowering: Lowering, kind: str, node: ScalarNode) -> bool:
    if kind == "form":
        return lowering.compilation.form(node) is not None
    return lowering.compilation.known(node, kind)


def _label_of(lowering: Lowering, kind: str, name: str) -> Label:
    if kind == "form":
        return lowering.compilation.shapes[name].label
    written = lowering.compilation.named.of(kind)[name].written
    found: Label | None = None if written is None else written.values.get("label")
    return found or readable(name)


def _report(lowering: Lowering, place: ScalarNode) -> None:
    lowering.reading.report(
        WRONG_ITEM,
        place,
        label(
            zh="菜单项是一个链接，或一个带 `items` 的 `group`",
            en="a menu item is one link, or a `group` with `items`",
        ),
        label(zh="例如 `{form: order}`", en="for example `{form: order}`"),
    )
