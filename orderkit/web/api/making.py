"""Records made from records over HTTP: what is open, making, splitting and merging."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orderkit.engine import records
from orderkit.engine.records import Applied, PickGroup
from orderkit.engine.runtime import Runtime, Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound, Problem
from orderkit.model.forms import CreateFrom, Field, FieldId, Form
from orderkit.model.labels import label, text_of
from orderkit.web.api.bodies import json_object, unreadable
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.documents import record_document
from orderkit.web.api.idempotency import once
from orderkit.web.api.records import expected_revision, form_named, record_answer, record_id
from orderkit.web.request.selection import ids_in_text

Rows = dict[int, dict[FieldId, Decimal]]


def show_open(runtime: Runtime, call: Call) -> Answer:
    """Return what may be made of the records that `ids` names, and how much of each line is left."""
    form = form_named(runtime, call)
    ids = [each for name, text in call.parameters if name == "ids" for each in ids_in_text(text)]
    with call.reading(runtime) as unit:
        found = records.picking(unit, form.id, call.names["target"], ids)
    groups = [_group(runtime, each) for each in found.groups]
    return json_answer({"label": text_of(found.label, call.locale), "groups": groups})


def make_records(runtime: Runtime, call: Call) -> Answer:
    """Make records of others; answers with them."""
    form = form_named(runtime, call)
    target, way = _way(runtime, form, call.names["target"])
    document = json_object(call, known=("ids", "lines"))
    ids = _ids(document.get("ids"))
    rows = (
        None if "lines" not in document else _rows(runtime, document["lines"], _limited(runtime, target, way))
    )

    def work(unit: Unit) -> Answer:
        made = records.make(unit, form.id, target.id, ids, rows)
        return _several(unit, made)

    return once(runtime, call, work)


def split_record(runtime: Runtime, call: Call) -> Answer:
    """Move lines to a new record; answers with the new one and its address."""
    form = form_named(runtime, call)
    quantity = None if form.split is None else form.split.quantity
    field = None if quantity is None else _field_at(runtime, form, quantity)
    document = json_object(call, known=("lines",))
    rows = _rows(runtime, document.get("lines"), {} if field is None else {field.id: field})
    moves = {row_id: next(iter(values.values()), None) for row_id, values in rows.items()}

    def work(unit: Unit) -> Answer:
        made = records.split(unit, form.id, record_id(call), moves, revision=expected_revision(call))
        address = f"/api/v1/{form.id}/{made.id}"
        return record_answer(unit, form.id, made.id, status=201, headers={"Location": address})

    return once(runtime, call, work)


def merge_records(runtime: Runtime, call: Call) -> Answer:
    """Make one record of several; answers with the first of them as it is then."""
    form = form_named(runtime, call)
    ids = _ids(json_object(call, known=("ids",)).get("ids"))

    def work(unit: Unit) -> Answer:
        made = records.merge(unit, form.id, ids)
        return record_answer(unit, form.id, made.id)

    return once(runtime, call, work)


def _several(unit: Unit, made: Sequence[Applied]) -> Answer:
    """Return the records made, those that the caller may read as a whole and the others by their ids."""
    items: list[dict[str, Any]] = []
    for each in made:
        try:
            view = records.get(unit, each.form, each.id)
        except NotFound:
            items.append({"id": each.id})
            continue
        items.append(record_document(view, unit.project, unit.runtime.catalog))
    return json_answer({"items": items}, status=201)


def _group(runtime: Runtime, group: PickGroup) -> dict[str, Any]:
    def shown(field: Field, value: Decimal | None) -> object:
        kind = runtime.catalog.fields[field.type]
        return None if value is None else kind.to_json(field.options, value)

    return {
        "sources": [{"id": each.id, "title": each.title} for each in group.sources],
        "lines": [
            {
                "id": line.row_id,
                "source": line.source_id,
                "quantities": {
                    each.field.id: {
                        "open": shown(each.field, each.open),
                        "most": shown(each.field, each.most),
                        "preset": shown(each.field, each.preset),
                    }
                    for each in line.quantities
                },
            }
            for line in group.lines
        ],
    }


def _way(runtime: Runtime, form: Form, name: str) -> tuple[Form, CreateFrom]:
    target = runtime.project.form_by_id.get(name)
    found = None if target is None else next((e for e in target.create_from if e.source == form.id), None)
    if target is None or found is None:
        raise NotFound(
            label(
                zh=f"{form.id} 不能生成 {name[:40]}",
                en=f"`{name[:40]}` is not made of records of `{form.id}`",
            )
        )
    return target, found


def _limited(runtime: Runtime, target: Form, way: CreateFrom) -> Mapping[FieldId, Field]:
    """Return the fields of which an amount may be given."""
    if way.lines is None:
        return {}
    rows = runtime.project.form_by_id[target.collection_by_id[way.lines.field].form]
    return {name: rows.by_id[name] for name, _ in way.lines.limit}


def _field_at(runtime: Runtime, form: Form, path: str) -> Field:
    collection, _, name = path.partition(".")
    return runtime.project.form_by_id[form.collection_by_id[collection].form].by_id[name]


def _ids(given: object) -> list[int]:
    if isinstance(given, list) and all(
        isinstance(each, int) and not isinstance(each, bool) for each in given
    ):
        return given
    raise unreadable([_wrong("ids", "须是编号的数组", "must be a list of ids")])


def _rows(runtime: Runtime, given: object, known: Mapping[FieldId, Field]) -> Rows:
    """Return amounts by row. Raises BadRequest with every problem."""
    if not isinstance(given, list):
        raise unreadable([_wrong("lines", "须是数组", "must be a list of objects")])
    rows: Rows = {}
    problems: list[Problem] = []
    for index, each in enumerate(given):
        row_id = each.get("id") if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(row_id, int) or isinstance(row_id, bool):
            problems.append(_wrong(f"lines.{index}", "须有 id", "must be an object with an `id`"))
        elif row_id in rows:
            problems.append(_wrong(f"lines.{index}.id", "重复", "is named twice"))
        else:
            rows[row_id] = _amounts(runtime, each, known, at=f"lines.{index}", problem=problems.append)
    if problems:
        raise unreadable(problems)
    return rows


def _amounts(
    runtime: Runtime,
    given: Mapping[str, object],
    known: Mapping[FieldId, Field],
    *,
    at: str,
    problem: Callable[[Problem], None],
) -> dict[FieldId, Decimal]:
    amounts: dict[FieldId, Decimal] = {}
    for name, value in given.items():
        if name == "id" or name.startswith("_"):
            continue
        if name not in known:
            problem(_wrong(f"{at}.{name[:60]}", "没有这个数量", "is no quantity that may be given"))
            continue
        field = known[name]
        read = runtime.catalog.fields[field.type].from_json(field.options, value)
        if isinstance(read, Invalid):
            problem(Problem(path=f"{at}.{name}", code="wrong_type", message=read.message, help=read.expected))
        elif isinstance(read, int | Decimal):
            amounts[name] = Decimal(read)
    return amounts


def _wrong(path: str, zh: str, en: str) -> Problem:
    return Problem(path=path, code="wrong_type", message=label(zh=f"{path} {zh}", en=f"`{path}` {en}"))
