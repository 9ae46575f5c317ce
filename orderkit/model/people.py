"""Who: one grammar wherever a person is named."""

from dataclasses import dataclass

from orderkit.model.expressions.nodes import Expression


@dataclass(frozen=True, slots=True)
class HasRole:
    """`role(sales)`."""

    role: str


@dataclass(frozen=True, slots=True)
class NamedUser:
    """`user(bot)`, by login name."""

    login: str


@dataclass(frozen=True, slots=True)
class FieldUser:
    """A user field, or an address field where a message goes outside: `salesperson`, `customer.phone`."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """`owner submitter approver previous holder followers everyone system`."""

    name: str


@dataclass(frozen=True, slots=True)
class ManagerOf:
    """`manager_of(who, level)`; with `until` the chain `managers_of(who, until)`."""

    who: "Who"
    level: int = 1
    is_chain: bool = False
    until: str | None = None


@dataclass(frozen=True, slots=True)
class HeadOf:
    """`head_of(department)`: the head of the department that the expression names."""

    department: Expression


@dataclass(frozen=True, slots=True)
class ChosenBy:
    """`chosen_by(submitter)`."""

    who: "Who"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A list: any of them."""

    people: tuple["Who", ...]


Who = HasRole | NamedUser | FieldUser | NamedPerson | ManagerOf | HeadOf | ChosenBy | AnyOf
