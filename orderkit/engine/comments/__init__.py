"""Comments: what people say to each other about a record, to whom they turn, and what they attach."""

from orderkit.engine.comments.mentions import MOST_SUGGESTED, Named, mentionable
from orderkit.engine.comments.reading import Comment, comments, find_comment
from orderkit.engine.comments.writing import LONGEST_TEXT, add, edit, remove, upload

__all__ = [
    "LONGEST_TEXT",
    "MOST_SUGGESTED",
    "Comment",
    "Named",
    "add",
    "comments",
    "edit",
    "find_comment",
    "mentionable",
    "remove",
    "upload",
]
