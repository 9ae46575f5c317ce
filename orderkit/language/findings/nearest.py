"""What was probably meant: the known name nearest to one that is not known."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from orderkit.model.labels import Label, label


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when none is alike."""
    names = sorted(set(known))
    lowered = {each.lower(): each for each in reversed(names)}
    if name.lower() in lowered:
        return lowered[name.lower()]
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.65)
    return lowered[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> Label | None:
    """Return a help text that names what was probably meant.

    Args:
        name: what was written.
        known: ids that exist in this place.
        labels: label → id, for people who wrote the label (`客户`) instead of the id (`customer`).
    """
    if labels and name in labels:
        meant = labels[name]
        return label(
            zh=f"`{name}` 是名称，这里要写标识 `{meant}`", en=f"`{name}` is a label; write the id `{meant}`"
        )
    names = sorted(set(known))
    meant_name = nearest(name, names)
    if meant_name is not None:
        return label(zh=f"是不是 `{meant_name}`？", en=f"did you mean `{meant_name}`?")
    if 0 < len(names) <= 12:
        listed = ", ".join(f"`{each}`" for each in names)
        return label(zh=f"这里可以写：{listed}", en=f"known here: {listed}")
    return None
