"""What is shown where it should be: records, lists, sums, files, searches, and what can be found out by trial."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from orderkit.engine.records import is_summable
from orderkit.model.forms import Form, ids_in
from orderkit.model.rights import Right
from tests.web.permissions.markers import text_of_answer, tokens_of
from tests.web.permissions.oracle import Sight, paths_of
from tests.web.permissions.walk import Walk
from tests.web.reader import Element, Page

COMPARED = ("text", "longtext", "money", "decimal", "integer", "date", "choice", "email", "phone")
_LINK = re.compile(r'href="/forms/([a-z_]+)/(\d+)"')


def records(walk: Walk, sight: Sight) -> None:
    """Open every record: the API tells each field as the oracle has it, and the page shows what it may."""
    for form, record_id in walk.records():
        what, reads = f"{form.id} {record_id}", sight.reads(form.id, record_id)
        answer = walk.call(sight, "GET", f"/{form.id}/{record_id}")
        walk.same(sight, "API record", what, answer.status_code, 200 if reads else 404)
        walk.hold(sight, "API record", what, answer)
        if reads:
            _document(walk, sight, form, answer.json())
    for form, record_id in walk.some(walk.records()):
        what, reads = f"{form.id} {record_id}", sight.reads(form.id, record_id)
        page = walk.page(sight, f"/forms/{form.id}/{record_id}")
        walk.same(sight, "page", what, page.status_code, 200 if reads else 404)
        found = walk.hold(sight, "page", what, page)
        if reads:
            missing = set(_shown_on_page(walk, sight, form, record_id)) - found
            walk.same(sight, "page", f"{what} does not show", missing, set())


def _document(
    walk: Walk, sight: Sight, form: Form, document: dict[str, Any], *, has_lines: bool = True
) -> None:
    """Hold one record of the API against the oracle."""
    record_id = document["id"]
    what, masked = f"{form.id} {record_id}", set(document.get("_masked", ()))
    for path in paths_of(walk.memory.project, form):
        right, name = sight.sees(form.id, record_id, path.text), path.text
        if path.collection is not None:
            continue
        if path.field.type == "lines":
            if has_lines:
                walk.same(
                    sight, "API record", f"{what} has {name}", name in document, right is not Right.HIDDEN
                )
                _lines(walk, sight, (form, record_id), name, document.get(name, []))
            continue
        walk.same(sight, "API record", f"{what} has {name}", name in document, right is not Right.HIDDEN)
        walk.same(sight, "API record", f"{what} masks {name}", name in masked, right is Right.MASKED)
        value = walk.memory.value(form.id, record_id, name)
        if right is Right.READ and path.field.type in COMPARED:
            walk.same(sight, "API record", f"{what} {name}", _plain(document.get(name)), _plain(value))


def _lines(walk: Walk, sight: Sight, key: tuple[Form, int], collection: str, given: list[Any]) -> None:
    form, record_id = key
    row = walk.memory.row(form.id, record_id)
    assert row is not None
    rows = row.rows(collection) if given else ()
    walk.same(sight, "API lines", f"{form.id} {record_id}", len(given), len(rows))
    for path in paths_of(walk.memory.project, form):
        if path.collection != collection or path.field.id == form.id:
            continue
        right, name = sight.sees(form.id, record_id, path.text), path.field.id
        for line, document in zip(rows, given, strict=True):
            what = f"{form.id} {record_id} {path.text}"
            walk.same(sight, "API lines", f"has {what}", name in document, right is not Right.HIDDEN)
            if right is Right.READ and path.field.type in COMPARED:
                walk.same(sight, "API lines", what, _plain(document.get(name)), _plain(line.get(name)))


def _shown_on_page(walk: Walk, sight: Sight, form: Form, record_id: int) -> Iterator[str]:
    """Yield the markers that the page of a record must show: of fields that stand in its layout."""
    laid = {name for section in form.layout for name in section.fields}
    for path in paths_of(walk.memory.project, form):
        top = path.text.partition(".")[0]
        is_laid = (not laid or top in laid) and form.by_id[top].visible_if is None
        if (
            is_laid
            and path.field.type in COMPARED
            and sight.sees(form.id, record_id, path.text) is Right.READ
        ):
            for value in walk.markers.values(form.id, record_id, path.text):
                yield from tokens_of(value)


def lists(walk: Walk, sight: Sight) -> None:
    """List every form: the API, the page, the sheet, the count, the options of references."""
    for form in walk.forms:
        ids = set(walk.memory.tables[form.id])
        readable = {each for each in ids if sight.reads(form.id, each)}
        may_ever = sight.may_ever_read(form.id)
        answer = walk.call(sight, "GET", f"/{form.id}?count=true&limit=200")
        walk.same(
            sight, "API list", f"{form.id} {answer.text[:200]}", answer.status_code, 200 if may_ever else 403
        )
        page = walk.page(sight, f"/forms/{form.id}")
        walk.same(sight, "list", form.id, page.status_code, 200 if may_ever else 403)
        if may_ever and answer.status_code == 200:
            document = answer.json()
            walk.same(sight, "API list", form.id, {each["id"] for each in document["items"]}, readable)
            walk.same(sight, "count", form.id, document["count"]["value"], len(readable))
            for each in document["items"]:
                _document(walk, sight, form, each, has_lines=False)
            walk.same(sight, "list", form.id, linked(page.text, form.id), readable)
        exported = {each for each in ids if sight.exports(form.id, each)}
        sheet = walk.page(sight, f"/forms/{form.id}/export")
        walk.hold(sight, "export", form.id, sheet)
        if sheet.status_code == 200:
            names = {walk.markers.memory.title(form.id, each) for each in exported}
            said = text_of_answer(sheet)
            first = form.list.columns[0]
            shown = {each for each in exported if str(walk.memory.value(form.id, each, first)) in said}
            walk.same(sight, "export", f"{form.id} {sorted(names)}", shown, exported)
        else:
            walk.same(sight, "export", form.id, exported, set())
        for field in form.fields:
            if field.target in {each.id for each in walk.forms}:
                _options(walk, sight, form, field.id, str(field.target))


def linked(html: str, form: str) -> set[int]:
    return {int(number) for name, number in _LINK.findall(html) if name == form}


def _options(walk: Walk, sight: Sight, form: Form, name: str, target: str) -> None:
    """Ask what may be picked: nobody is offered a record that they may not read."""
    answer = walk.page(sight, f"/forms/{form.id}/options/{name}")
    walk.hold(sight, "options", f"{form.id} {name}", answer)
    if answer.status_code == 200 and form.by_id[name].where is None:
        offered = {int(each) for each in re.findall(r'data-(?:id|value)="(\d+)"', answer.text)}
        readable = {each for each in walk.memory.tables[target] if sight.reads(target, each)}
        walk.same(sight, "options", f"{form.id} {name}", offered, readable)


def sums(walk: Walk, sight: Sight) -> None:
    """Ask for the sums of each list, its groups and its boards: only what this person sees is in them."""
    for form in walk.forms:
        if not sight.may_ever_read(form.id):
            continue
        columns = [form.by_id[name] for name in form.list.columns if is_summable(form.by_id[name])]
        page = Page(walk.page(sight, f"/forms/{form.id}/totals"))
        shown = {
            each.attributes.get("data-label", ""): each.text
            for each in page.all("td")
            if "is-number" in each.classes
        }
        for field in columns:
            expected = _sum(walk, sight, form, field.id, None)
            found = _number(shown.get(field.label["zh"], "")) or Decimal(0)
            walk.same(sight, "sums", f"{form.id} {field.id}", found, expected)
        for by in form.list.boards:
            allowed = {Decimal(0)} | {
                _sum(walk, sight, form, field.id, (by, value))
                for field in columns
                for value in (*form.by_id[by].options.by_value, None)
            }
            for path in (f"/forms/{form.id}?group={by}", f"/forms/{form.id}/board/{by}/totals"):
                answer = Page(walk.page(sight, path))
                heads = [each for each in answer.all("td") if "rows-group-head" in _classes(each)]
                heads += [each for each in answer.all("span") if "board-sums" in _classes(each)]
                for text in [each.text for each in heads]:
                    number = _number(text)
                    if number is not None and sum(each.isdigit() for each in text) >= 6:
                        walk.same(sight, "group sums", f"{path} {text}", number in allowed, True)


def _classes(element: Element) -> set[str]:
    return {name for each in element.ancestors for name in each.classes}


def _sum(walk: Walk, sight: Sight, form: Form, name: str, group: tuple[str, str | None] | None) -> Decimal:
    total = Decimal(0)
    for record_id in walk.memory.tables[form.id]:
        if not sight.reads(form.id, record_id) or sight.sees(form.id, record_id, name) is not Right.READ:
            continue
        if group is not None:
            by, value = group
            is_seen = sight.sees(form.id, record_id, by) is Right.READ
            if (walk.memory.value(form.id, record_id, by) if is_seen else None) != value:
                continue
        found = walk.memory.value(form.id, record_id, name)
        total += found if isinstance(found, Decimal | int) else 0
    return total


def files(walk: Walk, sight: Sight) -> None:
    """Download every attachment: it is there for whoever sees its field on its record."""
    for form, record_id in walk.records():
        for path in paths_of(walk.memory.project, form):
            if path.field.type not in {"file", "files", "image", "images"}:
                continue
            for value in walk.markers.values(form.id, record_id, path.text):
                for file_id in ids_in(value):
                    sees = sight.reads(form.id, record_id)
                    sees = sees and sight.sees(form.id, record_id, path.text) is Right.READ
                    what = f"{form.id} {record_id} {path.text}"
                    for answer in (
                        walk.page(sight, f"/files/{file_id}"),
                        walk.call(sight, "GET", f"/files/{file_id}"),
                    ):
                        walk.same(sight, "file", what, answer.status_code, 200 if sees else 404)


def prints(walk: Walk, sight: Sight) -> None:
    """Print every record: a sheet is made where one role grants the record and the printing."""
    for document in walk.memory.project.prints:
        if document.where is not None:
            continue
        is_theirs = sight.is_admin or document.roles is None or bool(set(document.roles) & sight.roles)
        for record_id in walk.some(walk.memory.tables[document.form]):
            path = f"/forms/{document.form}/print/{document.id}/sheet?ids={record_id}"
            answer = walk.page(sight, path)
            walk.hold(sight, "print", path, answer)
            may = is_theirs and sight.prints(document.form, record_id)
            walk.same(sight, "print", path, answer.status_code == 200, may)


def _plain(value: object) -> object:
    """Return a value as the API and the database agree on it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal | int):
        return Decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").split(" ")[0])
    except InvalidOperation:
        return None
