"""Prints: a form, a paper, and a template that is checked against the form."""

import re
from collections.abc import Mapping
from decimal import Decimal

from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.papers.assets import lower_font, lower_stamp
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import SourceText
from orderkit.language.source.directory import TEMPLATE_SUFFIX
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import papers as words
from orderkit.model.exchange.papers import Print
from orderkit.model.forms import FormId
from orderkit.model.labels import label

NO_TEMPLATE = Code(
    "OK8600",
    "no-template",
    ERROR,
    since="0.1",
    explain="""
    A print names a template that the project does not have. Templates are `.html` files of the project;
    the path begins at its root.
    ~~~yaml bad
    print: note
    for: order
    template: templates/notes.html
    # templates/note.html
    {{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: templates/note.html
    # templates/note.html
    {{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="打印引用的模板，项目里没有。模板是项目中的 `.html` 文件，路径从项目根开始。",
)

# Width and height in millimetres, upright.
SIZES = {
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "B5": (176, 250),
    "letter": (216, 279),
}
# Paper with holes at both sides: a whole sheet of eleven inches, and its parts between perforations.
CONTINUOUS = {
    "continuous": (Decimal(241), Decimal(280)),
    "continuous 1/2": (Decimal(241), Decimal(140)),
    "continuous 1/3": (Decimal(241), Decimal("93.3")),
}
_OWN_SIZE = re.compile(r"([\d.]+)(?:mm)?\s*x\s*([\d.]+)mm")


def lower_prints(lowering: Lowering) -> tuple[Print, ...]:
    """Return every print, by id."""
    seen: set[tuple[str, FormId]] = set()
    lowered = (
        _lower(lowering, declared, declared.written, seen)
        for declared in lowering.compilation.named.of("print").values()
        if declared.written is not None
    )
    return tuple(each for each in lowered if each is not None)


def _lower(
    lowering: Lowering, declared: Declared, written: Written, seen: set[tuple[str, FormId]]
) -> Print | None:
    form = lowering.compilation.form(written[words.PRINT_FOR])
    source, parts = _template(lowering, written, form, seen)
    if form is None or form.is_broken:
        return None
    scope = lowering.places.record(form.id)
    filename = lowering.checking.template(written[words.FILENAME], scope)
    where = lowering.checking.condition(written[words.PRINT_WHERE], scope)
    named = [lowering.compilation.known(each, "role") for each in written[words.PRINT_ROLES] or ()]
    texts = [] if source is None else [source.text, *(each.text for each in parts.values())]
    stamp = lower_stamp(lowering, written, scope, texts)
    font = lower_font(lowering, written, texts)
    if source is None or not all(named):
        return None
    roles = written[words.PRINT_ROLES]
    width, height = size_of(written[words.PAPER] or words.PAPER.default)
    columns, rows = map(int, (written[words.PER_SHEET] or words.PER_SHEET.default).split("x"))
    return Print(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        form=form.id,
        template=source.path,
        source=_text(source),
        parts={path: _text(each) for path, each in parts.items()},
        width_mm=width,
        height_mm=height,
        columns=columns,
        rows=rows,
        copies=written[words.COPIES] or 1,
        stamp=stamp,
        font=font,
        filename=filename,
        where=where,
        roles=None if roles is None else tuple(each.text for each in roles),
        origin=declared.origin,
    )


def _text(source: SourceText) -> str:
    # The line ends of a checkout mean nothing.
    return source.text.replace("\r\n", "\n")


def _template(
    lowering: Lowering, written: Written, form: FormShape | None, seen: set[tuple[str, FormId]]
) -> tuple[SourceText | None, Mapping[str, SourceText]]:
    """Return the template that a print names, checked against its form, and the files that it takes in."""
    path = written[words.TEMPLATE_]
    if path is None:
        return None, {}
    templates = lowering.compilation.named.templates
    if path not in templates:
        lowering.reading.report(
            NO_TEMPLATE,
            written.value_of(words.TEMPLATE_),
            label(zh=f"项目里没有模板 `{path}`", en=f"the project has no template `{path}`"),
            did_you_mean(path, templates)
            if templates
            else label(
                zh=f"新建一个以 `{TEMPLATE_SUFFIX}` 结尾的文件",
                en=f"make a file that ends in `{TEMPLATE_SUFFIX}`",
            ),
        )
        return None, {}
    source = templates[path]
    if source is None or form is None or form.is_broken:
        return source, {}
    # Jinja2 is loaded only where there is something to parse.
    from orderkit.language.compile.papers.templates import check_template  # noqa: PLC0415

    parts = check_template(lowering, source, form, seen)
    return (source, parts) if parts is not None else (None, {})


def size_of(paper: str) -> tuple[Decimal, Decimal]:
    """Return width and height of a paper in millimetres, as it lies before the reader."""
    own = _OWN_SIZE.fullmatch(paper)
    if own is not None:
        return Decimal(own[1]), Decimal(own[2])
    if paper.startswith("continuous"):
        return CONTINUOUS[" ".join(paper.split())]
    name, _, turn = paper.partition(" ")
    width, height = map(Decimal, SIZES[name])
    return (height, width) if turn.strip() == "landscape" else (width, height)
