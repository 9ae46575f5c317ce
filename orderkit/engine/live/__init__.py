"""What has changed since somebody last looked, and which of it a person may be told."""

from orderkit.engine.live.happenings import Happened, Marks, Watch, marks_now, read_marks
from orderkit.engine.live.telling import Looked, RecordTold, Told, lost_to, told_to

__all__ = [
    "Happened",
    "Looked",
    "Marks",
    "RecordTold",
    "Told",
    "Watch",
    "lost_to",
    "marks_now",
    "read_marks",
    "told_to",
]
