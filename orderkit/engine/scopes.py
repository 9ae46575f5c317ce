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
