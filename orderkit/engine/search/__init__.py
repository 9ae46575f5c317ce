"""Searching everything at once: what the command palette asks."""

from orderkit.engine.search.everywhere import Hit, everywhere

__all__ = ["Hit", "everywhere"]
