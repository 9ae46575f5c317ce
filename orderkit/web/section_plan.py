"""Which sections a form's pages have: those of its layout, or else ones made of its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from orderkit.model.expressions.types import Number
from orderkit.model.forms import Field, Form, Section, SystemRole
from orderkit.model.labels import label

_MAIN = label(zh="基本信息", en="Basics")


def sections_of(form: Form) -> tuple[Section, ...]:
    """Return the sections in order; without a layout one of the fields, and one for each set of rows."""
    if form.layout:
        return form.layout
    own = [field for field in form.fields if field.system is SystemRole.NONE]
    plain = tuple(field.id for field in own if field.type != "lines")
    rows = [Section(label=field.label, fields=(field.id,)) for field in own if field.type == "lines"]
    return (Section(label=_MAIN, fields=plain, columns=3), *rows)


class Tabbed(Protocol):
    """A section of a page: to read or to fill in."""

    @property
    def tab(self) -> str:
        """The name of its tab; empty for one that always stands above."""


SectionT = TypeVar("SectionT", bound=Tabbed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab(Generic[SectionT]):
    """One tab with its sections; `id` is its element in the document."""

    id: str
    label: str
    sections: tuple[SectionT, ...]


def tabs_of(sections: Sequence[SectionT]) -> tuple[Tab[SectionT], ...]:
    """Return the tabs in the order in which they are first named."""
    names = dict.fromkeys(section.tab for section in sections if section.tab)
    return tuple(
        Tab(id=f"tab-{place}", label=name, sections=tuple(each for each in sections if each.tab == name))
        for place, name in enumerate(names, 1)
    )


def is_total(field: Field) -> bool:
    """Return whether a field sums up rows: it then stands below them."""
    return field.is_derived and isinstance(field.value_type, Number)
