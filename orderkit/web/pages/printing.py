"""Documents on paper: how one looks, for one record or many, and handing it out to be printed.

The sheet is a document of its own, shown in a frame. A preview of it refuses to be printed, so that the audit
knows of every document that left as one.
"""

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from starlette.responses import HTMLResponse, Response

from orderkit.engine import printing, records
from orderkit.engine.printing import Printable
from orderkit.engine.runtime import Channel, Unit
from orderkit.model.errors import NotFound, OrderkitError, Problem, Refused
from orderkit.model.exchange.papers import Print
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.bulk.choosing import read_chosen
from orderkit.web.errors import fault_of
from orderkit.web.frame.shell import other_locale
from orderkit.web.pages.record_list import form_of
from orderkit.web.printing import pdf
from orderkit.web.printing.assets import font_of, read
from orderkit.web.printing.drawing import draw, parts_of, title_of
from orderkit.web.printing.sheets import documents, paper_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/printing.html"
LANGUAGE = "lang"
# The sheet runs nothing and loads nothing but the font of its project; the page around it may ask the browser to print it.
SHEET_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-modals",
    "x-frame-options": "SAMEORIGIN",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A language, or another document of the same records."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPage:
    """A document as it will be printed. `left_out` says that some of the records are not printed by it."""

    title: str
    label: str
    back_url: str
    back: str
    list_url: str
    count: int
    left_out: int
    paper: str
    sheet_url: str
    action: str
    pdf_action: str
    pdf_lacks: str
    ids: str
    language: str
    languages: tuple[Choice, ...]
    documents: tuple[Choice, ...]


def show_printing(visit: Visit) -> Response:
    """Show how a document of one record or several will look. Raises NotFound, Denied, Refused."""
    language = _language(visit)
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        chosen = read_chosen(visit, unit, form)
        printed = printing.printable(unit, form.id, visit.name("document"), chosen.ids)
        page = _page(visit, unit, printed, language, chosen.list_url)
        return visit.show(unit, TEMPLATE, page, current=f"form:{form.id}", back=page.back_url)


def show_sheet(visit: Visit) -> Response:
    """Return the preview of a document, for a frame."""
    return _sheet(visit, is_preview=True)


def hand_out(visit: Visit) -> Response:
    """Return a document to be printed, and note of each record that it was."""
    return _sheet(visit, is_preview=False)


def hand_out_pdf(visit: Visit) -> Response:
    """Return a document as PDF, and note of each record that it was handed out. Raises what printing raises."""
    person = replace(visit.person, locale=_language(visit))
    with visit.runtime.read(person, Channel.PAGE, request_id=visit.passage.request_id) as unit:
        form = form_of(unit, visit.name("form"))
        printed = printing.printable(
            unit, form.id, visit.name("document"), read_chosen(visit, unit, form).ids
        )
        title, locale = title_of(unit, printed), unit.locale
        parts = parts_of(unit, printed)
        own = printed.document.font
        font = read(visit.runtime, own) if own is not None else None
    # Laid out when nothing is held open any more. Each part counts its own pages.
    made = pdf.pdf_of(
        documents(
            printed.document,
            parts,
            title=title,
            locale=locale,
            font=pdf.FONT_ADDRESS if font is not None else "",
        ),
        font=font,
    )
    with visit.writing() as unit:
        printing.note_printed(unit, printed)
    headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(title)}.pdf"}
    return Response(made, media_type="application/pdf", headers=headers)


def give_font(visit: Visit) -> Response:
    """Return the font of a document; its address changes with its bytes. Raises NotFound."""
    data = font_of(visit.runtime, visit.name("digest"))
    if data is None:
        raise NotFound
    headers = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(data, media_type="font/sfnt", headers=headers)


def _sheet(visit: Visit, *, is_preview: bool) -> Response:
    person = replace(visit.person, locale=_language(visit))
    try:
        with visit.runtime.read(person, Channel.PAGE, request_id=visit.passage.request_id) as unit:
            form = form_of(unit, visit.name("form"))
            chosen = read_chosen(visit, unit, form)
            printed = printing.printable(unit, form.id, visit.name("document"), chosen.ids)
            html = draw(unit, printed, is_preview=is_preview)
    except OrderkitError as error:
        # A page of ours may not stand in a frame, so what is wrong is said on the sheet.
        return _told(visit, error)
    if not is_preview:
        with visit.writing() as unit:
            printing.note_printed(unit, printed)
    return HTMLResponse(html, headers=SHEET_HEADERS)


def _told(visit: Visit, error: OrderkitError) -> Response:
    problems = error.problems if isinstance(error, Refused) else ()
    html = visit.site.templates.render(
        "pages/print_fault.html",
        visit.locale,
        {"page": PrintFault(problems=tuple(_lines(visit, error, problems)))},
    )
    return HTMLResponse(html, fault_of(error).status, headers=SHEET_HEADERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintFault:
    """Why there is no document."""

    problems: tuple[str, ...]


def _lines(visit: Visit, error: OrderkitError, problems: tuple[Problem, ...]) -> list[str]:
    if not problems:
        return [visit.text(error.explain)]
    return [
        visit.text(each)
        for problem in problems
        for each in (problem.message, problem.help)
        if each is not None
    ]


def _language(visit: Visit) -> str:
    """Return the language that is asked for, else that of the page."""
    sent = visit.form if visit.request.method == "POST" else visit.query
    asked = sent.get(LANGUAGE, "")
    return asked if isinstance(asked, str) and asked in visit.runtime.project.locales else visit.locale


def _page(visit: Visit, unit: Unit, printed: Printable, language: str, list_url: str) -> PrintPage:
    form = unit.project.form_by_id[printed.document.form]
    ids = ",".join(map(str, printed.ids))
    one = printed.ids[0] if len(printed.ids) == 1 else None

    def address(of: Print, locale: str, part: str = "") -> str:
        asked = urlencode({"ids": ids, LANGUAGE: locale}, safe=",")
        return f"/forms/{form.id}/print/{of.id}{part}?{asked}"

    others = printing.list_documents(unit, form.id) if one is None else printing.documents(unit, form.id, one)
    chosen, lacks = printed.document, pdf.why_not()
    return PrintPage(
        title=text_of(chosen.label, visit.locale),
        label=text_of(form.label, visit.locale),
        back_url=list_url if one is None else f"/forms/{form.id}/{one}",
        back=text_of(form.label, visit.locale) if one is None else _title(unit, form, one),
        list_url=f"/forms/{form.id}",
        count=len(printed.ids),
        left_out=printed.left_out,
        paper=paper_of(chosen),
        sheet_url=address(chosen, language, "/sheet"),
        action=f"/forms/{form.id}/print/{chosen.id}/sheet",
        pdf_action="" if lacks else f"/forms/{form.id}/print/{chosen.id}/pdf",
        pdf_lacks=visit.text(lacks) if lacks and visit.person.is_administrator else "",
        ids=ids,
        language=language,
        languages=tuple(
            Choice(label=other_locale(each).name, url=address(chosen, each), is_current=each == language)
            for each in unit.project.locales
        )
        if len(unit.project.locales) > 1
        else (),
        documents=tuple(
            Choice(
                label=text_of(each.label, visit.locale),
                url=address(each, language),
                is_current=each.id == chosen.id,
            )
            for each in others
        )
        if len(others) > 1
        else (),
    )


def _title(unit: Unit, form: Form, record_id: int) -> str:
    return records.title(unit, form.id, record_id) or ""
