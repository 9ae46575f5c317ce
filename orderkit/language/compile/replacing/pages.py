"""Pages of the project's own: their data, and their templates checked against it."""

from collections.abc import Iterator, Mapping

from orderkit.language.compile.forms.layouts import shown_fields, sort_keys
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.replacing import codes
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FieldShape
from orderkit.language.findings import did_you_mean
from orderkit.language.source import ScalarNode, SourceText
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import page as words
from orderkit.model.expressions.types import File, Rows
from orderkit.model.labels import Label, label
from orderkit.model.pages import PageData, PageRecord, PageRows, ProjectPage

FOLDER = "templates/pages/"
# What a page has besides its data.
TITLE = "title"
_OF_ROWS = (words.WHERE, words.BY, words.SORT, words.LIMIT)


def lower_pages(lowering: Lowering) -> tuple[ProjectPage, ...]:
    """Return every page of the project, by id."""
    lowered = (
        _lower(lowering, declared, declared.written)
        for declared in lowering.compilation.named.of("page").values()
        if declared.written is not None
    )
    return tuple(each for each in lowered if each is not None)


def template_of(page: str) -> str:
    """Return the path of the template of a page."""
    return f"{FOLDER}{page}.html"


def _lower(lowering: Lowering, declared: Declared, written: Written) -> ProjectPage | None:
    known = lowering.compilation.known
    entries = [(key, _entry(lowering, key, entry)) for key, entry in written[words.DATA] or ()]
    data = tuple(entry for _, entry in entries if entry is not None)
    roles = tuple(node.text for node in written[words.ROLES] or () if known(node, "role"))
    name = f"pages/{declared.id}.html"
    if name in lowering.compilation.catalog.originals:
        lowering.reading.report(
            codes.PAGE_NAME_TAKEN,
            declared.id_node,
            label(
                zh=f"`{declared.id}` 是 orderkit 自己的页面", en=f"orderkit has a page `{declared.id}` itself"
            ),
            label(zh="换一个标识", en="give yours another id"),
        )
        return None
    source = _source(lowering, declared)
    # What is wrong with the data is said at the data; the template would only repeat it.
    is_whole = all(entry is not None for _, entry in entries)
    if source is None or not (is_whole and _is_right(lowering, name, source, data, written)):
        return None
    return ProjectPage(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        icon=written[words.ICON],
        roles=roles,
        data=data,
        source=source.text.replace("\r\n", "\n"),
        origin=declared.origin,
    )


def _source(lowering: Lowering, declared: Declared) -> SourceText | None:
    path, templates = template_of(declared.id), lowering.compilation.named.templates
    if path not in templates:
        near = did_you_mean(path, [each for each in templates if each.startswith(FOLDER)])
        lowering.reading.report(
            codes.NO_PAGE_TEMPLATE,
            declared.id_node,
            label(zh=f"没有模板 `{path}`", en=f"there is no template `{path}`"),
            near or label(zh=f"新建 `{path}`", en=f"make the file `{path}`"),
        )
        return None
    return templates[path]


def _is_right(
    lowering: Lowering, name: str, source: SourceText, data: tuple[PageData, ...], written: Written
) -> bool:
    # Jinja2 is loaded only where there is something to parse.
    from orderkit.language.compile.papers.places import Places  # noqa: PLC0415
    from orderkit.language.compile.replacing.checking import TemplateCheck  # noqa: PLC0415
    from orderkit.language.compile.replacing.originals import Contracts  # noqa: PLC0415
    from orderkit.language.compile.replacing.rows import Row  # noqa: PLC0415

    replaced = _replaced(lowering)
    # What is wrong with a field is said where it is declared; here it counts as there.
    asked = {
        key.text: {node.text for node in entry[words.FIELDS] or ()}
        for key, entry in written[words.DATA] or ()
    }
    shapes = lowering.compilation.shapes
    given = {
        each.id: Row(
            each.form,
            frozenset(
                {
                    *each.fields,
                    *asked[each.id],
                    *(f.id for f in shapes[each.form].fields.values() if f.field is None),
                }
            ),
        )
        for each in data
    }
    contracts = Contracts(lowering.compilation.catalog.originals)
    return TemplateCheck(lowering.reading, contracts, replaced, name, source, Places(source), given).run()


def _replaced(lowering: Lowering) -> Mapping[str, str]:
    return {
        path.removeprefix("templates/"): each.text
        for path, each in lowering.compilation.named.templates.items()
        if each is not None and path.startswith("templates/components/")
    }


def _entry(lowering: Lowering, key: ScalarNode, written: Written) -> PageData | None:
    wrong = next(iter(_wrong(key, written)), None)
    if wrong is not None:
        place, headline, help_ = wrong
        lowering.reading.report(codes.WRONG_PAGE_DATA, place, headline, help_)
        return None
    is_one = words.RECORD in written
    form = lowering.compilation.form(written[words.RECORD if is_one else words.FORM])
    if form is None or form.is_broken:
        return None
    if form.parent is not None:
        lowering.reading.report(
            codes.WRONG_PAGE_DATA,
            written.value_of(words.RECORD if is_one else words.FORM),
            label(zh=f"`{form.id}` 是明细", en=f"`{form.id}` are lines"),
            label(zh=f"写 `{form.parent}`", en=f"write `{form.parent}`"),
        )
        return None
    named, found = written[words.FIELDS], len(lowering.reading.found)
    fields = lowering.forms[form.id].list.columns if named is None else shown_fields(lowering, form, named)
    if is_one:
        return (
            None
            if len(lowering.reading.found) > found
            else PageRecord(id=key.text, form=form.id, fields=fields)
        )
    by = written[words.BY] or ()
    names = shown_fields(lowering, form, by)
    for node in by:
        field = form.fields.get(node.text)
        if (field is not None and isinstance(field.type, Rows | File)) or _is_json(field):
            lowering.reading.report(
                codes.WRONG_PAGE_DATA,
                node,
                label(zh=f"地址不能指定 `{node.text}`", en=f"an address cannot say `{node.text}`"),
                label(zh="用保存一个值的字段", en="use a field that holds one value"),
            )
    where = lowering.checking.condition(written[words.WHERE], lowering.places.record(form.id))
    rows = PageRows(
        id=key.text,
        form=form.id,
        fields=fields,
        where=where,
        by=names,
        sort=sort_keys(lowering, form, written[words.SORT] or ()),
        limit=written[words.LIMIT] or 50,
    )
    return None if len(lowering.reading.found) > found else rows


def _is_json(field: FieldShape | None) -> bool:
    """Return whether a field holds JSON; the type of a reference to a broken form looks alike, and is not meant."""
    return field is not None and field.field is not None and field.field.type == "json"


def _wrong(key: ScalarNode, written: Written) -> Iterator[tuple[ScalarNode, Label, Label]]:
    """Yield what is wrong with the words of one entry: place, headline and help."""
    if key.text == TITLE:
        yield (
            key,
            label(zh="`title` 是页面的名称", en="`title` is what the page itself is called"),
            label(zh="给数据另取一个名称", en="give the data another name"),
        )
    if (words.FORM in written) is (words.RECORD in written):
        yield (
            key,
            label(zh="数据要有 `form` 或 `record` 之一", en="data has either `form` or `record`"),
            label(
                zh="多条记录用 `form`，一条用 `record`", en="use `form` for many records, `record` for one"
            ),
        )
    elif words.RECORD in written:
        for word in _OF_ROWS:
            if word in written:
                yield (
                    written.key_of(word),
                    label(zh=f"`record` 没有 `{word.name}`", en=f"`record` has no `{word.name}`"),
                    label(
                        zh="一条记录由地址里的编号决定", en="one record is chosen by the id in the address"
                    ),
                )
