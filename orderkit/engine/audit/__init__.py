"""The audit: who changed what, when, from what to what, through which channel, under which model."""

from orderkit.engine.audit.entries import BeforeAfter, Entry, Recorded, erase, read, write

__all__ = ["BeforeAfter", "Entry", "Recorded", "erase", "read", "write"]
