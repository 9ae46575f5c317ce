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

__all__ = [
    "LEAST_WIDTH",
    "MOST_COLUMNS",
    "MOST_FROZEN",
    "MOST_WIDTH",
    "Arrangement",
    "ColumnWidth",
    "arranged",
    "forget_arrangement",
    "keep_arrangement",
    "offered",
]
