"""Stories by which a project tests itself: people, what is given, and what somebody does and expects."""

from dataclasses import dataclass
from enum import StrEnum

from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import FieldId, FormId, Origin
from orderkit.model.labels import Label
from orderkit.model.people import Who
from orderkit.model.values.durations import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPerson:
    """Somebody of a story. `manager` is another of its people."""

    id: str
    roles: tuple[str, ...] = ()
    manager: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRecord:
    """A record that is there when the story begins; `name` is how steps speak of it."""

    form: FormId
    person: str | None = None
    name: str | None = None
    set: tuple[tuple[FieldId, Expression], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPosting:
    """What stands in a ledger when the story begins."""

    ledger: str
    posting: str
    person: str | None = None
    keys: tuple[tuple[str, Expression], ...] = ()
    amounts: tuple[tuple[str, Expression], ...] = ()


class Deed(StrEnum):
    """What a step does; EXPECT only looks."""

    CREATE = "create"
    SET = "set"
    DO = "do"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    WITHDRAW = "withdraw"
    WAIT = "wait"
    EXPECT = "expect"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMessage:
    """A message that must have been sent, to a person of the story or to whom a project names."""

    message: str
    person: str | None = None
    who: Who | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What must hold after a step. `tasks` are the people who have one, None where nothing is said."""

    fields: tuple[tuple[FieldId, Expression], ...] = ()
    tasks: tuple[str, ...] | None = None
    sent: tuple[ExpectedMessage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioStep:
    """One step. `record` names what it is about; `values` are what is set, or answers what a button asks."""

    deed: Deed
    person: str | None = None
    record: str | None = None
    form: FormId | None = None
    transitions: tuple[str, ...] = ()
    values: tuple[tuple[str, Expression], ...] = ()
    comment: str | None = None
    wait: TimeSpan | None = None
    expect: Expectation | None = None
    is_refused: bool = False
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A story."""

    id: str
    label: Label
    people: tuple[ScenarioPerson, ...]
    given: tuple[GivenRecord | GivenPosting, ...]
    steps: tuple[ScenarioStep, ...]
    origin: Origin | None = None
