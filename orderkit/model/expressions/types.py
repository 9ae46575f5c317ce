"""The types of the expression language: a closed union, matched to the end wherever it is read.

A number's `scale` is the number of decimal places that an expression of that type can have at
most; it is known at compile time, so SQLite can calculate on scaled integers exactly.
"""

from dataclasses import dataclass

MAX_DIGITS = 18
DIVISION_SCALE = 6


@dataclass(frozen=True, slots=True)
class Nothing:
    """The type of `null`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text compared by code point; `''` and `null` are the same."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number. `currency` is set for money; `is_ratio` for percentages."""

    scale: int = 0
    currency: str | None = None
    is_ratio: bool = False


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false; an empty condition does not hold."""


@dataclass(frozen=True, slots=True)
class Date:
    """A day in the project's zone."""


@dataclass(frozen=True, slots=True)
class Time:
    """A clock time in the project's zone."""


@dataclass(frozen=True, slots=True)
class DateTime:
    """An instant, kept in UTC."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time. Working hours and days are resolved by the calendar before they get here."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the listed values."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a form, by its id (`order`, `order.lines`, `user`)."""

    form: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A collection of records: the lines of a record, or those that refer to it."""

    form: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one type, as in `status in ['a', 'b']`."""

    of: "Type"


@dataclass(frozen=True, slots=True)
class File:
    """A stored attachment."""


@dataclass(frozen=True, slots=True)
class Many:
    """Several values of one field without doubles (`choices`, `refs`, `users`, `files`); in Python a tuple.

    Nothing in it is empty (`== null`), has length 0, and holds nothing.
    """

    of: "Choice | Record | File"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; its parts are texts: `.province`, `.city`, `.district`, `.street`."""


ADDRESS_PARTS = ("province", "city", "district", "street")


@dataclass(frozen=True, slots=True)
class Json:
    """A value from outside (`row`, `body`, `result`), whose shape is only known at run time.

    With `is_broken` it stands for what is wrong elsewhere, so that nothing more is said of it.
    """

    is_broken: bool = False


Type = (
    Nothing
    | Text
    | Number
    | Boolean
    | Date
    | Time
    | DateTime
    | Duration
    | Choice
    | Record
    | Rows
    | ListOf
    | File
    | Many
    | Address
    | Json
)
