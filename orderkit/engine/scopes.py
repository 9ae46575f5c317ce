"""How far a token goes: what its user may do, narrowed to looking, to records, or to some forms.

A scope only ever takes away. `access` works it into what a person is granted, so every channel that asks
access asks it too.
"""

from dataclasses import dataclass
from enum import StrEnum

from orderkit.model.forms import FormId


class Reach(StrEnum):
    """What a token may do at most. FULL is all that its user may."""

    READ = "read"
    WRITE = "write"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is left of a person's rights; `forms` None are all forms."""

    reach: Reach = Reach.FULL
    forms: frozenset[FormId] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it takes nothing away."""
        return self.reach is Reach.FULL and self.forms is None

    @property
    def may_write(self) -> bool:
        """Whether anything may be written."""
        return self.reach is not Reach.READ

    @property
    def may_act(self) -> bool:
        """Whether buttons may be pressed and tasks decided."""
        return self.reach is Reach.FULL

    def covers(self, form_id: FormId) -> bool:
        """Return whether a form is among those of the token; rows go with the form that they stand in."""
        return self.forms is None or form_id.partition(".")[0] in self.forms

    def as_json(self) -> dict[str, object]:
        """Return it as a job keeps it that goes on for whoever began it."""
        return {"reach": self.reach.value, "forms": None if self.forms is None else sorted(self.forms)}


def scope_of_json(kept: object) -> Scope | None:
    """Return what a job kept of a scope; None where there was none. Raises ValueError for what is no scope."""
    if kept is None:
        return None
    match kept:
        case {"reach": str() as reach, "forms": None}:
            return Scope(reach=Reach(reach))
        case {"reach": str() as reach, "forms": [*forms]}:
            return Scope(reach=Reach(reach), forms=frozenset(str(each) for each in forms))
    raise ValueError(kept)
