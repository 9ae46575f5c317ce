"""From a document and records to its HTML: each record through the template, once for each copy."""

from collections.abc import Collection, Mapping, Sequence

from jinja2 import meta
from jinja2.exceptions import TemplateError
from jinja2.utils import Namespace

from orderkit.engine.printing import Printable
from orderkit.engine.records.making.seeing import seen_value
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.moments import shown_day
from orderkit.model.errors import Problem, Refused
from orderkit.model.exchange.papers import PRINT_GLOBALS, Print
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.forms import Form
from orderkit.model.labels import Label, label, text_of
from orderkit.web.printing.assets import Stamps, font_address
from orderkit.web.printing.bounds import Bounds, Exceeded
from orderkit.web.printing.filters import Filters
from orderkit.web.printing.pictures import Pictures
from orderkit.web.printing.rows import Row, Rows
from orderkit.web.printing.sandbox import PrintSandbox
from orderkit.web.printing.sheets import document
from orderkit.web.printing.values import Day, Facts

_LONGEST_RANGE = 10_000
_NAME = "<print>"


def draw(unit: Unit, printed: Printable, *, is_preview: bool = False) -> str:
    """Return the HTML of a document, in the language of the unit.

    Raises Refused where the template cannot be filled in with these records, at its line.
    """
    return document(
        printed.document,
        parts_of(unit, printed),
        title=title_of(unit, printed),
        locale=unit.locale,
        font=font_address(printed.document),
        is_preview=is_preview,
    )


def parts_of(unit: Unit, printed: Printable) -> Sequence[str]:
    """Return what the template writes for each record and copy. Raises Refused."""
    document_, form = printed.document, unit.project.form_by_id[printed.document.form]
    bounds, rows = Bounds(), Rows(unit)
    pictures = Pictures(unit)
    filters = Filters(bounds, pictures, unit.locale, unit.project.currency)
    sandbox = PrintSandbox(bounds, filters.by_name(), _given(unit, form, bounds, rows), document_.parts)
    views = rows.reader.records(form.id, printed.ids)
    found = {row.id: row for row in rows.of(form, list(views.values()))}
    facts: dict[str, object] = {"label": text_of(document_.label, unit.locale), "copies": document_.copies}
    stamp = Stamps(unit, document_)
    stamps = {row.id: stamp.of(row) for row in rows_of(unit).load(form.id, list(found))}
    try:
        tree = sandbox.parse(document_.source)
        trees = (tree, *map(sandbox.parse, document_.parts.values()))
        names = {name for each in trees for name in meta.find_undeclared_variables(each)}
        template = sandbox.from_string(tree)
        return [
            template.render(_context(found[each], facts | {"copy": copy, "stamp": stamps[each]}, names))
            for each in printed.ids
            if each in found
            for copy in range(1, document_.copies + 1)
        ]
    except (
        TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        AssertionError,
        RecursionError,
        MemoryError,
        EvaluationError,
    ) as error:
        raise Refused([_problem(document_, error)]) from error


def title_of(unit: Unit, printed: Printable) -> str:
    """Return what the file is called, without an ending: for one record what `filename` says."""
    document_ = printed.document
    if len(printed.ids) == 1:
        row = rows_of(unit).row(document_.form, printed.ids[0])
        if document_.filename is not None and row is not None:
            name, is_seen = seen_value(unit, document_.filename, row)
            text = str(name or "")
            # The name of a file tells as much as its content.
            if is_seen and text.strip():
                return _named(text)
        title = rows_of(unit).title(document_.form, printed.ids[0])
        return _named(f"{text_of(document_.label, unit.locale)} {title}")
    return _named(f"{text_of(document_.label, unit.locale)} ({len(printed.ids)})")


def _named(text: str) -> str:
    """Return a name that a file may have."""
    return "".join(each if each.isprintable() and each not in '\\/:*?"<>|' else " " for each in text).strip()[
        :120
    ]


def _given(unit: Unit, form: Form, bounds: Bounds, rows: Rows) -> Mapping[str, object]:
    """Return what every template has besides the record."""
    project = unit.project

    def today() -> Day:
        return Day.on(unit.today, shown_day(unit.today, unit.locale))

    def range_(*limits: int) -> range:
        found = range(*limits)
        bounds.step(len(found))
        if len(found) > _LONGEST_RANGE:
            bounds.step(len(found) * 1_000)
        return found

    def label_(path: str) -> str:
        return _label(unit, form, path)

    return {
        "me": rows.person(),
        "today": today,
        "label": label_,
        "range": range_,
        "namespace": Namespace,
        "project": Facts(
            {
                "label": text_of(project.label, unit.locale),
                "currency": project.currency,
                "locale": unit.locale,
            }
        ),
    }


def _context(row: Row, facts: dict[str, object], names: Collection[str]) -> dict[str, object]:
    """Return what a template is given of one record: the names that it uses, so that nothing else is read."""
    own = {"this": row, "document": Facts(facts)}
    fields = {name: row.part(name) for name in names if name not in PRINT_GLOBALS and row.has(name)}
    return {**fields, **own}


def _label(unit: Unit, form: Form, path: str) -> str:
    """Return what a field is called, by its path: `total`, `lines.qty`."""
    at, found = form, form.label
    for name in path.split("."):
        field = at.by_id.get(name)
        collection = at.collection_by_id.get(name)
        if field is not None:
            found = field.label
        if collection is not None:
            at = unit.project.form_by_id[collection.form]
            found = field.label if field is not None else at.label
        elif field is None:
            return path
    return text_of(found, unit.locale)


def _problem(printed: Print, error: Exception) -> Problem:
    path, line = _place_of(printed, error)
    where = f"{path}:{line}" if line else path
    why = _why(error)
    return Problem(
        path="",
        code="print_failed",
        message=label(
            zh=f"{text_of(printed.label, 'zh')}打印不出来：{why['zh']}（{where}）",
            en=f"{text_of(printed.label, 'en')} cannot be printed: {why['en']} ({where})",
        ),
        help=label(
            zh="请把这条消息交给配置此系统的人，由他修改这个模板",
            en="hand this message to whoever configures this system: the template has to be changed there",
        ),
    )


def _why(error: Exception) -> Label:
    match error:
        case Exceeded():
            return error.why
        case ZeroDivisionError():
            return label(zh="模板里除以了零", en="the template divides by zero")
        case RecursionError():
            return label(
                zh="模板的宏没完没了地调用自己", en="a macro of the template calls itself without end"
            )
        case TemplateError():
            return label(
                zh=f"模板用到了不许用的 `{error}`", en=f"the template uses `{error}`, which it may not"
            )
        case _:
            return label(
                zh="模板对这些值做了不能做的运算",
                en="the template does something to a value that it does not allow",
            )


def _place_of(printed: Print, error: BaseException) -> tuple[str, int | None]:
    """Return the file and its line at which it failed."""
    found: tuple[str, int | None] = (printed.template, None)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in {"<template>", _NAME} or name in printed.parts:
            found = (name if name in printed.parts else printed.template, trace.tb_lineno)
        trace = trace.tb_next
    return found
