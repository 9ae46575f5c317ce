"""The one write path: access, rules, computing, writing, audit, life cycle, events — in one transaction."""

from collections.abc import Sequence

from orderkit.engine.records.changes import Applied, Change
from orderkit.engine.runtime import Unit


def apply(
    unit: Unit,
    changes: Sequence[Change],
    *,
    waive: frozenset[str] = frozenset(),
    history: bool = False,
    by_rule: bool = False,
) -> tuple[Applied, ...]:
    """Make all changes or none.

    Args:
        unit: a writing unit; its person must be granted everything that is asked.
        changes: any number, of any forms; thousands at once cost few statements.
        waive: names of checks that need not hold (`lines.qty.check`).
        history: records may arrive in any state; no numbering, no life cycle start, no events.
        by_rule: the engine acts on its own account (workflow actions, `save` of an integration):
            access, state locks and `readonly` do not stop it, it may write the state field; the
            rules of the form still hold.
    Raises: NotFound, Denied, Stale, ChangesRefused (a Refused, with every problem of the batch).
    """
    raise NotImplementedError
