"""What is kept of a person, for that person: the right to a copy (PIPL article 45)."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from sqlalchemy import Select, Table, Text, or_, select, type_coerce

from orderkit.database.schema.system_tables import audit as entries
from orderkit.database.schema.system_tables import identity, session, token
from orderkit.engine import audit
from orderkit.engine.accounts.noting import ACCOUNT, AccountEvent, note
from orderkit.engine.accounts.people import require_manager_of_users, roles_of
from orderkit.engine.accounts.preferences import preferences_of
from orderkit.engine.records import get
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.types import Many

USER = "user"
_AT_ONCE = 500
_MOST_CHANGES = 10_000


def export_person(unit: Unit, user_id: int, target: IO[bytes]) -> None:
    """Write a ZIP file of JSON: account, identities, sessions, tokens, what the audit says, and which records name the person.

    Of what the person did, the audit's entries are told without the values: these belong to others.
    Raises: Denied, NotFound.
    """
    require_manager_of_users(unit)
    account = _account(unit, user_id)
    note(unit, AccountEvent.EXPORTED, user_id)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "account.json", [account])
        _write(
            archive, "identities.jsonl", _rows(unit, identity, user_id, ("issuer", "subject", "created_at"))
        )
        _write(
            archive, "sessions.jsonl", _rows(unit, session, user_id, ("created_at", "seen_at", "expires_at"))
        )
        _write(
            archive,
            "tokens.jsonl",
            _rows(unit, token, user_id, ("label", "created_at", "used_at", "expires_at", "revoked_at")),
        )
        _write(archive, "changes_of_the_account.jsonl", _changes(unit, user_id))
        _write(archive, "done_by_the_person.jsonl", _done(unit, user_id))
        _write(archive, "records_that_name_the_person.jsonl", _named(unit, user_id))


def _account(unit: Unit, user_id: int) -> dict[str, object]:
    view = get(unit, USER, user_id)
    form = unit.project.form_by_id[USER]
    values: dict[str, object] = {}
    for name, value in view.values.items():
        field = form.by_id[name]
        kind = unit.runtime.catalog.fields[field.type]
        values[name] = None if value is None else kind.to_json(field.options, value)
    return {
        "id": user_id,
        "values": values,
        "roles": sorted(roles_of(unit, user_id)),
        "preferences": dict(preferences_of(unit, user_id)),
    }


def _rows(unit: Unit, table: Table, user_id: int, names: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    found = select(*(table.c[name] for name in names)).where(table.c.user_id == user_id)
    for row in unit.connection.execute(found.order_by(table.c.created_at)):
        yield dict(zip(names, row, strict=True))


def _changes(unit: Unit, user_id: int) -> Iterator[Mapping[str, Any]]:
    for form in (USER, ACCOUNT):
        for each in audit.read(unit, form, user_id, limit=_MOST_CHANGES):
            yield {"at": each.at, "verb": each.verb, "changes": {k: list(v) for k, v in each.changes.items()}}


def _done(unit: Unit, user_id: int) -> Iterator[Mapping[str, Any]]:
    names = ("id", "at", "channel", "form", "record_id", "verb")
    mine = or_(entries.c.actor_id == user_id, entries.c.on_behalf_of_id == user_id)
    for row in _paged(unit, select(*(entries.c[name] for name in names)).where(mine), entries):
        yield dict(zip(names, row, strict=True))


def _named(unit: Unit, user_id: int) -> Iterator[Mapping[str, Any]]:
    for form in unit.project.forms:
        table = unit.runtime.database.tables[form.id]
        for field in form.fields:
            if field.target != USER or not field.is_stored:
                continue
            column = table.c[field.id]
            condition = column == user_id
            if isinstance(field.value_type, Many):
                # Several ids stand in one text with a bar on both sides of each.
                condition = type_coerce(column, Text()).contains(f"|{user_id}|")
            for row in _paged(unit, select(table.c.id).where(condition), table):
                yield {"form": form.id, "field": field.id, "id": row[0]}


def _paged(unit: Unit, query: Select[Any], table: Table) -> Iterator[Any]:
    reached = 0
    while True:
        page = query.where(table.c.id > reached).order_by(table.c.id).limit(_AT_ONCE)
        rows = unit.connection.execute(page).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        reached = rows[-1][0]


def _write(archive: zipfile.ZipFile, name: str, documents: Iterator[Any] | list[Any]) -> None:
    with archive.open(name, "w") as file:
        for each in documents:
            file.write(json.dumps(each, ensure_ascii=False, default=str).encode() + b"\n")
