"""How a form is shown: sections, the list, and what stands there when nothing is written."""

from collections.abc import Collection, Sequence

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import form as words
from orderkit.model.expressions.types import Choice, Date, DateTime, File, Rows
from orderkit.model.forms import ListLayout, Section, SortKey, SystemRole, View
from orderkit.model.labels import label

FIELD_TWICE = Code(
    "OK8001",
    "field-twice",
    ERROR,
    since="0.1",
    explain="""
    A field stands twice in the layout of a form, or twice in its list.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text}}
    layout: [{section: Basics, fields: [name, name]}]
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    layout: [{section: Basics, fields: [name]}]
    ~~~""",
    zh="字段在表单的布局里，或在列表里，写了两次。",
)
REQUIRED_NOT_SHOWN = Code(
    "OK8002",
    "required-not-shown",
    ERROR,
    since="0.1",
    explain="""
    A required field without a default stands in no section of the layout, so nobody could fill it.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text, required: true}, phone: {type: text}}
    layout: [{section: Basics, fields: [phone]}]
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text, required: true}, phone: {type: text}}
    layout: [{section: Basics, fields: [name, phone]}]
    ~~~""",
    zh="必填而没有默认值的字段不在布局的任何分区里，谁也填不了。",
)
NOT_IN_LIST = Code(
    "OK8003",
    "not-in-list",
    ERROR,
    since="0.1",
    explain="""
    Lines, files and fields worked out at each read cannot be sorted by; lines cannot be a column or a filter.
    ~~~yaml bad
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    list: {columns: [name, lines]}
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}
    list: {columns: [name]}
    ~~~""",
    zh="明细、附件和读取时计算的字段不能排序；明细不能作列或筛选。",
)

NOT_A_BOARD = Code(
    "OK8632",
    "not-a-board",
    ERROR,
    since="0.1",
    explain="""
    A board has a column for each value of a choice field, such as the state; another field has no columns.
    ~~~yaml bad
    form: order
    fields: {name: {type: text}}
    list: {boards: [name]}
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}, kind: {type: choice, options: [standard, repair]}}
    list: {boards: [kind]}
    ~~~""",
    zh="看板按单选字段（例如状态）的值分列；其它字段没有列可分。",
)
COMPUTED_BOARD = Code(
    "OK8650",
    "computed-board",
    ERROR,
    since="0.1",
    explain="""
    A board counts the records of each column and moves a card by writing its field; a field that is worked out at
    each read is not stored, so neither could be done.
    ~~~yaml bad
    form: order
    fields: {rush: {type: boolean}, lane: {type: choice, options: [fast, slow], virtual: "'fast' if rush else 'slow'"}}
    list: {boards: [lane]}
    ~~~
    ~~~yaml good
    form: order
    fields: {rush: {type: boolean}, lane: {type: choice, options: [fast, slow]}}
    list: {boards: [lane]}
    ~~~""",
    zh="看板要数每列有多少记录，移动卡片就是改这个字段；读取时计算的字段不保存，两件事都做不到。",
)
NOT_A_DAY = Code(
    "OK8633",
    "not-a-day",
    ERROR,
    since="0.1",
    explain="""
    A calendar puts records on days, so it needs a date or datetime field of the form itself.
    ~~~yaml bad
    form: order
    fields: {name: {type: text}}
    list: {calendar: name}
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    list: {calendar: need_by}
    ~~~""",
    zh="日历把记录放在日期上，需要本表单的日期或时间字段。",
)

_DEFAULT_COLUMNS = 6
_DETAILS = label(zh="基本信息", en="Details")


def lower_layout(lowering: Lowering, form: FormShape, written: Written) -> tuple[Section, ...]:
    """Return the sections of the page; without any, all fields, then each of the lines.

    What an extension lays out stands behind everything else of the built-in form.
    """
    sections = written[words.LAYOUT]
    if sections is None:
        return _default_layout(form)
    seen: set[str] = set()
    lowered = [
        Section(
            label=section[words.SECTION_LABEL] or _DETAILS,
            fields=_distinct(lowering, form, section[words.SECTION_FIELDS] or (), seen),
            columns=section[words.SECTION_COLUMNS] or 2,
            collapsed=section.flag(words.SECTION_COLLAPSED),
            tab=section[words.SECTION_TAB],
        )
        for section in sections
    ]
    if form.is_built_in:
        return (*_default_layout(form, seen), *lowered)
    _check_required(lowering, form, seen)
    return tuple(lowered)


def _distinct(
    lowering: Lowering, form: FormShape, nodes: Sequence[ScalarNode], seen: set[str]
) -> tuple[str, ...]:
    found = []
    for node in nodes:
        if lowering.compilation.path(form, node) is None:
            # A field that is wrong elsewhere was meant to stand here.
            seen.add(node.text)
        elif node.text in seen:
            lowering.reading.report(
                FIELD_TWICE,
                node,
                label(zh=f"字段 `{node.text}` 出现了两次", en=f"the field `{node.text}` stands twice"),
                label(zh="删掉一个", en="delete one of them"),
            )
        else:
            seen.add(node.text)
            found.append(node.text)
    return tuple(found)


def _check_required(lowering: Lowering, form: FormShape, shown: set[str]) -> None:
    for each in form.own_fields():
        field = each.field
        if (
            field is None
            or not field.required
            or each.id in shown
            or each.id_node is None
            or each.written is None
        ):
            continue
        if each.written.nodes.keys() & {"default", "compute", "copy", "virtual"}:
            continue
        lowering.reading.report(
            REQUIRED_NOT_SHOWN,
            each.id_node,
            label(
                zh=f"必填字段 `{each.id}` 不在页面布局里",
                en=f"the required field `{each.id}` stands in no section of the layout",
            ),
            label(
                zh="把它加到 `layout` 的一个分区，或给它 `default`",
                en="add it to a section, or give it a `default`",
            ),
        )


def _default_layout(form: FormShape, elsewhere: Collection[str] = ()) -> tuple[Section, ...]:
    own = [each for each in form.own_fields() if each.id not in elsewhere]
    plain = tuple(each.id for each in own if each.field is not None and not isinstance(each.type, Rows))
    sections = [Section(label=_DETAILS, fields=plain)] if plain else []
    sections += [Section(label=each.label, fields=(each.id,)) for each in own if isinstance(each.type, Rows)]
    return tuple(sections)


def lower_list(lowering: Lowering, form: FormShape, written: Written | None) -> ListLayout:
    """Return the list of a form; without words, its first fields."""
    listed = None if written is None else written[words.LIST_]
    if listed is None:
        return ListLayout(columns=_default_columns(form))
    columns = listed[words.LIST_COLUMNS]
    return ListLayout(
        columns=_default_columns(form) if columns is None else shown_fields(lowering, form, columns),
        filters=shown_fields(lowering, form, listed[words.LIST_FILTERS] or ()),
        sort=sort_keys(lowering, form, listed[words.LIST_SORT] or ()),
        views=tuple(_views(lowering, form, listed)),
        boards=_boards(lowering, form, listed[words.LIST_BOARDS] or ()),
        calendar=_calendar(lowering, form, listed[words.LIST_CALENDAR]),
    )


def _boards(lowering: Lowering, form: FormShape, nodes: Sequence[ScalarNode]) -> tuple[str, ...]:
    names = _distinct(lowering, form, nodes, set())
    for node in nodes:
        field = form.fields.get(node.text)
        if field is not None and field.written is not None and "virtual" in field.written.nodes:
            lowering.reading.report(
                COMPUTED_BOARD,
                node,
                label(zh=f"`{node.text}` 是读取时计算的", en=f"`{node.text}` is worked out at each read"),
                label(
                    zh="用保存的单选字段；把 `virtual` 改为 `compute` 就会保存",
                    en="use a choice that is stored; with `compute` in the place of `virtual` it is",
                ),
            )
        elif "." in node.text or (field is not None and field.field and not isinstance(field.type, Choice)):
            lowering.reading.report(
                NOT_A_BOARD,
                node,
                label(zh=f"`{node.text}` 不是单选字段", en=f"`{node.text}` is not a choice"),
                label(zh="用状态或单选字段", en="use the state or another choice field of the form"),
            )
    return names


def _calendar(lowering: Lowering, form: FormShape, node: ScalarNode | None) -> str | None:
    field = None if node is None else lowering.compilation.path(form, node)
    if node is None or field is None or field.field is None:
        return None
    if "." in node.text or not isinstance(field.type, (Date, DateTime)):
        lowering.reading.report(
            NOT_A_DAY,
            node,
            label(zh=f"`{node.text}` 不是日期字段", en=f"`{node.text}` is not a date"),
            label(zh="用本表单的日期或时间字段", en="use a date or datetime field of the form"),
        )
        return None
    return node.text


def shown_fields(lowering: Lowering, form: FormShape, nodes: Sequence[ScalarNode]) -> tuple[str, ...]:
    """Return fields that a list may show, each once; others are reported."""
    names = _distinct(lowering, form, nodes, set())
    for node in nodes:
        field = form.fields.get(node.text)
        if field is not None and isinstance(field.type, Rows):
            _report_not_in_list(lowering, node)
    return names


def sort_keys(lowering: Lowering, form: FormShape, nodes: Sequence[ScalarNode]) -> tuple[SortKey, ...]:
    """Return the order of a list as written; fields that none can have are reported."""
    keys = []
    for node in nodes:
        name = node.text.removeprefix("-")
        found = lowering.compilation.path(form, node, start=len(node.text) - len(name))
        if found is None or found.field is None:
            continue
        is_virtual = found.written is not None and "virtual" in found.written.nodes
        if isinstance(found.type, (Rows, File)) or is_virtual or "." in name:
            _report_not_in_list(lowering, node)
        else:
            keys.append(SortKey(field=name, descending=node.text.startswith("-")))
    return tuple(keys)


def _report_not_in_list(lowering: Lowering, node: ScalarNode) -> None:
    lowering.reading.report(
        NOT_IN_LIST,
        node,
        label(zh=f"`{node.text}` 不能放在这里", en=f"`{node.text}` cannot stand here"),
        label(zh="用保存在本表单上的字段", en="use a field that is stored on the form itself"),
    )


def _views(lowering: Lowering, form: FormShape, listed: Written) -> list[View]:
    views = []
    for key, written in listed[words.LIST_VIEWS] or ():
        where = lowering.checking.condition(written[words.VIEW_WHERE], lowering.places.record(form.id))
        if where is not None:
            views.append(
                View(id=key.text, label=written[words.VIEW_LABEL] or readable(key.text), where=where)
            )
    return views


def _default_columns(form: FormShape) -> tuple[str, ...]:
    known = [each for each in form.fields.values() if each.field is not None]
    first = [e.id for e in known if e.field is not None and e.field.system is SystemRole.NUMBER]
    last = [e.id for e in known if e.field is not None and e.field.system is SystemRole.STATE]
    own = [each.id for each in form.own_fields() if _is_column(each)]
    return (*first, *own[:_DEFAULT_COLUMNS], *last) or ("id",)


def _is_column(each: FieldShape) -> bool:
    return (
        each.field is not None and not isinstance(each.type, (Rows, File)) and each.field.type != "longtext"
    )
