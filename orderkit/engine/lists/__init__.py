"""What a person keeps of a list: which columns stand where and how wide, and views under a name.

Only for that person, or shared with those who may see the form. What somebody may not see of what was
kept is left out whenever it is read: rights change, and fields go.
"""

from orderkit.engine.lists.arranging import (
    LEAST_WIDTH,
    MOST_COLUMNS,
    MOST_FROZEN,
    MOST_WIDTH,
    Arrangement,
    ColumnWidth,
    arranged,
    forget_arrangement,
    keep_arrangement,
    offered,
)
from orderkit.engine.lists.views import (
    EVERYTHING,
    LONGEST_NAME,
    KeptView,
    default_view,
    delete_view,
    keep_view,
    kept_views,
    may_compare,
    may_share,
    open_with,
    rename_view,
    replace_view,
)

__all__ = [
    "EVERYTHING",
    "LEAST_WIDTH",
    "LONGEST_NAME",
    "MOST_COLUMNS",
    "MOST_FROZEN",
    "MOST_WIDTH",
    "Arrangement",
    "ColumnWidth",
    "KeptView",
    "arranged",
    "default_view",
    "delete_view",
    "forget_arrangement",
    "keep_arrangement",
    "keep_view",
    "kept_views",
    "may_compare",
    "may_share",
    "offered",
    "open_with",
    "rename_view",
    "replace_view",
]
