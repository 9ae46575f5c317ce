"""Ledgers at run time: posting entries, keeping balances within their bounds, reversing, and reading balances.

An entry is written at once and never changed; balances are hot rows, written at the end of the unit in an
order that every unit keeps, so that no two wait for each other in a ring.
"""

from orderkit.engine.ledger.by_hand import post_by_hand
from orderkit.engine.ledger.posting import Posting, Source, post
from orderkit.engine.ledger.reading import LedgerBalances, balance_rows, lock_balances, numbers_at
from orderkit.engine.ledger.reversing import reverse_entry

__all__ = [
    "LedgerBalances",
    "Posting",
    "Source",
    "balance_rows",
    "lock_balances",
    "numbers_at",
    "post",
    "post_by_hand",
    "reverse_entry",
]
