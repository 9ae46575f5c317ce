"""What the audit says of accounts: who came in, who was refused, what was changed about signing in.

The entries stand apart from the record of the user, whose history colleagues may read.
"""

from collections.abc import Mapping
from enum import StrEnum

from orderkit.engine import audit
from orderkit.engine.runtime import Unit

# No form of a project can be named so: `account` stands in the audit alone.
ACCOUNT = "ok_account"
NOBODY = 0


class AccountEvent(StrEnum):
    """What happened to an account."""

    SIGNED_IN = "signed_in"
    REFUSED = "sign_in_refused"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    PASSWORD_SET = "password_set"  # noqa: S105 - an event, no password
    PASSWORD_DEMANDED = "password_demanded"  # noqa: S105 - an event, no password
    FACTOR_SET = "second_factor_set"
    FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    TOKEN_MADE = "token_made"  # noqa: S105 - an event, no token
    IDENTITY_REMOVED = "identity_removed"
    EXPORTED = "person_exported"
    ERASED = "person_erased"
    HANDED_OVER = "handed_over"
    TASKS_REASSIGNED = "tasks_reassigned"
    DECIDED_BY_LINK = "decided_by_link"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - an event, no token


def note(
    unit: Unit, event: AccountEvent, user_id: int | None, facts: Mapping[str, str] | None = None
) -> None:
    """Note what happened to a user's account; None is a login name that does not exist."""
    changes = {name: (None, value) for name, value in (facts or {}).items()}
    entry = audit.Entry(form=ACCOUNT, record_id=user_id or NOBODY, verb=event.value, changes=changes)
    audit.write(unit, [entry])
