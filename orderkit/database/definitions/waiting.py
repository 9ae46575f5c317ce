"""Actions that wait in the background: a rename reaches those of jobs and blocks as it reaches definitions.

They are kept as the jobs of `engine.workflow.background` write them: actions about a record of a form, what they
may name besides, and the same again for what is behind.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from orderkit.catalog import Catalog
from orderkit.database.definitions.names import Renamed, Renaming
from orderkit.database.definitions.rewriting import rewritten_actions
from orderkit.database.schema.system_tables import action_block, job
from orderkit.model.stored import FORMAT_VERSION, part_from_json, part_to_json
from orderkit.model.workflow.workflows import Action

_KINDS = ("action", "request")
_OVER = ("done", "cancelled")


def rename_in_waiting(connection: sa.Connection, made: Renaming, catalog: Catalog) -> None:
    """Call forms, fields and options in actions that wait, or may be tried again, what they are called now."""
    renames = _Waiting(made, catalog)
    jobs = sa.select(job.c.id, job.c.payload).where(job.c.kind.in_(_KINDS), job.c.state.not_in(_OVER))
    for row in connection.execute(jobs).all():
        fresh = renames.payload(row.payload)
        if fresh != row.payload:
            connection.execute(job.update().where(job.c.id == row.id).values(payload=fresh))
    blocks = sa.select(action_block.c.id, action_block.c.next).where(action_block.c.state == "open")
    for row in connection.execute(blocks).all():
        if row.next is not None:
            connection.execute(
                action_block.update().where(action_block.c.id == row.id).values(next=renames.strand(row.next))
            )


class _Waiting:
    def __init__(self, made: Renaming, catalog: Catalog) -> None:
        self._names = Renamed(made)
        self._catalog = catalog

    def payload(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the payload of a job: a strand, or a request with the strand that is behind it."""
        if "behind" not in payload:
            return self.strand(payload)
        behind = payload["behind"]
        form = str(behind["form"] or "")
        asked = Action(kind="call", options={name: self._read(payload, name) for name in ("save", "on_dead")})
        (fresh,) = rewritten_actions((asked,), form, self._names, self._catalog.actions)
        parts = {name: part_to_json(part) for name, part in fresh.options.items()}
        return {**payload, **parts, "format": FORMAT_VERSION, "behind": self.strand(behind)}

    def strand(self, strand: Mapping[str, Any]) -> dict[str, Any]:
        """Return a strand."""
        form = strand["form"]
        actions = self._read(strand, "actions")
        fresh = rewritten_actions(actions, str(form or ""), self._names, self._catalog.actions)
        return {
            **strand,
            "form": None if form is None else self._names.form(form),
            "actions": part_to_json(fresh),
            "format": FORMAT_VERSION,
            "roots": {name: self._root(kept) for name, kept in strand["roots"].items()},
        }

    def _read(self, data: Mapping[str, Any], name: str) -> Any:
        return part_from_json(data[name], self._catalog.fields, written_in=data["format"])

    def _root(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        if "form" not in kept:
            return dict(kept)
        form = str(kept["form"])
        fresh = {**kept, "form": self._names.form(form)}
        if "values" in kept:
            held = self._read(kept, "values")
            values = {self._names.field(form, name): value for name, value in held.items()}
            fresh |= {"values": part_to_json(values), "format": FORMAT_VERSION}
        return fresh
