"""API tokens: what programs sign in with. A token acts as its user, with the user's roles of the moment.

How far it reaches and until when it holds is chosen when it is made: a program that only reads needs no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, or_, select

from orderkit.database.schema.system_tables import token as token_table
from orderkit.database.schema.system_tables import token_form
from orderkit.engine.access.people import person_of
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.secrets import API_PREFIX, digest_of, new_token
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.engine.scopes import Reach, Scope
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.forms import FormId
from orderkit.model.labels import Label, label
from orderkit.model.project import Project

TOUCH_EVERY = timedelta(minutes=10)
LASTS_DAYS = 90
LONGEST_LABEL = 100
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it may be listed; the token itself is shown once, when it is made.

    `expires_at` None is one that was made before tokens had an end.
    """

    id: int
    user_id: int
    label: str
    scope: Scope
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None

    def holds_at(self, now: datetime) -> bool:
        """Return whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def longest_days(project: Project) -> int:
    """Return how many days a new token may hold at most."""
    return project.sign_in.token_longest_seconds // DAY_SECONDS


def usual_days(project: Project) -> int:
    """Return how many days a new token holds where nobody says."""
    return min(LASTS_DAYS, longest_days(project))


def make_token(
    unit: Unit,
    user_id: int,
    label: str,
    *,
    reach: Reach = Reach.FULL,
    forms: Iterable[FormId] = (),
    days: int | None = None,
) -> str:
    """Return a new token of this user, for these forms or all. Only its digest is kept: it is shown once.

    Raises: Refused for a form that does not exist, a label too long, and more days than the project allows.
    """
    named = tuple(dict.fromkeys(forms))
    lasts = usual_days(unit.project) if days is None else days
    _check(unit.project, label, named, lasts)
    token = new_token(API_PREFIX)
    made = token_table.insert().values(
        digest=digest_of(token),
        user_id=user_id,
        label=label,
        created_at=unit.now,
        expires_at=unit.now + timedelta(days=lasts),
        scope=reach.value,
    )
    token_id: int = unit.connection.execute(made.returning(token_table.c.id)).scalar_one()
    if named:
        rows = [{"token_id": token_id, "form": each} for each in named]
        unit.connection.execute(token_form.insert(), rows)
    facts = {"token": str(token_id), "scope": reach.value, "days": str(lasts)}
    note(unit, AccountEvent.TOKEN_MADE, user_id, facts | ({"forms": ", ".join(named)} if named else {}))
    return token


def person_of_token(runtime: Runtime, token: str) -> Person | None:
    """Return the person for whom a token acts, as far as it reaches.

    None when it is unknown, revoked or over, or they have left.
    """
    if not token.startswith(API_PREFIX):
        return None
    with runtime.read(SYSTEM, Channel.API) as unit:
        holds = token_table.c.revoked_at.is_(None) & or_(
            token_table.c.expires_at.is_(None), token_table.c.expires_at > unit.now
        )
        # Its forms come along: every request of a program asks this.
        rows = unit.connection.execute(
            select(token_table, token_form.c.form)
            .outerjoin(token_form, token_form.c.token_id == token_table.c.id)
            .where(token_table.c.digest == digest_of(token), holds)
        ).all()
        row = rows[0] if rows else None
        person = None if row is None else person_of(unit, row.user_id)
        forms = frozenset(each.form for each in rows if each.form is not None)
        scope = None if row is None else _scope(row, {row.id: forms} if forms else {})
        now = unit.now
    if row is None or person is None or scope is None:
        return None
    if row.used_at is None or row.used_at + TOUCH_EVERY <= now:
        with runtime.write(SYSTEM, Channel.API) as unit:
            used = token_table.update().where(token_table.c.id == row.id).values(used_at=unit.now)
            unit.connection.execute(used)
    return person if scope.is_whole else replace(person, scope=scope)


def tokens_of(unit: Unit, user_id: int) -> tuple[Token, ...]:
    """Return a user's tokens, newest first, revoked and expired ones among them."""
    rows = unit.connection.execute(
        select(token_table).where(token_table.c.user_id == user_id).order_by(token_table.c.id.desc())
    ).all()
    forms = _forms(unit, [row.id for row in rows])
    return tuple(
        Token(
            id=row.id,
            user_id=row.user_id,
            label=row.label,
            scope=_scope(row, forms),
            created_at=row.created_at,
            used_at=row.used_at,
            revoked_at=row.revoked_at,
            expires_at=row.expires_at,
        )
        for row in rows
    )


def revoke_token(unit: Unit, token_id: int, *, user_id: int) -> None:
    """End a token of this user at once. Raises NotFound when the user has no such token in force."""
    mine = (token_table.c.id == token_id) & (token_table.c.user_id == user_id)
    in_force = mine & token_table.c.revoked_at.is_(None)
    revoked = unit.connection.execute(token_table.update().where(in_force).values(revoked_at=unit.now))
    if revoked.rowcount == 0:
        raise NotFound
    note(unit, AccountEvent.TOKEN_REVOKED, user_id, {"token": str(token_id)})


def _check(project: Project, called: str, forms: Iterable[FormId], days: int) -> None:
    problems = []
    if len(called) > LONGEST_LABEL:
        said = label(
            zh=f"名称最多 {LONGEST_LABEL} 个字符", en=f"a label has at most {LONGEST_LABEL} characters"
        )
        problems.append(_problem("label", "too_long", said))
    for each in forms:
        form = project.form_by_id.get(each)
        if form is None or form.parent is not None:
            said = label(zh=f"没有表单 {each}", en=f"there is no form `{each}`")
            problems.append(_problem("forms", "unknown_form", said))
    most = longest_days(project)
    if not 1 <= days <= most:
        said = label(zh=f"令牌的有效期须为 1 到 {most} 天", en=f"a token holds for 1 to {most} days")
        problems.append(_problem("days", "out_of_range", said))
    if problems:
        raise Refused(problems)


def _problem(path: str, code: str, said: Label) -> Problem:
    return Problem(path=path, code=code, message=said)


def _scope(row: Row[tuple[object, ...]], forms: Mapping[int, frozenset[FormId]]) -> Scope:
    try:
        reach = Reach(row.scope)
    except ValueError:
        # A newer program has written it; what it means is not guessed.
        return Scope(reach=Reach.READ, forms=frozenset())
    return Scope(reach=reach, forms=forms.get(row.id))


def _forms(unit: Unit, ids: Iterable[int]) -> Mapping[int, frozenset[FormId]]:
    found: dict[int, set[FormId]] = {}
    rows = unit.connection.execute(select(token_form).where(token_form.c.token_id.in_(list(ids))))
    for row in rows:
        found.setdefault(row.token_id, set()).add(row.form)
    return {token_id: frozenset(forms) for token_id, forms in found.items()}
