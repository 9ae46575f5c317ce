"""What may be picked in a reference: the list under a picker's input."""

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from orderkit.engine import records
from orderkit.engine.records import Option
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Root, Scalar
from orderkit.model.expressions.tree import walk
from orderkit.model.forms import Form
from orderkit.web.editing.decoding import MOST_ROWS, Decoded, decode
from orderkit.web.errors import BadForm
from orderkit.web.request.visit import LONGEST_ID, Visit

LONGEST_SEARCH = 200
MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """One record that may be picked."""

    id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsPart:
    """The matches, best first."""

    rows: tuple[OptionRow, ...]


def show_options(visit: Visit) -> Response:
    """Return the options of a reference. While a record is filled in, its values come along."""
    text = (visit.field("q") or visit.query.get("q", ""))[:LONGEST_SEARCH].strip()
    with visit.reading() as unit:
        found = records.references(
            unit,
            visit.name("form"),
            visit.name("field"),
            text,
            record_id=_record_id(visit),
            values=_values(visit, unit) if visit.form else None,
            limit=MOST_OPTIONS,
        )
    part = OptionsPart(rows=tuple(OptionRow(id=option.id, title=option.title) for option in found))
    return visit.part("pages/options.html", part)


def _record_id(visit: Visit) -> int | None:
    """Return the record of which a single value is changed in a list: what may be picked can depend on it."""
    text = visit.query.get("record", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else None


def tell_meant(visit: Visit) -> Response:
    """Return which record each of many pasted texts means, as JSON: null where it is none, or not one.

    Each `meant` is the name of a picker and the text, with a blank between.
    """
    asked = [text for text in visit.form.getlist("meant") if isinstance(text, str)]
    if len(asked) > MOST_ROWS:
        raise BadForm
    with visit.reading() as unit:
        form = unit.project.form_by_id.get(visit.name("form"))
        decoded = _decoded(visit, unit, form)
        is_alike = not _reads_holder(form, visit.name("field"))
        known: dict[str, dict[str, str] | None] = {}
        found: list[dict[str, str] | None] = []
        for each in asked:
            picker, _, text = each.partition(" ")
            text = text[:LONGEST_SEARCH].strip()
            if text not in known or not is_alike:
                values = _values_at(decoded, form, picker)
                options = records.references(
                    unit, visit.name("form"), visit.name("field"), text, values=values, limit=MOST_OPTIONS
                )
                known[text] = _meant(text, options)
            found.append(known[text])
    return JSONResponse({"meant": found})


def _meant(text: str, options: tuple[Option, ...]) -> dict[str, str] | None:
    """Return the one with this very title, or the only one."""
    exact = [option for option in options if option.title == text]
    one = exact[:1] or (options if len(options) == 1 else ())
    return next(({"id": str(option.id), "title": option.title} for option in one), None)


def _reads_holder(form: Form | None, name: str) -> bool:
    """Return whether what may be picked depends on the record that the reference belongs to."""
    field = None if form is None else form.by_id.get(name)
    if field is None or field.where is None:
        return False
    return any(isinstance(node, Root) and node.name not in {"candidate", "me"} for node in walk(field.where))


def _values(visit: Visit, unit: Unit) -> dict[str, Scalar] | None:
    """Return what is known of the record (or row) that the reference belongs to."""
    form = unit.project.form_by_id.get(visit.name("form"))
    return _values_at(_decoded(visit, unit, form), form, visit.field("picker"))


def _decoded(visit: Visit, unit: Unit, form: Form | None) -> Decoded | None:
    if form is None:
        return None
    whole = form if form.parent is None else unit.project.form_by_id[form.parent]
    return decode(visit.form, whole, unit.project, unit.runtime.catalog, is_new=False, zone=unit.zone)


def _values_at(decoded: Decoded | None, form: Form | None, picker: str) -> dict[str, Scalar] | None:
    if decoded is None or form is None:
        return None
    if form.parent is None:
        return dict(decoded.values)
    collection, _, rest = picker.partition(".")
    key = rest.split(".")[0]
    keys = decoded.keys.get(collection, ())
    return dict(decoded.lines[collection][keys.index(key)].values) if key in keys else None
