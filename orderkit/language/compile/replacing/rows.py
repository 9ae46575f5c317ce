"""The rows in a template of a page: which names stand for one, and what is asked of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

# What every row has besides its fields.
OF_ROW = ("id", "url", "title", "fields")
# What gives rows from rows, and one of them.
_KEEPS = frozenset({"list", "sort", "reverse", "select", "reject", "selectattr", "rejectattr", "unique"})
_PICKS = frozenset({"first", "last"})


@dataclass(frozen=True, slots=True)
class Row:
    """What a template has of a record: its form and the fields that the page asks for."""

    form: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked of a row: a field of `row`, or where that is None one of `OF_ROW`."""

    line: int
    name: str
    row: Row | None = None


Rows = Mapping[str, Row]


def asked_of_rows(tree: nodes.Template, given: Rows) -> Iterator[Asked]:
    """Yield each name that is asked of a row, whether it has it or not.

    Only what is certainly a row is looked at: one of `page.due`, or a name that was set to one.
    """
    yield from _within(tree, given, {})


def _within(node: nodes.Node, given: Rows, bound: Rows) -> Iterator[Asked]:
    if isinstance(node, nodes.Getattr):
        row = _row_of(node.node, given, bound)
        if row is not None:
            yield Asked(node.lineno, node.attr)
        inner = node.node
        if isinstance(inner, nodes.Getattr) and inner.attr == "fields":
            row = _row_of(inner.node, given, bound)
            if row is not None:
                yield Asked(node.lineno, node.attr, row)
    if isinstance(node, nodes.For):
        yield from _within(node.iter, given, bound)
        inside = _with(node.target, _row_of(node.iter, given, bound), bound)
        parts = (*node.body, *([] if node.test is None else [node.test]))
        for part in parts:
            yield from _within(part, given, inside)
        for part in node.else_:
            yield from _within(part, given, bound)
        return
    names = dict(bound)
    for child in node.iter_child_nodes():
        yield from _within(child, given, names)
        if isinstance(child, nodes.Assign):
            names = dict(_with(child.target, _row_of(child.node, given, names), names))


def _with(target: nodes.Node, row: Row | None, bound: Rows) -> Rows:
    """Return what names stand for inside, where one more of them is given a value."""
    made = {each.name for each in (target, *target.find_all(nodes.Name)) if isinstance(each, nodes.Name)}
    kept = {name: each for name, each in bound.items() if name not in made}
    return {**kept, target.name: row} if row is not None and isinstance(target, nodes.Name) else kept


def _row_of(node: nodes.Node, given: Rows, bound: Rows) -> Row | None:
    """Return the row, or each of some rows, that an expression stands for; None for all else."""
    match node:
        case nodes.Name(name=name):
            return bound.get(name)
        case nodes.Getattr(node=nodes.Name(name="page"), attr=attr):
            return given.get(attr)
        case nodes.Filter(node=inner, name=name) if inner is not None and name in _KEEPS | _PICKS:
            return _row_of(inner, given, bound)
        case nodes.Getitem(node=inner):
            return _row_of(inner, given, bound)
        case _:
            return None
