"""The names that a stored definition speaks, and what becomes of them: itself, or what a revision calls them now.

`Names` is handed to `rewriting`, which asks it for every form, field and option that it meets.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

Kind = Literal["form", "field", "option"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """One rename. `place` is the form of a field, or `form.field` of an option, as called before."""

    kind: Kind
    place: str | None = None
    old: str
    new: str


class Names(Protocol):
    """Answers for each name that is met what stands in its place. Forms and fields are asked for as met."""

    def form(self, form: str) -> str:
        """Return the name of a form; of lines `order.lines`."""

    def field(self, form: str, name: str) -> str:
        """Return the name of a field of a form."""

    def option(self, form: str, name: str, value: str) -> str:
        """Return what stands for an option of a choice field."""


class Renamed:
    """Names after one rename. A form takes its lines with it: `order.lines` becomes `sale.lines`."""

    def __init__(self, renaming: Renaming) -> None:
        self._renaming = renaming

    def form(self, form: str) -> str:
        """Return the form, or its new name."""
        made = self._renaming
        if made.kind != "form":
            return form
        if form == made.old:
            return made.new
        return f"{made.new}{form.removeprefix(made.old)}" if form.startswith(f"{made.old}.") else form

    def field(self, form: str, name: str) -> str:
        """Return the field, or its new name."""
        made = self._renaming
        return made.new if made.kind == "field" and (form, name) == (made.place, made.old) else name

    def option(self, form: str, name: str, value: str) -> str:
        """Return the option, or its new value."""
        made = self._renaming
        is_it = made.kind == "option" and (f"{form}.{name}", value) == (made.place, made.old)
        return made.new if is_it else value


@dataclass(slots=True)
class Mentioned:
    """Names that stay as they are, and are remembered: what a definition needs to be there."""

    forms: set[str] = field(default_factory=set)
    fields: set[tuple[str, str]] = field(default_factory=set)
    options: set[tuple[str, str, str]] = field(default_factory=set)

    def form(self, form: str) -> str:
        """Remember a form."""
        self.forms.add(form)
        return form

    def field(self, form: str, name: str) -> str:
        """Remember a field."""
        self.fields.add((form, name))
        return name

    def option(self, form: str, name: str, value: str) -> str:
        """Remember an option."""
        self.options.add((form, name, value))
        return value

    def paths(self) -> frozenset[str]:
        """Return everything as paths: `order`, `order.total`, `order.kind.custom`, `order.lines.qty`."""
        return frozenset(
            (
                *self.forms,
                *(f"{form}.{name}" for form, name in self.fields),
                *(f"{form}.{name}.{value}" for form, name, value in self.options),
            )
        )
