"""What the words of an expression name, by their place in its text: for going there and renaming."""

from typing import NamedTuple


class NamedWord(NamedTuple):
    """The characters from `start` up to `end` name something.

    `kind` is `form` or `ledger`, `field` or `reverse` with the id `form.name`, or `option` with
    `form.field.option`.
    """

    start: int
    end: int
    kind: str
    id: str
