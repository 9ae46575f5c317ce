"""Forgetting a person: the account is emptied, everything that refers to it stays whole (PIPL article 47)."""

from collections.abc import Sequence

from sqlalchemy import select

from orderkit.database.schema.system_tables import (
    account_setting,
    credential,
    decision_link,
    former_password,
    identity,
    inbox_message,
    one_time_link,
    recovery_code,
    second_factor,
    token,
    token_form,
)
from orderkit.engine import audit, records
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.people import deactivate, require_manager_of_users, set_roles
from orderkit.engine.accounts.replacing import emptied
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form

USER = "user"
_OF_THE_HOUSE = frozenset({"login", "name", "active", "department", "manager"})
_TABLES = (
    account_setting,
    credential,
    decision_link,
    former_password,
    identity,
    inbox_message,
    one_time_link,
    recovery_code,
    second_factor,
    token,
)


def erase_person(unit: Unit, user_id: int) -> str:
    """Erase what is kept of a user and return what they are called from now on.

    Records keep their reference to the user, which names nobody any more; the texts of the user's personal
    values go from the audit, whose entries stay. Raises Denied, NotFound, Refused for the last administrator
    and where a required personal field has no value that is nobody's.
    """
    require_manager_of_users(unit)
    row = records.readable_row(unit, USER, user_id)
    form = unit.project.form_by_id.get(USER)
    if form is None:
        raise NotFound
    catalog = unit.runtime.catalog
    called = f"erased-{user_id}"
    values = emptied(catalog, form, user_id, left=_OF_THE_HOUSE)
    parts = [form]
    lines = {}
    for each in form.lines:
        part = unit.project.form_by_id[each.form]
        parts.append(part)
        lines[each.id] = [
            records.LineChange(id=line.id, values=emptied(catalog, part, user_id, path=f"{each.id}.{place}."))
            for place, line in enumerate(row.rows(each.id))
        ]
    deactivate(unit, user_id)
    set_roles(unit, user_id, ())
    update = records.Update(
        form=USER, id=user_id, values={**values, "login": called, "name": called}, lines=lines
    )
    # No rule of the project keeps anybody from being forgotten.
    records.apply(unit, [update], waive=_rules_of(parts), by_rule=True)
    # Ids of tokens may come again, and must not find the forms of one that is gone.
    mine = select(token.c.id).where(token.c.user_id == user_id)
    unit.connection.execute(token_form.delete().where(token_form.c.token_id.in_(mine)))
    for table in _TABLES:
        unit.connection.execute(table.delete().where(table.c.user_id == user_id))
    # What others were told about the account stands in their inboxes as text.
    about = (inbox_message.c.form == USER) & (inbox_message.c.record_id == user_id)
    unit.connection.execute(inbox_message.delete().where(about))
    audit.erase(unit, USER, user_id)
    note(unit, AccountEvent.ERASED, user_id)
    return called


def _rules_of(parts: Sequence[Form]) -> frozenset[str]:
    """Return the names of the rules that emptied fields may break."""
    found: set[str] = set()
    for part in parts:
        prefix = "" if part.parent is None else f"{part.id.rpartition('.')[2]}."
        found.update(f"{prefix}{field.id}.required" for field in part.fields)
        found.update(check.id for field in part.fields for check in field.checks)
        found.update(check.id for check in part.checks)
    return frozenset(found)
