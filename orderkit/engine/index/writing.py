"""Keeping entries in step with records: noted by every write, made at the end of its transaction.

An entry is made of the record as it is then, so it does not matter in which order and how often it was
written, nor what was undone. It comes after the numbers, which are what people search for most.
"""

from collections.abc import Iterable, Mapping

from orderkit.engine.index.entries import Entries, Entry
from orderkit.engine.index.sources import Sources, sources_of
from orderkit.engine.index.states import State, read_states
from orderkit.engine.rows import RecordRow, evaluate_on, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.forms import FieldId, FormId

# Counters are named by their forms, which begin with a letter.
_LAST = "~search"


class _Written(dict[FormId, set[int]]):
    """Ids of records whose entries are still to be made."""


def note_written(
    unit: Unit, form_id: FormId, ids: Iterable[int], fields: Iterable[FieldId] | None = None
) -> None:
    """Note records that came, went, or changed in these fields."""
    sources = sources_of(unit.runtime).get(form_id)
    if unit.is_trial or sources is None or (fields is not None and sources.reads.isdisjoint(fields)):
        return
    written = unit.keep(_Written, _Written)
    if not written:
        unit.last_writes.append((_LAST, lambda: make_entries(unit)))
    written.setdefault(form_id, set()).update(ids)


def make_entries(unit: Unit) -> None:
    """Make the entries of everything that was noted. Forms that the index does not have yet are left out."""
    written = unit.keep(_Written, _Written)
    if not written:
        return
    states = read_states(unit.connection)
    for form_id in sorted(written.keys() & states.keys()):
        put_entries(unit, states[form_id], written[form_id])
    written.clear()


def put_entries(unit: Unit, state: State, ids: Iterable[int]) -> None:
    """Make the entries of records of a form; those of records that are gone are taken away."""
    wanted = set(ids)
    sources = sources_of(unit.runtime)[state.form]
    is_known = state.fingerprint == sources.fingerprint
    entries: dict[int, Entry | None] = dict.fromkeys(wanted)
    for row in rows_of(unit).load(state.form, wanted):
        entries[row.id] = entry_of(unit, sources, row) if is_known else Entry(is_unknown=True)
    Entries(unit.runtime.database, unit.connection).put(state.number, entries)


def entry_of(unit: Unit, sources: Sources, row: RecordRow) -> Entry:
    """Return what a record is found by."""
    try:
        title = tuple(str(evaluate_on(unit, piece, row) or "") for piece in sources.title)
    except EvaluationError:
        return Entry(is_unknown=True)
    texts = [text for name in sources.texts if isinstance(text := row.values.get(name), str)]
    names: Mapping[int, tuple[str, ...]] = {
        0: title,
        **{
            place: (text,)
            for place, name in enumerate(sources.names, 1)
            if isinstance(text := row.values.get(name), str)
        },
    }
    return Entry(texts=tuple(dict.fromkeys([*texts, *filter(None, title)])), names=names)
