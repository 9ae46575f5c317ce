"""The rows in a template of a page: which names stand for one, and what is asked of it that it does not have."""

from collections.abc import Collection, Iterator, Mapping

from jinja2 import nodes

# What every row has besides its fields.
OF_ROW = ("id", "url", "title", "fields")
# What gives rows from rows, and one of them.
_KEEPS = frozenset({"list", "sort", "reverse", "select", "reject", "selectattr", "rejectattr", "unique"})
_PICKS = frozenset({"first", "last"})

Fields = frozenset[str]
Rows = Mapping[str, Fields]
Unknown = tuple[int, str, Collection[str]]


def unknown_in_rows(tree: nodes.Template, given: Rows) -> Iterator[Unknown]:
    """Yield line, name and what there is instead, of each name that a row lacks.

    Only what is certainly a row is looked at: one of `page.due`, or a name that was set to one.
    """
    yield from _within(tree, given, {})


def _within(node: nodes.Node, given: Rows, bound: Mapping[str, Fields]) -> Iterator[Unknown]:
    if isinstance(node, nodes.Getattr):
        row = _fields_of(node.node, given, bound)
        if row is not None and node.attr not in OF_ROW:
            yield node.lineno, node.attr, OF_ROW
        inner = node.node
        if isinstance(inner, nodes.Getattr) and inner.attr == "fields":
            fields = _fields_of(inner.node, given, bound)
            if fields is not None and node.attr not in fields:
                yield node.lineno, node.attr, fields
    if isinstance(node, nodes.For):
        yield from _within(node.iter, given, bound)
        inside = _with(node.target, _fields_of(node.iter, given, bound), bound)
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
            names = dict(_with(child.target, _fields_of(child.node, given, names), names))


def _with(target: nodes.Node, fields: Fields | None, bound: Mapping[str, Fields]) -> Mapping[str, Fields]:
    """Return what names stand for inside, where one more of them is given a value."""
    made = {each.name for each in (target, *target.find_all(nodes.Name)) if isinstance(each, nodes.Name)}
    kept = {name: each for name, each in bound.items() if name not in made}
    return {**kept, target.name: fields} if fields is not None and isinstance(target, nodes.Name) else kept


def _fields_of(node: nodes.Node, given: Rows, bound: Mapping[str, Fields]) -> Fields | None:
    """Return the fields of a row, or of each of some rows, that an expression stands for; None for all else."""
    match node:
        case nodes.Name(name=name):
            return bound.get(name)
        case nodes.Getattr(node=nodes.Name(name="page"), attr=attr):
            return given.get(attr)
        case nodes.Filter(node=inner, name=name) if inner is not None and name in _KEEPS | _PICKS:
            return _fields_of(inner, given, bound)
        case nodes.Getitem(node=inner):
            return _fields_of(inner, given, bound)
        case _:
            return None
