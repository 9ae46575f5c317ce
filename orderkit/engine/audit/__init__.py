"""The audit: who changed what, when, from what to what, through which channel, under which model."""

from orderkit.engine.audit.entries import BeforeAfter, Entry, Recorded, erase, read, write
from orderkit.engine.audit.noting import EXPORT, JOBS, REFUSAL, note

__all__ = ["EXPORT", "JOBS", "REFUSAL", "BeforeAfter", "Entry", "Recorded", "erase", "note", "read", "write"]
