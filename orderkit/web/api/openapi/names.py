"""What schemas and operations are called in the published document: readable, and no two alike to a generator.

While the document is made, a schema is called by what it is, which no two share: `order`, `order.lines`, `order:create`,
`:task` for what every project has. Generators of clients make one word of a name (`OrderCreate` of `order.create` and of
`order_create`), and some write it to a file whose system takes capitals and small letters for the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_SCHEMAS = "#/components/schemas/"
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_SEPARATORS = re.compile("[^0-9a-z]+")


def with_names(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with the names that it has outside; the one given stays as it is."""
    components = described["components"]
    names = schema_names(components["schemas"])
    renamed: dict[str, Any] = _renamed(described, names)
    renamed["components"]["schemas"] = {
        names[each]: schema for each, schema in renamed["components"]["schemas"].items()
    }
    taken: set[str] = set()
    for operation in _operations(renamed["paths"]):
        operation["operationId"] = _free([operation["operationId"]], taken)
    return renamed


def schema_names(schemas: Iterable[str]) -> dict[str, str]:
    """Return the name outside of each schema.

    A form is called as it is in YAML, whatever else there is; then come rows, then what is sent, and last what every
    project has. Whoever finds a name taken gets another, so nothing moves but what would collide.
    """
    taken: set[str] = set()
    return {each: _free(_wanted(each), taken) for each in sorted(schemas, key=_rank)}


def _rank(schema: str) -> tuple[bool, bool, bool]:
    return schema.startswith(":"), ":" in schema, "." in schema


def _wanted(schema: str) -> list[str]:
    of, _, use = schema.partition(":")
    if not of:
        return [use, f"orderkit-{use}"]
    # A hyphen, as rows may well be called `bulk`.
    return [f"{of}-{use}" if use == "bulk" else f"{of}.{use}" if use else of]


def _free(wanted: list[str], taken: set[str]) -> str:
    """Return the first name that is free, and take it; the last one with a number if there is none."""
    tried = [*wanted, *(f"{wanted[-1]}-{number}" for number in range(2, len(taken) + 3))]
    name = next(each for each in tried if _word(each) not in taken)
    taken.add(_word(name))
    return name


def _word(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())


def _operations(paths: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in paths.values():
        yield from (operation for method, operation in item.items() if method in _METHODS)


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, Mapping):
        return {
            key: _target(each, names) if key == "$ref" else _renamed(each, names)
            for key, each in node.items()
        }
    return [_renamed(each, names) for each in node] if isinstance(node, list) else node


def _target(reference: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(reference, str) or not reference.startswith(_SCHEMAS):
        return _renamed(reference, names)
    return f"{_SCHEMAS}{names[reference.removeprefix(_SCHEMAS)]}"
