"""Pages of the project's own: who may open one, what it is given, and the template that draws it."""

from dataclasses import dataclass

from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Origin, SortKey
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRows:
    """Records that a page is given. `by` are fields that the address may ask for (`?customer=5`)."""

    id: str
    form: str
    fields: tuple[str, ...]
    where: Expression | None = None
    by: tuple[str, ...] = ()
    sort: tuple[SortKey, ...] = ()
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """The one record whose id stands in the address under the name of this (`?order=5`)."""

    id: str
    form: str
    fields: tuple[str, ...]


PageData = PageRows | PageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    """A page at `/pages/<id>`. Whoever has none of its roles may not open it; rows keep their own rules."""

    id: str
    label: Label
    roles: tuple[str, ...]
    data: tuple[PageData, ...]
    source: str
    icon: str | None = None
    origin: Origin | None = None
