"""Entries of the audit in words: who, what, about what, and what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from orderkit.engine.audit import searching
from orderkit.engine.runtime import Unit
from orderkit.engine.trail import TrailEntry
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_at
from orderkit.web.request.visit import Visit

# Everything that is noted anywhere; each has its word in `texts/audit.toml`.
VERBS = (
    *("created", "updated", "computed", "deleted", "restored", "printed", "exported", "denied", "not_found"),
    *("signed_in", "sign_in_refused", "signed_out_everywhere", "recovery_code_used"),
    *("password_set", "password_demanded", "second_factor_set", "second_factor_removed"),
    *("token_made", "token_revoked", "identity_removed", "handed_over", "person_exported", "person_erased"),
    *("tasks_reassigned", "decided_by_link", "job_retried", "job_skipped", "job_settled"),
    *("verified", "pruned"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChange:
    """One value before and after; of a fact there is only the second."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One entry. `url` is empty where there is nothing to look at."""

    id: int
    time: str
    iso: str
    who: str
    behalf: str
    what: str
    about: str
    url: str
    channel: str
    tone: str
    changes: tuple[AuditChange, ...]


def audit_rows(visit: Visit, unit: Unit, entries: Sequence[TrailEntry]) -> Iterator[AuditRow]:
    """Yield what each entry says, in the language of the reader."""
    names = _names(unit, entries)
    for each in entries:
        form = unit.project.form_by_id.get(each.form)
        is_there = form is not None and bool(each.title)
        yield AuditRow(
            id=each.id,
            time=shown_at(each.at, visit.zone, visit.locale),
            iso=each.at.isoformat(),
            who=_name(visit, names, _actor(each)),
            behalf=""
            if each.on_behalf_of_id is None
            else visit.t("record.behalf", name=_name(visit, names, each.on_behalf_of_id)),
            what=_what(visit, each),
            about=_about(visit, unit, names, each),
            url=f"/forms/{each.form}/{each.record_id}" if is_there else "",
            channel=visit.t(f"audit.by_{each.channel}"),
            tone=_tone(each),
            changes=(
                *(
                    AuditChange(label=visit.text(change.label), before=change.before, after=change.after)
                    for change in each.changes
                ),
                *(
                    AuditChange(label=_fact(visit, name), before="", after=_said(value))
                    for name, value in each.facts.items()
                ),
            ),
        )


def _actor(entry: TrailEntry) -> int | None:
    """Return who did it; who signs in is nobody yet, and yet it is they who do."""
    is_entering = entry.form == searching.ACCOUNT and entry.verb in searching.SIGN_INS and entry.record_id
    return entry.record_id if entry.actor_id is None and is_entering else entry.actor_id


def _names(unit: Unit, entries: Sequence[TrailEntry]) -> Mapping[int, str]:
    ids = {each.actor_id for each in entries} | {each.on_behalf_of_id for each in entries}
    ids |= {each.record_id for each in entries if each.form == searching.ACCOUNT}
    user = unit.runtime.database.tables["user"]
    found = unit.connection.execute(select(user.c.id, user.c.name).where(user.c.id.in_(ids - {None})))
    return {row.id: row.name for row in found}


def _name(visit: Visit, names: Mapping[int, str], user_id: int | None) -> str:
    return visit.t("audit.system") if user_id is None else names.get(user_id, f"#{user_id}")


def _what(visit: Visit, entry: TrailEntry) -> str:
    return visit.t(f"audit.verb_{entry.verb}") if entry.verb in VERBS else entry.verb


def _about(visit: Visit, unit: Unit, names: Mapping[int, str], entry: TrailEntry) -> str:
    if entry.form == searching.ACCOUNT:
        named = names.get(entry.record_id, "") if entry.record_id else visit.t("audit.unknown_login")
        return visit.t("audit.account_of", name=named or f"#{entry.record_id}")
    form = unit.project.form_by_id.get(entry.form)
    if form is None:
        return "" if entry.form.startswith("ok_") else f"{entry.form} {entry.record_id}"
    return f"{text_of(form.label, visit.locale)} {entry.title or entry.record_id}"


def _fact(visit: Visit, name: str) -> str:
    known = visit.site.templates.texts.labels.get(f"audit.fact_{name}")
    return name if known is None else visit.text(known)


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return " ".join(f"{key}={_said(each)}" for key, each in value.items() if each not in {None, ""})
    return "" if value is None else str(value)


def _tone(entry: TrailEntry) -> str:
    if entry.verb in {"denied", "not_found", "sign_in_refused", "deleted", "person_erased"}:
        return "red"
    if entry.form in {searching.ACCOUNT, "user", "department"}:
        return "blue"
    return "orange" if entry.verb in {"exported", "printed", "person_exported"} else "gray"
