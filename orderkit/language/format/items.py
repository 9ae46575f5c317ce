"""A file as a tree of items, each an entry of a map or a list, with the comments that belong to it."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, SourceText
from orderkit.language.source.comments import Comment

_DASH = re.compile(r"-[ \t]*$")


@dataclass(slots=True)
class Remark:
    """A comment, and whether a blank line stands above it."""

    text: str
    has_blank_above: bool = False


@dataclass(slots=True)
class Item:
    """An entry of a map (with `key`) or of a list. `foot` is the comments behind the last of its children."""

    key: ScalarNode | None
    value: Node
    parent: "Item | None"
    start: int
    column: int
    above: list[Remark] = field(default_factory=list)
    beside: list[Remark] = field(default_factory=list)
    has_blank_above: bool = False
    children: list["Item"] = field(default_factory=list)
    foot: list[Remark] = field(default_factory=list)

    @property
    def is_in_flow(self) -> bool:
        """Whether it stands between brackets."""
        return self.parent is not None and _is_flow(self.parent.value)

    def all_below(self) -> Iterator["Item"]:
        """Yield the items below it, as they were written."""
        for child in self.children:
            yield child
            yield from child.all_below()


class NotLaidOutError(Exception):
    """Something stands in the file that is better left as it is."""


def items_of(root: MappingNode, comments: Sequence[Comment]) -> Item:
    """Return the tree of a file; its root stands for the whole map.

    Raises:
        NotLaidOutError: a comment stands where it belongs to nothing.
    """
    top = Item(None, root, None, -1, 0)
    _fill(top)
    every = list(top.all_below())
    starts = [item.start for item in every]
    for item in every:
        item.has_blank_above = _has_blank_above(root.source, item.start)
    for comment in comments:
        if not _is_in_scalar(every, starts, comment):
            _attach(top, every, starts, comment)
    return top


def _fill(item: Item) -> None:
    """Add the children of an item's value, all the way down."""
    waiting = [item]
    while waiting:
        parent = waiting.pop()
        node = parent.value
        pairs: Sequence[tuple[ScalarNode | None, Node]] = ()
        if isinstance(node, MappingNode):
            pairs = node.entries
        elif isinstance(node, SequenceNode):
            pairs = [(None, each) for each in node.items]
        for key, value in pairs:
            start = value.start if key is None else key.start
            child = Item(key, value, parent, start, _column(node.source, start, is_entry=key is not None))
            parent.children.append(child)
        waiting += parent.children


def _column(source: SourceText, start: int, *, is_entry: bool) -> int:
    """Return the column of an item; that of a list's is its dash's."""
    line_start, line = source.line_at(start)
    if is_entry:
        return start - line_start
    dash = _DASH.search(line[: start - line_start])
    return start - line_start if dash is None else dash.start()


def _is_flow(node: Node) -> bool:
    return not isinstance(node, ScalarNode) and node.is_flow


def _is_in_scalar(every: Sequence[Item], starts: Sequence[int], comment: Comment) -> bool:
    """Whether a comment stands behind the sign of a block text; it is written with the text."""
    index = bisect_left(starts, comment.start) - 1
    value = every[index].value if index >= 0 else None
    return isinstance(value, ScalarNode) and value.start < comment.start < value.end


def _attach(top: Item, every: Sequence[Item], starts: Sequence[int], comment: Comment) -> None:
    index = bisect_left(starts, comment.start)
    before = every[index - 1] if index else None
    after = every[index] if index < len(every) else None
    if before is not None and isinstance(before.value, ScalarNode) and comment.start < before.value.start:
        # Between a key and its only word; nobody writes that on purpose.
        raise NotLaidOutError
    remark = Remark(comment.text, _has_blank_above(comment.source, comment.start))
    if comment.is_alone:
        _attach_alone(top, before, after, comment, remark)
        return
    line_start, line = comment.source.line_at(comment.start)
    if before is None or line[: comment.start - line_start].strip() in ("-", "?"):
        raise NotLaidOutError
    while before.parent is not None and before.is_in_flow and before.parent.value.end <= comment.start:
        before = before.parent
    before.beside.append(remark)


def _attach_alone(
    top: Item, before: Item | None, after: Item | None, comment: Comment, remark: Remark
) -> None:
    """Give a comment on its own line to what stands below it, or to the end of what stands above."""
    line_start, _ = comment.source.line_at(comment.start)
    column = comment.start - line_start
    if after is not None and (before is None or after.parent is before):
        after.above.append(remark)
        return
    at = before
    while at is not None and at.parent is not None:
        holder = at.parent
        is_closed = at.is_in_flow and holder.value.end <= comment.start
        if not is_closed:
            if after is not None and after.parent is holder:
                after.above.append(remark)
                return
            if at.is_in_flow or column >= at.column or holder is top:
                holder.foot.append(remark)
                return
        at = holder
    top.foot.append(remark)


def _has_blank_above(source: SourceText, offset: int) -> bool:
    line_start = source.text.rfind("\n", 0, offset) + 1
    if source.text[line_start:offset].strip(" -"):
        return False
    return (
        line_start > 0
        and not source.text[source.text.rfind("\n", 0, line_start - 1) + 1 : line_start].strip()
    )
