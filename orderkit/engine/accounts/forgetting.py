"""Forgetting a person: the account is emptied, everything that refers to it stays whole (PIPL article 47)."""

from sqlalchemy import select

from orderkit.database.schema.system_tables import (
    account_setting,
    credential,
    former_password,
    one_time_link,
    recovery_code,
    second_factor,
    token,
    token_form,
)
from orderkit.engine import audit, records
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.people import deactivate, require_manager_of_users, set_roles
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import SystemRole

USER = "user"
_OF_THE_HOUSE = frozenset({"login", "name", "active", "department", "manager"})
_TABLES = (
    account_setting,
    credential,
    former_password,
    one_time_link,
    recovery_code,
    second_factor,
    token,
)


def erase_person(unit: Unit, user_id: int) -> str:
    """Erase what is kept of a user and return what they are called from now on.

    Records keep their reference to the user, which names nobody any more; the texts of the user's personal
    values go from the audit, whose entries stay. Raises Denied, NotFound, Refused for the last administrator.
    """
    require_manager_of_users(unit)
    records.readable_row(unit, USER, user_id)
    form = unit.project.form_by_id.get(USER)
    if form is None:
        raise NotFound
    deactivate(unit, user_id)
    set_roles(unit, user_id, ())
    called = f"erased-{user_id}"
    values: dict[str, Scalar] = {
        field.id: None
        for field in form.stored_fields
        if field.system is SystemRole.NONE
        and not field.is_derived
        and not field.required
        and field.id not in _OF_THE_HOUSE
    }
    records.apply(
        unit, [records.Update(form=USER, id=user_id, values={**values, "login": called, "name": called})]
    )
    # Ids of tokens may come again, and must not find the forms of one that is gone.
    mine = select(token.c.id).where(token.c.user_id == user_id)
    unit.connection.execute(token_form.delete().where(token_form.c.token_id.in_(mine)))
    for table in _TABLES:
        unit.connection.execute(table.delete().where(table.c.user_id == user_id))
    audit.erase(unit, USER, user_id)
    note(unit, AccountEvent.ERASED, user_id)
    return called
