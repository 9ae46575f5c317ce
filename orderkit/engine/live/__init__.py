"""What has changed since somebody last looked, and which of it a person may be told."""

from orderkit.engine.live.happenings import Happened, Marks, Watch, marks_now, read_marks
from orderkit.engine.live.telling import RecordTold, Told, told_to

__all__ = [
    "Happened",
    "Marks",
    "RecordTold",
    "Told",
    "Watch",
    "marks_now",
    "read_marks",
    "told_to",
]
