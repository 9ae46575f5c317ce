"""Two people at one record: what the first has saved meanwhile is laid beside what the second typed.

What the second did not touch is the first's. Where both changed a field, the second chooses; until then
the form holds what was typed. Rows that came stand in the form; rows that are gone come back as new ones
where somebody typed into them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orderkit.engine.records import HistoryEntry, LineChange, RecordView
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import Label
from orderkit.web.editing.decoding import Decoded

CHOICE = "choose."
THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One thing that was changed meanwhile. `name` is the page's name of the field, `path` the audit's.

    `is_disputed`: the second typed there too, and has to choose.
    """

    name: str
    path: str
    label: Label
    before: str
    after: str
    actor: str
    at: datetime
    is_disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What the form holds now, and what is to be told about it."""

    decoded: Decoded
    clashes: tuple[Clash, ...]


def merge(
    decoded: Decoded, history: Iterable[HistoryEntry], record: RecordView, *, since: datetime | None
) -> Merged:
    """Lay what was saved after `since` (None: all that is known) under what was typed.

    `history` is newest first, as `records.history` returns it; `record` is as it stands now.
    """
    changed = _changed(history, since)
    decoded = _with_rows(decoded, record, are_added=True)
    # What there is to choose comes first.
    clashes = tuple(sorted(_clashes(decoded, changed), key=lambda clash: not clash.is_disputed))
    return Merged(decoded=without(decoded, _untouched(decoded)), clashes=clashes)


def chosen_theirs(sent: Mapping[str, object]) -> frozenset[str]:
    """Return the names for which the second person took what the first had saved."""
    return frozenset(
        name.removeprefix(CHOICE)
        for name, value in sent.items()
        if name.startswith(CHOICE) and value == THEIRS
    )


def without(decoded: Decoded, names: Iterable[str]) -> Decoded:
    """Return what was typed but for some names: those fields keep what is stored."""
    dropped = frozenset(names)
    if not dropped:
        return decoded
    lines = {
        collection: tuple(
            replace(row, values=_kept(row.values, dropped, f"{collection}.{key}."))
            for key, row in zip(decoded.keys[collection], rows, strict=True)
        )
        for collection, rows in decoded.lines.items()
    }
    return replace(
        decoded,
        values=_kept(decoded.values, dropped, ""),
        lines=lines,
        texts={name: text for name, text in decoded.texts.items() if name not in dropped},
        touched=None if decoded.touched is None else decoded.touched - dropped,
    )


def _untouched(decoded: Decoded) -> Iterator[str]:
    """Yield the names of stored values that nobody typed over: all of them, lest one be missed."""
    if decoded.touched is None:
        return
    names = [*decoded.values]
    for collection, rows in decoded.lines.items():
        for key, row in zip(decoded.keys[collection], rows, strict=True):
            if row.id is not None:
                names.extend(f"{collection}.{key}.{name}" for name in row.values)
    yield from (name for name in names if name not in decoded.touched)


def _kept(values: Mapping[str, Scalar], dropped: frozenset[str], prefix: str) -> dict[str, Scalar]:
    return {name: value for name, value in values.items() if prefix + name not in dropped}


@dataclass(frozen=True, slots=True)
class _Change:
    label: Label
    before: str
    after: str
    actor: str
    at: datetime


def _changed(history: Iterable[HistoryEntry], since: datetime | None) -> dict[str, _Change]:
    """Return what was changed by path: from what stood at first to what stands now, by whom at last."""
    found: dict[str, _Change] = {}
    for entry in history:
        if since is not None and entry.at <= since:
            break
        if entry.verb not in {"updated", "computed"}:
            continue
        for change in entry.changes:
            last = found.get(change.path)
            found[change.path] = _Change(
                change.label,
                change.before,
                change.after if last is None else last.after,
                entry.actor if last is None else last.actor,
                entry.at if last is None else last.at,
            )
    return {path: change for path, change in found.items() if change.before != change.after}


def standing(decoded: Decoded, record: RecordView) -> Decoded:
    """Take out rows that the record does not have, or no longer; typed into, they become new rows."""
    return _with_rows(decoded, record, are_added=False)


def _with_rows(decoded: Decoded, record: RecordView, *, are_added: bool) -> Decoded:
    """Do what `standing` does, and add the rows that came."""
    lines: dict[str, tuple[LineChange, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for collection, rows in decoded.lines.items():
        stored = [row.id for row in record.lines.get(collection, ())]
        found = list(_rows(decoded, collection, rows, stored))
        if are_added:
            known = {row.id for _, row in found}
            found += [(f"m{each}", LineChange(id=each)) for each in stored if each not in known]
        keys[collection] = tuple(key for key, _ in found)
        lines[collection] = tuple(row for _, row in found)
    return replace(decoded, lines={**decoded.lines, **lines}, keys={**decoded.keys, **keys})


def _rows(
    decoded: Decoded, collection: str, rows: Sequence[LineChange], stored: Sequence[int]
) -> Iterator[tuple[str, LineChange]]:
    for key, row in zip(decoded.keys[collection], rows, strict=True):
        if row.id is None or row.id in stored:
            yield key, row
        elif any(name.startswith(f"{collection}.{key}.") for name in decoded.touched or ()):
            yield key, replace(row, id=None)


def _clashes(decoded: Decoded, changed: Mapping[str, _Change]) -> Iterator[Clash]:
    keys = {
        f"{collection}.{row.id}": f"{collection}.{key}"
        for collection, rows in decoded.lines.items()
        for key, row in zip(decoded.keys[collection], rows, strict=True)
        if row.id is not None
    }
    for path, change in changed.items():
        row, _, inner = path.rpartition(".")
        name = f"{keys[row]}.{inner}" if row in keys else path
        # A page without scripts keeps no account of what was typed: then all of it may have been.
        is_disputed = name in decoded.texts if decoded.touched is None else name in decoded.touched
        yield Clash(
            name=name,
            path=path,
            label=change.label,
            before=change.before,
            after=change.after,
            actor=change.actor,
            at=change.at,
            is_disputed=is_disputed,
        )
