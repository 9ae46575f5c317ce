"""Reckoning with working time: when so many working hours or days after a moment it is, and how many lie between two.

Pure: a calendar and a time zone in, instants in UTC out.
"""

from orderkit.model.working_time.office_hours import (
    HORIZON_DAYS,
    NO_WORK_AHEAD,
    STANDARD_HOURS,
    NoWorkAhead,
    OfficeHours,
)
from orderkit.model.working_time.resting import Rest, due_after_rests
from orderkit.model.working_time.spans import moment_after, moment_before

__all__ = [
    "HORIZON_DAYS",
    "NO_WORK_AHEAD",
    "STANDARD_HOURS",
    "NoWorkAhead",
    "OfficeHours",
    "Rest",
    "due_after_rests",
    "moment_after",
    "moment_before",
]
