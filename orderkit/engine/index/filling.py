"""Filling the index: records from before it, or from before what is searched changed; batch by batch.

People work on meanwhile. A form is registered first, so that every write from then on makes its own entry;
then its records are gone through by id, each batch in a transaction that notes how far it came, so that
whoever comes after a kill goes on. Only then may the index narrow a search.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa

from orderkit.database.schema.system_tables import search_entry, search_form
from orderkit.engine.index.entries import LAST_ID, Entries, key_of, wanted_unknown
from orderkit.engine.index.sources import find_sources, sources_of
from orderkit.engine.index.states import FILLING, READY, STALE, State, read_states
from orderkit.engine.index.writing import put_entries
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.forms import FormId
from orderkit.model.project import Project

BATCH = 1_000
Progress = Callable[[int, int], None]


def forms_behind(connection: sa.Connection, project: Project) -> tuple[FormId, ...]:
    """Return the forms that the index does not have, not as this model wants it, or not to the end."""
    states = read_states(connection)
    return tuple(
        form_id
        for form_id, sources in find_sources(project).items()
        if form_id not in states or not states[form_id].is_ready(sources.fingerprint)
    )


def entries_counted(connection: sa.Connection, project: Project) -> dict[FormId, tuple[int, int]]:
    """Return of each form that the index has how many records there are, and how many entries."""
    found = {}
    for form_id, state in read_states(connection).items():
        form = project.form_by_id.get(form_id)
        if form is None:
            continue
        key = search_entry.c.key
        mine = key.between(key_of(state.number, 0), key_of(state.number, LAST_ID))
        entries = sa.select(sa.func.count()).select_from(search_entry).where(mine)
        records = sa.select(sa.func.count()).select_from(sa.table(form.table))
        found[form_id] = (connection.execute(records).scalar_one(), connection.execute(entries).scalar_one())
    return found


def fill(
    runtime: Runtime,
    on_progress: Progress = lambda done, total: None,  # noqa: ARG005 - nobody listens
    should_stop: Callable[[], bool] = lambda: False,
    *,
    batch: int = BATCH,
) -> int:
    """Bring the index to what the model wants, and return how many records were gone through.

    `on_progress` is told after each batch how many of the records of forms that are behind are done.
    """
    with runtime.read(SYSTEM, Channel.COMMAND) as reading:
        known = read_states(reading.connection)
        is_registered = known.keys() == sources_of(runtime).keys() and not any(
            state.state == STALE or state.fingerprint != sources_of(runtime)[form].fingerprint
            for form, state in known.items()
        )
    if is_registered:
        states = list(known.values())
    else:
        _forget_gone(runtime, batch)
        states = _register(runtime)
    behind = [state for state in states if state.state != READY]
    total = sum(_count(runtime, state) for state in behind)
    done = 0
    for state in behind:
        last: int | None = state.progress
        while last is not None and not should_stop():
            last, count = _batch(runtime, state, last, batch)
            done += count
            on_progress(done, max(total, done))
    for state in states:
        if state.state == READY:
            done += _name_unknown(runtime, state, batch)
    return done


def _register(runtime: Runtime) -> list[State]:
    """Note what the index shall have, and return it; a writer that did not know of it has ended by then."""
    sources = sources_of(runtime)
    with _writing(runtime) as unit:
        if runtime.database.dialect == "postgresql":
            unit.connection.execute(sa.text("LOCK TABLE ok_search_form IN ACCESS EXCLUSIVE MODE"))
        states = read_states(unit.connection)
        highest = max((state.number for state in states.values()), default=0)
        for form_id, wanted in sources.items():
            known = states.get(form_id)
            if known is None:
                highest += 1
                state = State(form_id, highest, wanted.fingerprint, FILLING, 0)
                unit.connection.execute(search_form.insert().values(state._asdict()))
            elif known.fingerprint != wanted.fingerprint or known.state == STALE:
                state = known._replace(fingerprint=wanted.fingerprint, state=FILLING, progress=0)
                _note(unit, state)
            else:
                continue
            states[form_id] = state
    return [states[form_id] for form_id in sources]


def _batch(runtime: Runtime, state: State, after: int, size: int) -> tuple[int | None, int]:
    """Make the entries of the next records; return the last of them, None at the end, and how many they were."""
    table = runtime.database.tables[state.form]
    with _writing(runtime) as unit:
        query = sa.select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(size)
        ids = unit.connection.execute(query).scalars().all()
        last = ids[-1] if ids else None
        # Whoever writes one of them now waits, and makes its entry after us.
        rows_of(unit).load(state.form, ids, lock=True)
        entries = Entries(runtime.database, unit.connection)
        left = entries.known(state.number, after, LAST_ID if last is None else last)
        put_entries(unit, state, left.union(ids))
        _note(unit, state._replace(state=READY) if last is None else state._replace(progress=last))
    return last, len(ids)


def _name_unknown(runtime: Runtime, state: State, size: int) -> int:
    """Make the entries of records that were written by a program of another model."""
    with runtime.read(SYSTEM, Channel.COMMAND) as reading:
        entries = Entries(runtime.database, reading.connection)
        query = entries.query(state.number, wanted_unknown(state.number))
        ids = sorted(reading.connection.execute(query).scalars())
    for start in range(0, len(ids), size):
        with _writing(runtime) as unit:
            some = ids[start : start + size]
            rows_of(unit).load(state.form, some, lock=True)
            put_entries(unit, state, some)
    return len(ids)


def _forget_gone(runtime: Runtime, size: int) -> None:
    """Take away what the index has of forms that the model does not have any more."""
    with runtime.read(SYSTEM, Channel.COMMAND) as reading:
        gone = [
            each for form, each in read_states(reading.connection).items() if form not in sources_of(runtime)
        ]
    for state in gone:
        last = 0
        while last >= 0:
            with _writing(runtime) as unit:
                entries = Entries(runtime.database, unit.connection)
                ids = entries.known(state.number, last, LAST_ID, limit=size)
                entries.put(state.number, dict.fromkeys(ids))
                last = max(ids, default=-1)
                if not ids:
                    mine = search_form.c.form == state.form
                    unit.connection.execute(search_form.delete().where(mine))


def _note(unit: Unit, state: State) -> None:
    values = state._asdict()
    unit.connection.execute(
        search_form.update().where(search_form.c.form == values.pop("form")).values(values)
    )


def _count(runtime: Runtime, state: State) -> int:
    table = runtime.database.tables[state.form]
    query = sa.select(sa.func.count()).select_from(table).where(table.c.id > state.progress)
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        return unit.connection.execute(query).scalar_one()


def _writing(runtime: Runtime) -> AbstractContextManager[Unit]:
    return runtime.write(SYSTEM, Channel.COMMAND)
