"""Filters that put values in order or in groups, where some of them are empty or hidden from the reader.

Those come last when ordered either way, are a group of their own, and are neither the least nor the greatest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from jinja2 import pass_environment
from jinja2.filters import ignore_case, make_attrgetter

from orderkit.web.printing.bounds import Bounds
from orderkit.web.printing.rows import Row
from orderkit.web.printing.values import NOTHING, Nothing


class Grouped(NamedTuple):
    """A group; its parts are called what Jinja2 calls them."""

    grouper: Any
    list: Sequence[Any]


class Ordering:
    """Puts values in order, counted."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds

    def by_name(self) -> Mapping[str, Callable[..., Any]]:
        """Return the filters by what templates call them."""
        return {"sort": self.sort, "groupby": self.groupby, "min": self.min, "max": self.max}

    @pass_environment
    def sort(
        self,
        environment: Any,
        values: Iterable[Any],
        reverse: bool = False,  # noqa: FBT001, FBT002 - as Jinja's own filter is called
        case_sensitive: bool = False,  # noqa: FBT001, FBT002
        attribute: str | None = None,
    ) -> Any:
        """Return values in order, by one attribute or several with commas between."""
        case = None if case_sensitive else ignore_case
        parts = attribute.split(",") if isinstance(attribute, str) else [attribute]
        reads = [make_attrgetter(environment, part, postprocess=case) for part in parts]
        return sorted(
            self._bounds.rows(values),
            key=lambda each: [_key(read(each), is_reversed=reverse) for read in reads],
            reverse=reverse,
        )

    @pass_environment
    def groupby(
        self,
        environment: Any,
        values: Iterable[Any],
        attribute: str,
        default: Any = None,
        case_sensitive: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        """Return groups of what has the same attribute, each as `grouper` and `list`."""
        case = None if case_sensitive else ignore_case
        compared = make_attrgetter(environment, attribute, postprocess=case, default=default)
        read = make_attrgetter(environment, attribute, default=default)

        def key(value: Any) -> tuple[bool, Any]:
            return _key(compared(value))

        ordered = sorted(self._bounds.rows(values), key=key)
        groups = [list(some) for _, some in groupby(ordered, key)]
        return [Grouped(read(some[0]), some) for some in groups]

    @pass_environment
    def min(
        self,
        environment: Any,
        values: Iterable[Any],
        case_sensitive: bool = False,  # noqa: FBT001, FBT002
        attribute: str | None = None,
    ) -> Any:
        """Return the least value, or what has the least attribute; nothing where all are empty."""
        found = self._with_keys(environment, values, attribute, is_exact=case_sensitive)
        return min(found, key=_first)[1] if found else NOTHING

    @pass_environment
    def max(
        self,
        environment: Any,
        values: Iterable[Any],
        case_sensitive: bool = False,  # noqa: FBT001, FBT002
        attribute: str | None = None,
    ) -> Any:
        """Return the greatest value, or what has the greatest attribute; nothing where all are empty."""
        found = self._with_keys(environment, values, attribute, is_exact=case_sensitive)
        return max(found, key=_first)[1] if found else NOTHING

    def _with_keys(
        self, environment: Any, values: Iterable[Any], attribute: str | None, *, is_exact: bool
    ) -> Sequence[tuple[Any, Any]]:
        read = make_attrgetter(environment, attribute, postprocess=None if is_exact else ignore_case)
        found = ((_key(read(each)), each) for each in self._bounds.rows(values))
        return [(key, each) for (is_empty, key), each in found if not is_empty]


def _key(value: Any, *, is_reversed: bool = False) -> tuple[bool, Any]:
    """Return what a value is ordered by: whether it comes last, then the value, a record by its title."""
    if value is None or isinstance(value, Nothing):
        return not is_reversed, 0
    return is_reversed, (value.title, value.id) if isinstance(value, Row) else value


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]
