"""Users as administrators see them: made, given roles, and let go. Every step is in the audit."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, or_, select

from orderkit.database.schema.system_tables import credential, identity, user_role
from orderkit.engine import audit, records
from orderkit.engine.access.people import person_of
from orderkit.engine.accounts.entering import Step, enter
from orderkit.engine.accounts.links import LinkPurpose, make_link, read_link, use_link
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.password_rules import keep_former, new_password_hash
from orderkit.engine.accounts.passwords import set_password_hash
from orderkit.engine.accounts.second_factors import remove_second_factor
from orderkit.engine.accounts.sessions import Session, sessions_of, sign_out_everywhere
from orderkit.engine.hooks import WriteKind, Written
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.errors import Conflict, Denied, Problem, Refused
from orderkit.model.labels import label
from orderkit.model.roles import ADMIN, EVERYONE

# By these somebody is found at sign-in, or by the company's provider.
_SIGNED_IN_BY = frozenset({"login", "email", "active"})


def roles_of(unit: Unit, user_id: int) -> frozenset[str]:
    """Return the roles that were given to a user (without `everyone`, which all have)."""
    found = select(user_role.c.role).where(user_role.c.user_id == user_id)
    return frozenset(unit.connection.execute(found).scalars())


def set_roles(unit: Unit, user_id: int, roles: Iterable[str]) -> None:
    """Give a user exactly these roles; the sessions that began with others end.

    Raises: Denied; Refused for an unknown role or the last administrator.
    """
    require_manager_of_users(unit)
    wanted, held = frozenset(roles), roles_of(unit, user_id)
    known = {*unit.project.role_by_id, ADMIN} - {EVERYONE}
    for role in sorted(wanted - known):
        message = label(zh=f"没有角色 {role}", en=f"there is no role `{role}`")
        raise Refused([Problem(path="roles", code="unknown_role", message=message)])
    if wanted == held:
        return
    # Two sign-ins at one moment bring the same roles: the second finds them when the first is through.
    user = unit.runtime.database.tables["user"]
    unit.connection.execute(select(user.c.id).where(user.c.id == user_id).with_for_update())
    held = roles_of(unit, user_id)
    if wanted == held:
        return
    if ADMIN in held - wanted:
        _keep_an_administrator(unit, user_id)
    unit.connection.execute(user_role.delete().where(user_role.c.user_id == user_id))
    if wanted:
        rows = [{"user_id": user_id, "role": role} for role in sorted(wanted)]
        unit.connection.execute(user_role.insert(), rows)
    for watch in unit.runtime.hooks.role_watches:
        watch(unit, user_id, held - wanted)
    # Who holds a session that is not theirs does not gain what its owner is given.
    if sessions_of(unit, user_id):
        sign_out_everywhere(unit, user_id)
    change = {"roles": (", ".join(sorted(held)) or None, ", ".join(sorted(wanted)) or None)}
    audit.write(unit, [audit.Entry(form="user", record_id=user_id, verb="updated", changes=change)])


def make_user(
    unit: Unit,
    *,
    login: str,
    name: str,
    roles: Iterable[str] = (),
    password_hash: str | None = None,
    values: records.Values | None = None,
) -> int:
    """Make a user with roles and, if given, a password; return the id.

    `password_hash` comes from `hash_password`, called before the unit is opened. `values` are
    further fields. Raises Denied, Refused.
    """
    require_manager_of_users(unit)
    given = {**(values or {}), "login": login, "name": name}
    (made,) = records.apply(unit, [records.Create(form="user", values=given)])
    set_roles(unit, made.id, roles)
    if password_hash is not None:
        set_password_hash(unit, made.id, password_hash)
    return made.id


def deactivate(unit: Unit, user_id: int) -> None:
    """Let a user go: they can no longer sign in, by session, password or token. Records keep their name."""
    require_manager_of_users(unit)
    if ADMIN in roles_of(unit, user_id):
        _keep_an_administrator(unit, user_id)
    records.apply(unit, [records.Update(form="user", id=user_id, values={"active": False})])
    sign_out_everywhere(unit, user_id)


def watch_users(unit: Unit, written: Sequence[Written]) -> None:
    """Refuse a batch of records that leaves nobody who may manage users, however it was written.

    And one in which somebody else changes what an administrator signs in by: who may edit users would become one.
    Raises Refused, Denied.
    """
    _keep_administrators_theirs(unit, written)
    left = [
        each.id
        for each in written
        if each.form == "user"
        and (each.kind is WriteKind.DELETED or (each.kind is WriteKind.UPDATED and "active" in each.changed))
    ]
    if any(ADMIN in roles_of(unit, user_id) for user_id in left) and not _has_administrator(unit):
        raise _nobody_left()


def _keep_administrators_theirs(unit: Unit, written: Sequence[Written]) -> None:
    if unit.person.is_system or unit.person.is_administrator:
        return
    for each in written:
        is_theirs = each.form == "user" and each.kind is not WriteKind.CREATED and each.id != unit.person.id
        if is_theirs and each.changed & _SIGNED_IN_BY and ADMIN in roles_of(unit, each.id):
            raise Denied(
                label(
                    zh="管理员的登录名、邮箱和启用状态只有管理员能改",
                    en="Only administrators may change the login name, address and state of an administrator",
                )
            )


def first_administrator_link(runtime: Runtime) -> str | None:
    """Return the token of a fresh link for the first administrator; None once there is one."""
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        if _has_administrator(unit):
            return None
        return make_link(unit, LinkPurpose.FIRST_ADMINISTRATOR)


def become_first_administrator(
    runtime: Runtime, token: str, *, login: str, name: str, password: str
) -> Session | Step:
    """Use the first link up: make the administrator and sign them in. Raises NotFound, Refused, Conflict."""
    password_hash = new_password_hash(runtime, password, login=login)
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        use_link(unit, token, LinkPurpose.FIRST_ADMINISTRATOR)
        if _has_administrator(unit):
            raise Conflict(
                label(zh="已经有管理员了，请登录", en="There is an administrator already; sign in")
            )
        user_id = make_user(unit, login=login, name=name, roles=[ADMIN], password_hash=password_hash)
        return enter(unit, user_id)


def set_password_by_link(runtime: Runtime, token: str, password: str) -> Session | Step:
    """Use a password link up and sign its user in; their other sessions end. Raises NotFound, Refused."""
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        known = read_link(unit, token)
        user_id = None if known is None else known.user_id
        person = None if user_id is None else person_of(unit, user_id)
    login = "" if person is None else person.login
    password_hash = new_password_hash(runtime, password, user_id=user_id, login=login)
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        link = use_link(unit, token, LinkPurpose.SET_PASSWORD, LinkPurpose.CHANGE_PASSWORD)
        assert link.user_id is not None
        replace_password(unit, link.user_id, password_hash)
        # Who comes from signing in has been asked for a code before.
        return enter(unit, link.user_id, has_code=link.purpose is LinkPurpose.CHANGE_PASSWORD)


def replace_password(unit: Unit, user_id: int, password_hash: str) -> None:
    """Set another password, keeping the one before out of use; sessions end. The caller has checked who may."""
    keep_former(unit, user_id)
    set_password_hash(unit, user_id, password_hash)
    sign_out_everywhere(unit, user_id)


def demand_password(unit: Unit, user_id: int) -> None:
    """Ask a user for another password at the next sign-in, which is now. Raises Denied."""
    require_manager_of_users(unit)
    mine = credential.c.user_id == user_id
    unit.connection.execute(credential.update().where(mine).values(must_change=True))
    sign_out_everywhere(unit, user_id)
    note(unit, AccountEvent.PASSWORD_DEMANDED, user_id)


def reset_second_factor(unit: Unit, user_id: int) -> None:
    """Take the second factor of a user away whose phone and codes are gone; sessions end. Raises Denied."""
    require_manager_of_users(unit)
    remove_second_factor(unit, user_id)
    sign_out_everywhere(unit, user_id)


def count_identities(unit: Unit, user_id: int) -> int:
    """Return how many identities of the company's own provider are linked to an account."""
    mine = select(func.count()).select_from(identity).where(identity.c.user_id == user_id)
    return unit.connection.execute(mine).scalar_one()


def require_manager_of_users(unit: Unit) -> None:
    """Refuse everybody but administrators, and tokens that are confined. Raises Denied."""
    if not unit.person.is_administrator:
        raise Denied(label(zh="只有管理员可以管理用户", en="Only administrators may manage users"))


def _has_administrator(unit: Unit) -> bool:
    return unit.connection.execute(_administrators(unit).limit(1)).first() is not None


def _keep_an_administrator(unit: Unit, leaving: int) -> None:
    others = _administrators(unit).where(user_role.c.user_id != leaving).limit(1)
    if unit.connection.execute(others).first() is None:
        raise _nobody_left()


def _nobody_left() -> Refused:
    message = label(zh="至少要留一个管理员", en="At least one administrator must stay")
    return Refused([Problem(path="roles", code="last_administrator", message=message)])


def _administrators(unit: Unit) -> Select[int]:
    """Ask for the administrators who can come in: with a password, or from a provider."""
    user = unit.runtime.database.tables["user"]
    has_password = select(credential.c.user_id).where(credential.c.user_id == user.c.id).exists()
    may_come = [has_password]
    provider = unit.project.sign_in.oidc
    if provider is not None:
        known = (identity.c.user_id == user.c.id) & (identity.c.issuer == provider.issuer)
        may_come.append(select(identity.c.user_id).where(known).exists())
    return (
        select(user_role.c.user_id)
        .join(user, user.c.id == user_role.c.user_id)
        .where(user_role.c.role == ADMIN, user.c.active, or_(*may_come))
    )
