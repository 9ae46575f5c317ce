"""Posting by hand, without a record: an opening, a correction. Who may, each kind of posting says; else nobody."""

from collections.abc import Mapping
from decimal import Decimal

from orderkit.engine.ledger.posting import Posting, post
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label, text_of
from orderkit.model.ledgers import AGAINST, PostingKind
from orderkit.model.people import AnyOf, HasRole, NamedPerson, NamedUser, Who


def post_by_hand(
    unit: Unit,
    target: str,
    keys: Mapping[str, Scalar],
    amounts: Mapping[str, Decimal | int | None],
    *,
    reason: str | None = None,
) -> tuple[tuple[str, int], ...]:
    """Post once, as the person of the unit.

    Raises: NotFound, Denied (the posting is not theirs, or uses up what a transition posted), Refused.
    """
    name, _, kind_id = target.partition(".")
    ledger = unit.project.ledger_by_id.get(name)
    kind = None if ledger is None else ledger.posting_by_id.get(kind_id)
    if ledger is None or kind is None:
        raise NotFound
    needs_record = any(each.amount == AGAINST for each in kind.movements)
    if needs_record or not (unit.person.is_system or _may(unit, kind)):
        raise Denied(
            label(
                zh=f"你不能手工记“{text_of(ledger.label, 'zh')}”的“{text_of(kind.label, 'zh')}”",
                en=f"you may not post “{text_of(kind.label, 'en')}” into “{text_of(ledger.label, 'en')}” by hand",
            )
        )
    return post(unit, [Posting(target=target, keys=keys, amounts=amounts, reason=reason)])


def _may(unit: Unit, kind: PostingKind) -> bool:
    return kind.by is not None and unit.person.scope is None and _is_meant(unit, kind.by)


def _is_meant(unit: Unit, who: Who) -> bool:
    match who:
        case HasRole(role=role):
            return role in unit.person.roles
        case NamedUser(login=login):
            return login == unit.person.login
        case NamedPerson(name=name):
            return name == "everyone"
        case AnyOf(people=people):
            return any(_is_meant(unit, each) for each in people)
        case _:
            # Without a record nobody else can be told.
            return False
