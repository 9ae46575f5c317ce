"""Navigation."""

from dataclasses import dataclass

from orderkit.model.forms import Origin
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLink:
    """A link to a form's list, a report, a dashboard, a page of the project, an import or a ledger's balances. `kind` is that word."""

    kind: str
    target: str
    label: Label
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuGroup:
    """Links under a heading."""

    label: Label
    items: tuple[MenuLink, ...]
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The navigation of the app; people see the links whose targets they may read."""

    id: str
    items: tuple[MenuLink | MenuGroup, ...]
    label: Label | None = None
    origin: Origin | None = None
