"""Following: who is told what becomes of a record. It gives no right: everybody is told what they may see."""

from orderkit.engine.following.followers import follow, follow_unasked, followers, is_following, leave
from orderkit.engine.following.notices import NOTICE_JOB, NoticeHandler
from orderkit.engine.following.watching import note_changed, watch_followed

__all__ = [
    "NOTICE_JOB",
    "NoticeHandler",
    "follow",
    "follow_unasked",
    "followers",
    "is_following",
    "leave",
    "note_changed",
    "watch_followed",
]
