"""The audit, for administrators: who did what, when, through which door; whether it is sealed; and as a file."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from urllib.parse import urlencode

from sqlalchemy import select
from starlette.responses import Response

from orderkit.engine import access, audit
from orderkit.engine.audit import searching
from orderkit.engine.audit.searching import AuditKind, Sought
from orderkit.engine.runtime import Unit
from orderkit.engine.trail import ask_to_verify, seal_state, trail
from orderkit.web.auditing.files import write_csv
from orderkit.web.auditing.rows import VERBS, AuditRow, audit_rows
from orderkit.web.auditing.seals import SealView, seal_view
from orderkit.web.display.moments import shown_at
from orderkit.web.request.downloads import sent
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/admin_audit.html"
ADDRESS = "/admin/audit"
PAGE_SIZE = 50
_FILTERS = ("user", "kind", "verb", "form", "id", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One that may be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminAuditPage:
    """A page of the audit. `reached` says until when was looked where nothing more was found so far."""

    login: str
    number: str
    since: str
    until: str
    kinds: tuple[Choice, ...]
    verbs: tuple[Choice, ...]
    forms: tuple[Choice, ...]
    is_filtered: bool
    problem: str
    rows: tuple[AuditRow, ...]
    reached: str
    next_url: str
    export_url: str
    seal: SealView


def show_audit(visit: Visit) -> Response:
    """Show the entries that fit."""
    with visit.reading() as unit:
        access.require_administrator(unit)
        sought = _sought(visit, unit)
        problem, following, reached = "", None, ""
        rows: tuple[AuditRow, ...] = ()
        if isinstance(sought, str):
            problem = sought
        else:
            found = searching.search(unit, sought, limit=PAGE_SIZE, before=visit.before())
            rows = tuple(audit_rows(visit, unit, trail(unit, found.met)))
            following = found.next
            reached = "" if found.reached is None else shown_at(found.reached, visit.zone, visit.locale)
        page = _page(visit, unit, problem=problem, rows=rows, following=following, reached=reached)
        return visit.show(unit, TEMPLATE, page, current="admin")


def start_verifying(visit: Visit) -> Response:
    """Have the whole audit verified."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        ask_to_verify(unit)
    return visit.go(ADDRESS, visit.t("audit.verify_asked"))


def export_audit(visit: Visit) -> Response:
    """Return all entries that fit as a file, and note that they leave before they do."""
    aside = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed when it has been sent
    try:
        with visit.reading() as unit:
            access.require_administrator(unit)
            sought = _sought(visit, unit)
            if isinstance(sought, str):
                aside.close()
                return visit.go(f"{ADDRESS}?{_query(visit)}", sought, is_good=False)
            count = write_csv(visit, unit, sought, aside)
        facts = {
            "form": searching.AUDIT,
            "format": "csv",
            "rows": count,
            "filter": [each for each in _FILTERS if visit.query.get(each, "").strip()],
        }
        with visit.writing() as unit:
            access.require_administrator(unit)
            audit.note(unit, audit.EXPORT, "exported", facts)
    except BaseException:
        aside.close()
        raise
    return sent(f"{visit.t('audit.title')}.csv", aside, "text/csv; charset=utf-8")


def _page(
    visit: Visit, unit: Unit, *, problem: str, rows: tuple[AuditRow, ...], following: int | None, reached: str
) -> AdminAuditPage:
    asked = {name: visit.query.get(name, "").strip() for name in _FILTERS}
    query = _query(visit)
    return AdminAuditPage(
        login=asked["user"],
        number=asked["id"],
        since=asked["since"],
        until=asked["until"],
        kinds=tuple(
            Choice(
                value=each.value,
                label=visit.t(f"audit.kind_{each.value}"),
                is_chosen=each.value == asked["kind"],
            )
            for each in AuditKind
        ),
        verbs=tuple(
            Choice(value=each, label=visit.t(f"audit.verb_{each}"), is_chosen=each == asked["verb"])
            for each in VERBS
        ),
        forms=tuple(
            Choice(value=form.id, label=visit.text(form.label), is_chosen=form.id == asked["form"])
            for form in unit.project.forms
            if form.parent is None
        ),
        is_filtered=bool(query),
        problem=problem,
        rows=rows,
        reached=reached,
        next_url="" if following is None else f"{ADDRESS}?{_query(visit, before=following)}",
        export_url=f"{ADDRESS}/export" + (f"?{query}" if query else ""),
        seal=seal_view(visit, unit, seal_state(unit)),
    )


def _query(visit: Visit, *, before: int | None = None) -> str:
    pairs = [(name, visit.query.get(name, "").strip()) for name in _FILTERS]
    given = [(name, text) for name, text in pairs if text]
    return urlencode([*given, *(() if before is None else (("before", str(before)),))])


def _sought(visit: Visit, unit: Unit) -> Sought | str:
    """Return what is asked for, or what is wrong with the question."""
    asked = {name: visit.query.get(name, "").strip() for name in _FILTERS}
    actor_id: int | None = None
    if asked["user"]:
        user = unit.runtime.database.tables["user"]
        # Also of who was let go.
        actor_id = unit.connection.scalar(select(user.c.id).where(user.c.login == asked["user"]))
        if actor_id is None:
            return visit.t("admin.access_nobody", login=asked["user"])
    number = asked["id"]
    if number and not (number.isascii() and number.isdecimal() and len(number) < LONGEST_ID):
        return visit.t("admin.access_no_number")
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(asked[name]) if asked[name] else None
        except ValueError:
            return visit.t("audit.no_date", text=asked[name])
    since, until = days["since"], days["until"]
    return Sought(
        actor_id=actor_id,
        kind=AuditKind(asked["kind"]) if asked["kind"] in set(AuditKind) else None,
        verb=asked["verb"] if asked["verb"] in VERBS else None,
        form=asked["form"] if asked["form"] in unit.project.form_by_id else None,
        record_id=int(number) if number else None,
        since=None if since is None else datetime.combine(since, time(), visit.zone),
        until=None if until is None or until == date.max else _midnight_after(until, visit),
    )


def _midnight_after(day: date, visit: Visit) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), visit.zone)
