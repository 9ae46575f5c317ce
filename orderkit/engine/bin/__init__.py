"""The bin: what was deleted, for as long as it can be restored, by whoever may delete it."""

from orderkit.engine.bin.emptying import KEPT_DAYS, days_kept, empty_expired, purge
from orderkit.engine.bin.looking import BinEntry, BinPage, in_bin, look

__all__ = [
    "KEPT_DAYS",
    "BinEntry",
    "BinPage",
    "days_kept",
    "empty_expired",
    "in_bin",
    "look",
    "purge",
]
