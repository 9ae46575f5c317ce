"""What may be picked in a reference: the list under a picker's input."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form
from orderkit.web.editing.decoding import decode
from orderkit.web.request.visit import Visit

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
            values=_values(visit, unit) if visit.form else None,
            limit=MOST_OPTIONS,
        )
    part = OptionsPart(rows=tuple(OptionRow(id=option.id, title=option.title) for option in found))
    return visit.part("pages/options.html", part)


def _values(visit: Visit, unit: Unit) -> dict[str, Scalar] | None:
    """Return what is known of the record (or row) that the reference belongs to."""
    form: Form | None = unit.project.form_by_id.get(visit.name("form"))
    if form is None:
        return None
    if form.parent is None:
        return dict(decode(visit.form, form, unit.project, unit.runtime.catalog, is_new=False).values)
    parent = unit.project.form_by_id[form.parent]
    decoded = decode(visit.form, parent, unit.project, unit.runtime.catalog, is_new=False)
    collection, _, rest = visit.field("picker").partition(".")
    key = rest.split(".")[0]
    keys = decoded.keys.get(collection, ())
    return dict(decoded.lines[collection][keys.index(key)].values) if key in keys else None
