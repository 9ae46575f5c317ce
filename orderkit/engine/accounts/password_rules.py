"""What a project demands of a new password, and which ones may not come back."""

from sqlalchemy import select

from orderkit.database.schema.system_tables import credential, former_password
from orderkit.engine.accounts.leaked_passwords import refuse_leaked
from orderkit.engine.accounts.passwords import LONGEST_PASSWORD, hash_password, matches_hash
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label


def new_password_hash(runtime: Runtime, password: str, *, user_id: int | None = None, login: str = "") -> str:
    """Return the hash of a password that the project's rules allow; called before a unit is opened.

    Raises: Refused for one that is too short or long, is the login name, was used before, or has leaked.
    """
    rules = runtime.project.sign_in
    if not rules.password_length <= len(password) <= LONGEST_PASSWORD:
        said = label(
            zh=f"密码须为 {rules.password_length} 到 {LONGEST_PASSWORD} 个字符",
            en=f"A password has {rules.password_length} to {LONGEST_PASSWORD} characters",
        )
        raise _refused("password_length", said)
    if login and password.casefold() == login.casefold():
        said = label(zh="密码不能与登录名相同", en="The password must not be the login name")
        raise _refused("password_is_login", said)
    if user_id is not None and rules.password_history:
        _refuse_former(runtime, user_id, password, rules.password_history)
    refuse_leaked(runtime, password)
    return hash_password(password)


def keep_former(unit: Unit, user_id: int) -> None:
    """Keep the hash that is about to be replaced, and forget those beyond what the project keeps."""
    kept = unit.project.sign_in.password_history - 1
    mine = former_password.c.user_id == user_id
    now = unit.connection.scalar(select(credential.c.password_hash).where(credential.c.user_id == user_id))
    if now is not None and kept > 0:
        unit.connection.execute(former_password.insert().values(user_id=user_id, password_hash=now))
    newest = select(former_password.c.id).where(mine).order_by(former_password.c.id.desc())
    staying = unit.connection.execute(newest.limit(max(kept, 0))).scalars().all()
    unit.connection.execute(former_password.delete().where(mine, former_password.c.id.not_in(staying)))


def must_change(unit: Unit, user_id: int) -> bool:
    """Return whether the password is to be changed before going on: demanded, or too old."""
    found = select(credential.c.must_change, credential.c.changed_at).where(credential.c.user_id == user_id)
    row = unit.connection.execute(found).one_or_none()
    if row is None:
        return False
    lasts = unit.project.sign_in.password_expires_seconds
    return row.must_change or (lasts is not None and (unit.now - row.changed_at).total_seconds() >= lasts)


def _refuse_former(runtime: Runtime, user_id: int, password: str, history: int) -> None:
    with runtime.database.read() as connection:
        now = select(credential.c.password_hash).where(credential.c.user_id == user_id)
        former = (
            select(former_password.c.password_hash)
            .where(former_password.c.user_id == user_id)
            .order_by(former_password.c.id.desc())
            .limit(max(history - 1, 0))
        )
        known = [*connection.execute(now).scalars(), *connection.execute(former).scalars()]
    if any(matches_hash(each, password) for each in known if each is not None):
        said = label(
            zh=f"不能使用最近 {history} 个用过的密码", en=f"Your last {history} passwords may not come back"
        )
        raise _refused("password_used_before", said)


def _refused(code: str, said: Label) -> Refused:
    return Refused([Problem(path="password", code=code, message=said)])
