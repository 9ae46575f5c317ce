"""What was probably meant: the known name nearest to one that is not known.

People write a name wrong, or write what they read on the screen (the label) where the id belongs. Both
are recognized. A guess is *sure*, so that `check --fix` may write it, only where one known name alone is
a slip away: a letter more, less or other, or two swapped (two slips from eight letters on), with the
same first letter and the same digits. Everything else is for a person to decide.
"""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from orderkit.model.labels import Label, label

LISTED_AT_MOST = 12
_COMPARED_AT_MOST = 150
_LETTERS = f"{string.ascii_lowercase}{string.digits}_"
_NAME_AT_MOST = 60
_SHORTEST = 4
_LONG = 8


@dataclass(frozen=True, slots=True)
class Meant:
    """A guess. `label` is what was written or nearly written, where it was not the id."""

    name: str
    is_sure: bool = False
    label: str | None = None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when none is alike."""
    names = sorted(set(known))
    lowered = {each.lower(): each for each in reversed(names)}
    if name.lower() in lowered:
        return lowered[name.lower()]
    if len(names) > _COMPARED_AT_MOST:
        # Comparing with each would take a second for every mistake; one slip away is looked up instead.
        return min((lowered[each] for each in _one_slip_from(name.lower()) if each in lowered), default=None)
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.65)
    return lowered[close[0]] if close else None


def _one_slip_from(name: str) -> Iterator[str]:
    """Yield every text that a letter less, other or more makes of a name, or two that are swapped."""
    if len(name) > _NAME_AT_MOST:
        return
    for index in range(len(name) + 1):
        before, after = name[:index], name[index:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def by_label(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return label → id of pairs of them, without the labels that several ids have."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for text, name in pairs:
        if found.setdefault(text, name) != name:
            twice.add(text)
    return {text: name for text, name in found.items() if text not in twice}


def guess(name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> Meant | None:
    """Return what was probably meant, or None when nothing is alike.

    Args:
        name: what was written.
        known: ids that exist in this place.
        labels: label → id, for people who wrote the label (`客户`) instead of the id (`customer`).
    """
    names = sorted(set(known))
    ids = frozenset(names)
    labels = {text: each for text, each in (labels or {}).items() if each in ids}
    if name in labels:
        return Meant(labels[name], is_sure=True, label=name)
    near = nearest(name, names)
    if near is not None:
        return Meant(near, is_sure=_is_sure(name, near, names))
    near_label = nearest(name, labels)
    return None if near_label is None else Meant(labels[near_label], label=near_label)


def did_you_mean(name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> Label | None:
    """Return a help text that names what was probably meant, else what can be written here if it is little.

    The arguments are those of `guess`.
    """
    names = sorted(set(known))
    meant = guess(name, names, labels)
    if meant is None:
        if not 0 < len(names) <= LISTED_AT_MOST:
            return None
        listed = ", ".join(f"`{each}`" for each in names)
        return label(zh=f"这里可以写：{listed}", en=f"known here: {listed}")
    if meant.label is None:
        return label(zh=f"是不是 `{meant.name}`？", en=f"did you mean `{meant.name}`?")
    if meant.label != name:
        return label(
            zh=f"是不是 `{meant.name}`（{meant.label}）？", en=f"did you mean `{meant.name}` ({meant.label})?"
        )
    return label(
        zh=f"`{name}` 是名称，这里要写标识 `{meant.name}`",
        en=f"`{name}` is a label; write the id `{meant.name}`",
    )


def _is_sure(name: str, near: str, names: Sequence[str]) -> bool:
    is_one_of_many = len(names) > _COMPARED_AT_MOST
    slips = 2 if len(name) >= _LONG and not is_one_of_many else 1
    others: Iterable[str] = (each for each in names if each != near)
    if is_one_of_many:
        others = {each.lower() for each in others}.intersection(_one_slip_from(name.lower()))
    return (
        (name.lower() == near.lower() or max(len(name), len(near)) >= _SHORTEST)
        and name[:1].lower() == near[:1].lower()
        and [c for c in name if c.isdigit()] == [c for c in near if c.isdigit()]
        and distance(name.lower(), near.lower()) <= slips
        and not any(distance(name.lower(), each.lower()) <= slips for each in others)
    )


def distance(one: str, other: str) -> int:
    """Return how many slips lie between two names; two letters swapped are one slip."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
