"""Searching everything at once: what the command palette asks."""

from orderkit.engine.search.everywhere import Hit, everywhere
from orderkit.engine.search.recalled import recalled

__all__ = ["Hit", "everywhere", "recalled"]
