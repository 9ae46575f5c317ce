"""Dated substitutes and copies over HTTP: whom the caller named, for whom they stand in, what was sent to them."""

from datetime import datetime
from typing import Any

from orderkit.engine import workflow
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow import Substitution, UserName
from orderkit.model.errors import Problem
from orderkit.model.labels import label
from orderkit.web.api.bodies import ids_or_none, json_object, text_or_none, unreadable
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.idempotency import once
from orderkit.web.api.records import record_id


def list_substitutions(runtime: Runtime, call: Call) -> Answer:
    """Return the caller's agreements that have not ended."""
    with call.reading(runtime) as unit:
        found = workflow.substitutions(unit)
    return json_answer({"items": [_shown(each) for each in found]})


def add_substitution(runtime: Runtime, call: Call) -> Answer:
    """Name a substitute for the caller."""
    document = json_object(call, known=("substitute", "from", "until", "workflow"))
    (substitute, *_) = ids_or_none({"substitute": [document.get("substitute")]}, "substitute")
    starts_at, ends_at = _moment(document, "from"), _moment(document, "until")

    def work(unit: Unit) -> Answer:
        made = workflow.add_substitute(
            unit, substitute, starts_at, ends_at, text_or_none(document, "workflow")
        )
        return json_answer({"id": made}, status=201)

    return once(runtime, call, work)


def end_substitution(runtime: Runtime, call: Call) -> Answer:
    """End an agreement now."""

    def work(unit: Unit) -> Answer:
        workflow.end_substitution(unit, record_id(call))
        return json_answer({"id": record_id(call)})

    return once(runtime, call, work)


def list_copies(runtime: Runtime, call: Call) -> Answer:
    """Return the newest copies that the caller was sent."""
    with call.reading(runtime) as unit:
        found = workflow.copies_of(unit)
    items = [
        {
            "id": each.id,
            "form": each.form,
            "record": each.record_id if each.may_read else None,
            "title": each.title,
            "moment": each.moment,
            "sent_by": None if each.sent_by is None else _person(each.sent_by),
            "at": each.at.isoformat(),
            "read_at": None if each.read_at is None else each.read_at.isoformat(),
        }
        for each in found
    ]
    return json_answer({"items": items})


def _moment(document: dict[str, Any], key: str) -> datetime:
    text = document.get(key)
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        message = label(
            zh="应是带时区的时刻，如 2026-10-01T09:00:00+08:00",
            en="must be a moment with its zone, such as 2026-10-01T09:00:00+08:00",
        )
        raise unreadable([Problem(path=key, code="invalid", message=message)])
    return found


def _shown(each: Substitution) -> dict[str, Any]:
    return {
        "id": each.id,
        "user": _person(each.user),
        "substitute": _person(each.substitute),
        "workflow": each.workflow,
        "from": each.starts_at.isoformat(),
        "until": each.ends_at.isoformat(),
    }


def _person(person: UserName) -> dict[str, Any]:
    return {"id": person.id, "name": person.name}
