"""Mentions: every place of a project that declares or names something, for going there and renaming.

They are collected only where somebody asks for them (a language server does); `check` does without.
"""

from dataclasses import dataclass
from typing import NamedTuple

from orderkit.language.findings import Span


class Target(NamedTuple):
    """What is meant: a kind of object and its id, `field` with `order.total`, `state` with `life.draft`.

    `reverse` is the other end of a reference: `customer.orders`.
    """

    kind: str
    id: str

    @property
    def name(self) -> str:
        """The id as it is written where it is mentioned."""
        return self.id.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a file that says a target's name."""

    target: Target
    span: Span
    is_declaration: bool = False
