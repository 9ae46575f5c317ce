"""Which entries a seal covers, as text: `17-20,22`, in rising order."""

import re
from collections.abc import Iterator, Sequence

_RUN = re.compile(r"([1-9]\d{0,18})(?:-([1-9]\d{0,18}))?", re.ASCII)


class WrongIds(ValueError):
    """A text that no list of ids is written as."""


def runs_of(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last id of each run in rising ids."""
    start = previous = None
    for each in ids:
        if start is None or previous is None:
            start = each
        elif each != previous + 1:
            yield start, previous
            start = each
        previous = each
    if start is not None and previous is not None:
        yield start, previous


def written(ids: Sequence[int]) -> str:
    """Return rising ids as text."""
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs_of(ids))


def read(text: object, *, most: int) -> list[int]:
    """Return the ids that `written` wrote. Raises WrongIds for anything else, and for more than `most`."""
    if not isinstance(text, str):
        raise WrongIds
    found: list[int] = []
    for part in text.split(","):
        match = _RUN.fullmatch(part)
        if match is None:
            raise WrongIds
        low, high = int(match[1]), int(match[2] or match[1])
        if high < low or (found and low <= found[-1]) or len(found) + high - low + 1 > most:
            raise WrongIds
        found.extend(range(low, high + 1))
    if written(found) != text:
        raise WrongIds
    return found
