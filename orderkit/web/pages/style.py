"""Every control in every state, for whoever builds or changes one. Only served with `serve --dev`."""

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from orderkit.web.display.fields import field_views
from orderkit.web.display.sizes import shown_size
from orderkit.web.display.specimens import SpecimenRow, specimen_rows
from orderkit.web.pages.options import OptionRow, OptionsPart
from orderkit.web.request.visit import Visit

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleTheme:
    """All field types in one theme."""

    name: str
    rows: tuple[SpecimenRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePage:
    """The field types in both themes."""

    themes: tuple[StyleTheme, ...]


def show_style(visit: Visit) -> Response:
    """Show every control."""
    with visit.reading() as unit:
        views, form = field_views(unit), unit.project.forms[0]
        themes = tuple(StyleTheme(name=name, rows=specimen_rows(views, form, name)) for name in THEMES)
        return visit.show(unit, "pages/style.html", StylePage(themes=themes), current="style", back="/")


def show_options(visit: Visit) -> Response:
    """Answer a picker of the style page with records that there might be."""
    text = (visit.field("q") or visit.query.get("q", "")).strip()
    titles = (f"{chr(0x7532 + index)}公司 <b>{text}</b>" for index in range(4))
    rows = tuple(OptionRow(id=index, title=title) for index, title in enumerate(titles, start=11))
    return visit.part("pages/options.html", OptionsPart(rows=rows))


def take_file(visit: Visit) -> Response:
    """Answer an upload of the style page as if the file had been kept."""
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile):
        return JSONResponse({"detail": "no file"}, 422)
    return JSONResponse({"id": 99, "name": sent.filename, "size": shown_size(sent.size or 0)})
