"""Records over HTTP: list, create, read, change, delete, and what happened to one."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from orderkit.engine import records
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form
from orderkit.model.labels import label, text_of
from orderkit.web.api.bodies import json_object, record_values
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.documents import entity_tag, page_document, record_document
from orderkit.web.api.idempotency import once
from orderkit.web.api.problems import BadRequest, did_you_mean
from orderkit.web.api.queries import list_request


def list_records(runtime: Runtime, call: Call) -> Answer:
    """Return one page of a form's records."""
    form = form_named(runtime, call)
    wanted = list_request(form, call.parameters, runtime.catalog, call.person)
    with call.reading(runtime) as unit:
        page = records.page(unit, wanted.query)
        document = page_document(page, runtime.project, runtime.catalog, only=wanted.only)
        if wanted.is_counted:
            count = records.count(unit, wanted.query)
            document["count"] = {"value": count.value, "is_exact": count.is_exact}
    return json_answer(document, headers=_links(call, page))


def create_record(runtime: Runtime, call: Call) -> Answer:
    """Create a record; answers with it and its address."""
    form = form_named(runtime, call)
    given = record_values(json_object(call), form, runtime.project, runtime.catalog)

    def work(unit: Unit) -> Answer:
        made = records.Create(form=form.id, values=given.values, lines=given.lines)
        (created,) = records.apply(unit, [made])
        address = f"/api/v1/{form.id}/{created.id}"
        return record_answer(unit, form.id, created.id, status=201, headers={"Location": address})

    return once(runtime, call, work)


def read_record(runtime: Runtime, call: Call) -> Answer:
    """Return one record with its lines."""
    form = form_named(runtime, call)
    with call.reading(runtime) as unit:
        return record_answer(unit, form.id, record_id(call))


def change_record(runtime: Runtime, call: Call) -> Answer:
    """Change the fields that are given; a collection that is given is replaced as a whole."""
    form = form_named(runtime, call)
    given = record_values(json_object(call), form, runtime.project, runtime.catalog)

    def work(unit: Unit) -> Answer:
        changed = records.Update(
            form=form.id,
            id=record_id(call),
            values=given.values,
            lines=given.lines,
            revision=expected_revision(call),
        )
        records.apply(unit, [changed])
        return record_answer(unit, form.id, record_id(call))

    return once(runtime, call, work)


def delete_record(runtime: Runtime, call: Call) -> Answer:
    """Delete a record and its lines."""
    form = form_named(runtime, call)

    def work(unit: Unit) -> Answer:
        records.apply(
            unit, [records.Delete(form=form.id, id=record_id(call), revision=expected_revision(call))]
        )
        return Answer(status=204, media_type=None)

    return once(runtime, call, work)


def read_history(runtime: Runtime, call: Call) -> Answer:
    """Return what happened to a record, newest first, as far as this reader may see it."""
    form = form_named(runtime, call)
    with call.reading(runtime) as unit:
        entries = records.history(unit, form.id, record_id(call), before=instant(call, "before"))
    return json_answer(
        {
            "items": [
                {
                    "at": entry.at.isoformat(),
                    "actor_id": entry.actor_id,
                    "actor": entry.actor,
                    "on_behalf_of": entry.on_behalf_of,
                    "channel": entry.channel,
                    "verb": entry.verb,
                    "label": text_of(entry.label, call.locale),
                    "comment": entry.comment,
                    "changes": [
                        {
                            "path": each.path,
                            "label": text_of(each.label, call.locale),
                            "before": each.before,
                            "after": each.after,
                        }
                        for each in entry.changes
                    ],
                }
                for entry in entries
            ]
        }
    )


def instant(call: Call, name: str) -> datetime | None:
    """Return an instant that the query names, with its offset. Raises BadRequest for what is none."""
    text = dict(call.parameters).get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        message = label(
            zh=f"{name} 须是带时区的时刻，例如 2026-03-01T08:00:00+00:00",
            en=f"{name} must be an instant with its offset, such as 2026-03-01T08:00:00+00:00",
        )
        raise BadRequest("bad_parameter", message)
    return found


def form_named(runtime: Runtime, call: Call) -> Form:
    """Return the form that the address names. Raises NotFound, with the nearest name, for another."""
    name = call.names["form"]
    forms = {form.id: form for form in runtime.project.forms if form.parent is None}
    if name not in forms:
        near = did_you_mean(name, forms)
        raise NotFound(
            label(
                zh=f"没有表单 {name}" + (f"，{near['zh']}" if near else ""),
                en=f"there is no form `{name}`" + (f"; {near['en']}" if near else ""),
            )
        )
    return forms[name]


def record_id(call: Call) -> int:
    """Return the id that the address names. Raises NotFound for what cannot be one."""
    text = call.names["id"]
    if not text.isdecimal() or not text.isascii() or len(text) > 18:
        raise NotFound(label(zh=f"没有记录 {text[:40]}", en=f"there is no record `{text[:40]}`"))
    return int(text)


def expected_revision(call: Call) -> int | None:
    """Return the revision that `If-Match` demands; None without it, or for `*`."""
    wanted = call.headers.get("if-match", "").strip()
    if wanted in {"", "*"}:
        return None
    digits = wanted.removeprefix("W/").strip('"')
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 18:
        raise BadRequest(
            "bad_if_match",
            label(
                zh='If-Match 须是读取记录时得到的 ETag，例如 "3"',
                en='If-Match must be the ETag that reading the record gave, such as "3"',
            ),
        )
    return int(digits)


def record_answer(
    unit: Unit, form: str, id_: int, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return a record as it stands in this unit, with its ETag.

    Someone may be allowed to write what they may not read: they are told no more than its id.
    """
    if unit.is_writing:
        unit.before_commit()  # numbers and balances are part of what is told
    try:
        view = records.get(unit, form, id_)
    except NotFound:
        if not unit.is_writing:
            raise
        return json_answer({"id": id_}, status=status, headers=headers)
    document = record_document(view, unit.project, unit.runtime.catalog)
    return json_answer(
        document, status=status, headers={"ETag": entity_tag(view.revision), **(headers or {})}
    )


def _links(call: Call, page: records.Page) -> dict[str, str]:
    """Return the Link header to the neighbouring pages (RFC 8288)."""
    rest = [(name, value) for name, value in call.parameters if name != "cursor"]
    links = [
        f'<{call.path}?{urlencode([*rest, ("cursor", cursor)])}>; rel="{relation}"'
        for relation, cursor in (("next", page.next), ("prev", page.previous))
        if cursor is not None
    ]
    return {"Link": ", ".join(links)} if links else {}
