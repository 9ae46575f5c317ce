"""Which definition a running record follows: the one it was started with, kept by content hash.

A workflow with `in_flight: migrate` has no past: everything follows the newest definition.
"""

from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.definitions.states import MIGRATE
from orderkit.database.schema.system_tables import workflow_definition
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.stored import FORMAT_VERSION, part_from_json, part_hash, part_to_json
from orderkit.model.workflow.workflows import Workflow


class _Hashes(dict[str, str]):
    """Hashes of the newest definitions, by workflow."""


class _Pinned(set[str]):
    """Hashes that are known to be stored."""


class _Definitions(dict[str, Workflow]):
    """Definitions of the past, by hash; a hash never changes its meaning."""


class _KnownHashes(dict[str, frozenset[str]]):
    """Hashes stored for each workflow, as this unit sees them."""


def newest_hash(runtime: Runtime, workflow: Workflow) -> str:
    """Return the hash of a workflow of the model in force."""
    hashes = runtime.keep(_Hashes, _Hashes)
    found = hashes.get(workflow.id)
    if found is None:
        found = hashes[workflow.id] = part_hash(workflow)
    return found


def pin(unit: Unit, workflow: Workflow) -> str:
    """Store the newest definition, unless it is stored already, and return its hash."""
    runtime = unit.runtime
    found = newest_hash(runtime, workflow)
    pinned = runtime.keep(_Pinned, _Pinned)
    if found in pinned:
        return found
    insert_into = postgresql.insert if runtime.database.dialect == "postgresql" else sqlite.insert
    values = {
        "hash": found,
        "workflow": workflow.id,
        "compiled": part_to_json(workflow),
        "created_at": unit.now,
        "format": FORMAT_VERSION,
    }
    unit.connection.execute(
        insert_into(workflow_definition).values(**values).on_conflict_do_nothing(index_elements=["hash"])
    )
    # Only a commit makes it true for other units.
    unit.after_commit.append(lambda: pinned.add(found))
    unit.keep(_KnownHashes, _KnownHashes).pop(workflow.id, None)
    return found


def definition_of(unit: Unit, workflow: Workflow, definition_hash: str) -> Workflow:
    """Return the definition behind a hash of `workflow`, which is given in its newest form."""
    if workflow.in_flight == MIGRATE or definition_hash == newest_hash(unit.runtime, workflow):
        return workflow
    definitions = unit.runtime.keep(_Definitions, _Definitions)
    found = definitions.get(definition_hash)
    if found is None:
        stored = unit.connection.execute(
            select(workflow_definition.c.compiled, workflow_definition.c.format).where(
                workflow_definition.c.hash == definition_hash
            )
        ).one()
        fields = unit.runtime.catalog.fields
        found = cast("Workflow", part_from_json(stored.compiled, fields, written_in=stored.format))
        definitions[definition_hash] = found
    return found


def has_past(unit: Unit, workflow: Workflow) -> bool:
    """Return whether records may still follow an older definition of this workflow."""
    if workflow.in_flight == MIGRATE:
        return False
    known = unit.keep(_KnownHashes, _KnownHashes)
    hashes = known.get(workflow.id)
    if hashes is None:
        found = select(workflow_definition.c.hash).where(workflow_definition.c.workflow == workflow.id)
        hashes = known[workflow.id] = frozenset(unit.connection.execute(found).scalars())
    return not hashes <= {newest_hash(unit.runtime, workflow)}
