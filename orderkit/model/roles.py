"""Roles: what a group may see and do. Denied unless some role grants it.

Paths of fields are dotted from the form: `total`, `lines.cost`.
"""

from dataclasses import dataclass
from functools import cached_property

from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Origin
from orderkit.model.labels import Label

ADMIN = "admin"
EVERYONE = "everyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGrant:
    """What a role may do with one form. `True` is every record, an expression those where it holds."""

    form: str
    create: bool | Expression = False
    read: bool | Expression = False
    update: bool | Expression = False
    delete: bool | Expression = False
    hide: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()
    write: frozenset[str] | None = None
    mask: frozenset[str] = frozenset()
    export: bool = False
    print: bool = False
    import_: bool = False


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role. `admin` (everything) and `everyone` (every signed-in person) always exist.

    `analytics` are workflows whose figures it shows, of the records that it lets read.
    """

    id: str
    label: Label
    forms: tuple[FormGrant, ...] = ()
    reports: tuple[str, ...] = ()
    dashboards: tuple[str, ...] = ()
    analytics: tuple[str, ...] = ()
    origin: Origin | None = None

    @cached_property
    def grants(self) -> dict[str, FormGrant]:
        """Grants by form id."""
        return {grant.form: grant for grant in self.forms}
