"""What the words of an expression name, by their place in its text: for going there and renaming."""

from typing import NamedTuple


class Named(NamedTuple):
    """The characters from `start` up to `end` name something.

    `kind` is `field` or `reverse`, with the id `form.name`, or `form`.
    """

    start: int
    end: int
    kind: str
    id: str
