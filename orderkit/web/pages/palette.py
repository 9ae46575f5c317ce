"""What the command palette offers: the pages that a person may open, the records seen lately, those found.

The browser narrows the pages while one types (`frontend/src/shell/palette.ts`) and asks here for records.
What may be done with the record on the page are that page's own buttons; they are not sent again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, search
from orderkit.engine.access import Action
from orderkit.engine.index.pinyin import initials
from orderkit.engine.runtime import Unit
from orderkit.engine.search import Hit
from orderkit.model.forms import FormId
from orderkit.model.labels import text_of
from orderkit.web.frame.icons import icon_of
from orderkit.web.frame.navigation import may_import, navigation
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/palette.html"
LONGEST_SEARCH = 200
MOST_FOUND = 12
MOST_RECENT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteEntry:
    """One place to go. `note` says what it is, `initials` how its label reads in pinyin from each character on."""

    url: str
    label: str
    icon: str
    note: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteGroup:
    """Entries under a heading. `name` is `recent`, `pages` or `found`."""

    name: str
    label: str
    entries: tuple[PaletteEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PalettePart:
    """The groups of an answer, none of them empty."""

    groups: tuple[PaletteGroup, ...]


def show_palette(visit: Visit) -> Response:
    """Return the records with the words of `q`; without it the pages, and of `recent` what may be read."""
    text = visit.query.get("q", "")[:LONGEST_SEARCH].strip()
    with visit.reading() as unit:
        if text:
            found = search.everywhere(unit, text, MOST_FOUND)
            groups = [_group("found", visit.t("palette.found"), _records(unit, found))]
        else:
            seen = search.recalled(unit, list(keys_of(visit.query.getlist("recent")))[:MOST_RECENT])
            groups = [
                _group("recent", visit.t("palette.recent"), _records(unit, seen)),
                _group("pages", visit.t("palette.pages"), _pages(visit, unit)),
            ]
    return visit.part(TEMPLATE, PalettePart(groups=tuple(each for each in groups if each.entries)))


def _group(name: str, label: str, entries: Iterable[PaletteEntry]) -> PaletteGroup:
    return PaletteGroup(name=name, label=label, entries=tuple(entries))


def keys_of(given: Iterable[str]) -> Iterator[tuple[FormId, int]]:
    """Yield the records that a browser remembers (`order/5`), as far as they can be some."""
    for text in given:
        form, _, digits = text.partition("/")
        if digits.isascii() and digits.isdecimal() and len(digits) < LONGEST_ID:
            yield form, int(digits)


def _records(unit: Unit, hits: Iterable[Hit]) -> Iterator[PaletteEntry]:
    for hit in hits:
        note = text_of(hit.label, unit.locale)
        url = f"/forms/{hit.form}/{hit.id}"
        yield PaletteEntry(url=url, label=hit.title or f"{note} {hit.id}", icon="file-text", note=note)


def _pages(visit: Visit, unit: Unit) -> Iterator[PaletteEntry]:
    """Yield the links of the navigation, then what it does not have, each address once."""
    seen: set[str] = set()
    for entry in (*_navigation(visit, unit), *_new(visit, unit), *_evaluations(unit), *_others(visit, unit)):
        if entry.url not in seen:
            seen.add(entry.url)
            yield entry


def _navigation(visit: Visit, unit: Unit) -> Iterator[PaletteEntry]:
    for group in navigation(unit, visit.t, open_tasks=0):
        for link in group.items:
            yield _page(link.url, link.label, link.icon, note=group.label)


def _new(visit: Visit, unit: Unit) -> Iterator[PaletteEntry]:
    for form in unit.project.forms:
        if form.parent is None and access.decide(unit.person, Action.CREATE, form.id, unit=unit):
            label = visit.t("palette.new", form=text_of(form.label, unit.locale))
            yield _page(f"/forms/{form.id}/new", label, "plus")


def _evaluations(unit: Unit) -> Iterator[PaletteEntry]:
    for dashboard in unit.project.dashboards:
        if access.may_see_dashboard(unit, dashboard.id):
            url = f"/dashboards/{dashboard.id}"
            yield _page(url, text_of(dashboard.label, unit.locale), icon_of("dashboard", None))
    for page in unit.project.pages:
        if access.may_see_page(unit, page.id):
            yield _page(f"/pages/{page.id}", text_of(page.label, unit.locale), icon_of("page", page.icon))
    for report in unit.project.reports:
        if access.may_see_report(unit, report.id):
            yield _page(f"/reports/{report.id}", text_of(report.label, unit.locale), icon_of("report", None))


def _others(visit: Visit, unit: Unit) -> Iterator[PaletteEntry]:
    for mapping in unit.project.imports:
        if may_import(unit, mapping.id):
            label = visit.t("palette.importing", mapping=text_of(mapping.label, unit.locale))
            yield _page(f"/imports/{mapping.id}", label, icon_of("import", None))
    yield _page("/messages", visit.t("shell.messages"), "bell")
    yield _page("/account", visit.t("shell.account"), "user-circle")


def _page(url: str, label: str, icon: str, *, note: str = "") -> PaletteEntry:
    return PaletteEntry(
        url=url, label=label, icon=icon, note=note, initials=" ".join(sorted(initials(label)))
    )
