"""A picture before it has places: shapes, and the ways between them.

`life` and `process` make graphs, `layout` places them. A shape that holds a graph is drawn around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from orderkit.model import labels
from orderkit.model.labels import Label
from orderkit.model.workflow.clocks import Clock


class Kind(StrEnum):
    """What a shape stands for."""

    START = "start"
    END = "end"
    STATE = "state"
    STEP = "step"
    SCRIPT = "script"
    SERVICE = "service"
    BLOCK = "block"
    CHOICE = "choice"
    FORK = "fork"
    SOME = "some"
    JOIN_EARLY = "join_early"


EVENTS = frozenset({Kind.START, Kind.END})
GATEWAYS = frozenset({Kind.CHOICE, Kind.FORK, Kind.SOME, Kind.JOIN_EARLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A clock on the lower edge of a shape; one that `interrupts` ends what the shape stands for.

    `clock` is the deadline from which a reminder is counted. With `takes_back` it is no clock: it leads to
    what is done when the work of the shape is taken back.
    """

    id: str
    label: Label
    interrupts: bool
    subject: object
    clock: Clock | None = None
    takes_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A shape. `subject` is the object of the model that it stands for; `repeats` says how often.

    `repeats` is `together`, `in_turn` or empty; `mark` is a class that a renderer may colour it by.
    """

    id: str
    kind: Kind
    label: Label = field(default_factory=labels.label)
    note: Label = field(default_factory=labels.label)
    inner: "Graph | None" = None
    timers: tuple[Timer, ...] = ()
    repeats: str = ""
    mark: str = ""
    subject: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way from one shape to another, or from a clock on the edge of one (`timer`).

    `condition` is written as an expression; the `is_default` way is taken where no other one is. With
    `takes_back` nothing goes along it: it says which shape takes back the work of another.
    """

    id: str
    source: str
    target: str
    label: Label = field(default_factory=labels.label)
    condition: str = ""
    is_default: bool = False
    timer: str = ""
    is_rare: bool = False
    takes_back: bool = False
    subject: object = None


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Shapes and ways in the order in which they are written; `main` is the way that most records go."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    main: tuple[str, ...] = field(default=())

    @cached_property
    def node_by_id(self) -> Mapping[str, Node]:
        """Shapes of this level by id."""
        return {node.id: node for node in self.nodes}
