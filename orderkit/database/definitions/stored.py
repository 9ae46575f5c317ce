"""Stored definitions in a database: renames reach them, and nothing is dropped that a running record needs.

A definition is kept under the hash of its content. A rename rewrites it in the transaction that renames
the column, so it has a new hash, and the records that follow it take that one along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from orderkit.catalog import Catalog
from orderkit.database.definitions.lists import rename_in_lists
from orderkit.database.definitions.names import Mentioned, Renamed, Renaming
from orderkit.database.definitions.rewriting import rewritten
from orderkit.database.definitions.running import roles_asked, still_possible
from orderkit.database.definitions.waiting import rename_in_waiting
from orderkit.database.schema.system_tables import (
    counter,
    file,
    renaming,
    token_form,
    workflow_definition,
    workflow_instance,
)
from orderkit.model.stored import FORMAT_VERSION, part_from_json, part_hash, part_to_json
from orderkit.model.workflow.workflows import Workflow

FIRST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A stored definition, and the records that follow it in each state: how many, and the first ids.

    `needs` are the paths (`order.total`, `order.kind.custom`) that its records may still come to; `asks` are
    the roles of whom one must be there for a button or a step that they may still come to.
    """

    hash: str
    definition: Workflow
    needs: frozenset[str]
    asks: frozenset[frozenset[str]]
    counts: Mapping[str, int]
    first_ids: tuple[int, ...]


def followed(connection: sa.Connection, catalog: Catalog) -> tuple[Followed, ...]:
    """Return every stored definition that records follow."""
    counted = connection.execute(
        sa.select(
            workflow_instance.c.definition_hash,
            workflow_instance.c.state,
            sa.func.count().label("count"),
        ).group_by(workflow_instance.c.definition_hash, workflow_instance.c.state)
    ).all()
    counts: dict[str, dict[str, int]] = {}
    for row in counted:
        counts.setdefault(row.definition_hash, {})[row.state] = row[2]
    stored = connection.execute(
        sa.select(workflow_definition.c.hash, workflow_definition.c.compiled, workflow_definition.c.format)
        .where(workflow_definition.c.hash.in_(sorted(counts)))
        .order_by(workflow_definition.c.workflow, workflow_definition.c.created_at)
    ).all()
    found = []
    for row in stored:
        definition = cast("Workflow", part_from_json(row.compiled, catalog.fields, written_in=row.format))
        mentioned = Mentioned()
        possible = still_possible(definition, counts[row.hash])
        rewritten(possible, mentioned, catalog.actions)
        found.append(
            Followed(
                hash=row.hash,
                definition=definition,
                needs=mentioned.paths(),
                asks=roles_asked(possible),
                counts=counts[row.hash],
                first_ids=_first_ids(connection, row.hash),
            )
        )
    return tuple(found)


def needed_by(
    all_followed: Iterable[Followed], paths: Iterable[str], migrating: frozenset[str] = frozenset()
) -> tuple[tuple[Followed, tuple[str, ...]], ...]:
    """Return which definitions still need which of `paths` (`order.note`, `order`, `order.kind.custom`).

    Args:
        all_followed: what `followed` found.
        paths: what would be dropped.
        migrating: workflows whose records follow the newest definition, so need nothing of an older one.
    """
    wanted = tuple(paths)
    found = []
    for each in all_followed:
        if each.definition.id in migrating:
            continue
        missing = tuple(path for path in wanted if path in each.needs)
        if missing:
            found.append((each, missing))
    return tuple(found)


# Stands for the number of a revision where an undone one gave a form its former name back.
_UNDONE = ""


def apply_renaming(
    connection: sa.Connection, made: Renaming, catalog: Catalog, *, number: str | None
) -> None:
    """Let a rename reach everything that orderkit itself keeps by name, and remember it.

    The audit and the timeline stay as they were written: who reads them translates by `ok_renaming`,
    where the place of every rename is called as it is now. `number` is the revision that renames; None
    when one is undone: then there is nothing to remember but what forms were called meanwhile.
    """
    _rename_places(connection, made)
    if number is not None or made.kind == "form":
        connection.execute(
            renaming.insert().values(
                number=number or _UNDONE, kind=made.kind, place=made.place, old=made.old, new=made.new
            )
        )
    if made.kind == "field":
        connection.execute(
            file.update().where(file.c.form == made.place, file.c.field == made.old).values(field=made.new)
        )
    if made.kind == "form":
        _rename_counters(connection, made)
        of_form = token_form.update().where(token_form.c.form == made.old)
        connection.execute(of_form.values(form=made.new))
    rename_in_lists(connection, Renamed(made))
    _rename_in_definitions(connection, made, catalog)
    rename_in_waiting(connection, made, catalog)


def _rename_places(connection: sa.Connection, made: Renaming) -> None:
    """Let earlier renames in a form, or of options in a field, be found under its new name."""
    if made.kind == "option":
        return
    before, after = (
        (made.old, made.new)
        if made.kind == "form"
        else (f"{made.place}.{made.old}", f"{made.place}.{made.new}")
    )
    places = connection.execute(
        sa.select(renaming.c.id, renaming.c.place).where(
            sa.or_(renaming.c.place == before, renaming.c.place.startswith(f"{before}.", autoescape=True))
        )
    )
    for row in places.all():
        place = f"{after}{row.place.removeprefix(before)}"
        connection.execute(renaming.update().where(renaming.c.id == row.id).values(place=place))


def _rename_counters(connection: sa.Connection, made: Renaming) -> None:
    """Give the counters of a form, called `form:pattern`, its new name."""
    before = f"{made.old}:"
    names = connection.execute(
        sa.select(counter.c.name).where(counter.c.name.startswith(before, autoescape=True))
    ).scalars()
    for name in names.all():
        connection.execute(
            counter.update()
            .where(counter.c.name == name)
            .values(name=f"{made.new}:{name.removeprefix(before)}"[:200])
        )


def _rename_in_definitions(connection: sa.Connection, made: Renaming, catalog: Catalog) -> None:
    stored = connection.execute(sa.select(workflow_definition)).all()
    for row in stored:
        before = cast("Workflow", part_from_json(row.compiled, catalog.fields, written_in=row.format))
        after = rewritten(before, Renamed(made), catalog.actions)
        fresh = part_hash(after)
        if after == before or fresh == row.hash:
            continue
        known = connection.execute(
            sa.select(workflow_definition.c.hash).where(workflow_definition.c.hash == fresh)
        ).first()
        if known is None:
            connection.execute(
                workflow_definition.insert().values(
                    **{
                        **row._asdict(),
                        "hash": fresh,
                        "compiled": part_to_json(after),
                        "format": FORMAT_VERSION,
                    }
                )
            )
        connection.execute(
            workflow_instance.update()
            .where(workflow_instance.c.definition_hash == row.hash)
            .values(definition_hash=fresh)
        )
        connection.execute(workflow_definition.delete().where(workflow_definition.c.hash == row.hash))


def _first_ids(connection: sa.Connection, definition_hash: str) -> tuple[int, ...]:
    found = (
        sa.select(workflow_instance.c.record_id)
        .where(workflow_instance.c.definition_hash == definition_hash)
        .order_by(workflow_instance.c.record_id)
        .limit(FIRST_SHOWN)
    )
    return tuple(connection.execute(found).scalars())
