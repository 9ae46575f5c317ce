"""Whether `migrate` has anything to do, told by what its last run left behind, without reading the model.

A run that came to its end notes what it was run with, where the database stood then, and what would bring
it new work: a change of a record that seeds look at, or a record that began under another definition of a
workflow. While the same artifact finds all of that as it was, a second run would change nothing.
`settling` writes the note. Whatever is in doubt is not settled, and the whole way is gone.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from orderkit.database.connections.plain import Ask, NoAnswer, asking, quoted

NAME = "settled"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a database stands: whose it is, by which model, at which revisions, and to which model the last one led."""

    project: str | None
    model_hash: str | None
    system_revision: str | None
    project_revision: str | None
    leads_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The newest definition of a workflow, and the column in which records stand in one of its states."""

    workflow: str
    definition_hash: str
    table: str
    column: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a run noted.

    Args:
        artifact: the fingerprint of what it was run with.
        locale: the language of the project.
        standing: where the database stood.
        forms: what seeds write or look at.
        changes: how many changes of these forms the audit had.
        followed: the workflows whose newest definition running records follow.
    """

    artifact: str
    locale: str
    standing: Standing
    forms: tuple[str, ...]
    changes: int
    followed: tuple[Followed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpToDate:
    """There is nothing to do. `url` is the database's, without its password."""

    url: str
    locale: str


def written(settled: Settled) -> str:
    """Return the note as text."""
    return json.dumps({"format": FORMAT, **asdict(settled)}, ensure_ascii=False)


def up_to_date(url: str, folder: Path, artifact: str) -> UpToDate | None:
    """Return that the database is settled for this very artifact; None where that is not known for certain.

    Args:
        url: of the database, as people write it.
        folder: where a relative SQLite path begins.
        artifact: the fingerprint of the artifact that is about to migrate.
    """
    try:
        with asking(url, folder) as (ask, shown):
            settings = {name: value for name, value in ask("SELECT name, value FROM ok_setting")}  # noqa: C416 - says that they are pairs
            settled = _read(settings.get(NAME), artifact)
            if settled is not None and _still_holds(settled, settings, ask):
                return UpToDate(url=shown, locale=settled.locale)
    except NoAnswer:
        pass
    return None


def _read(text: object, artifact: str) -> Settled | None:
    """Return the note of a run with this artifact."""
    note = json.loads(text) if isinstance(text, str) else {}
    if note.pop("format", None) != FORMAT or note["artifact"] != artifact:
        return None
    followed = tuple(Followed(**each) for each in note["followed"])
    return Settled(**{**note, "standing": Standing(**note["standing"]), "followed": followed})


def _still_holds(settled: Settled, settings: Mapping[str, str], ask: Ask) -> bool:
    if ask("SELECT 1 FROM ok_migration_step LIMIT 1") or _standing(settings, ask) != settled.standing:
        return False
    if _is_search_behind(ask):
        return False
    places = ", ".join("?" * len(settled.forms))
    # Without forms nothing is in `()`, which PostgreSQL does not read.
    counted = f"SELECT count(*) FROM ok_audit WHERE form IN ({places or 'NULL'})"
    if ask(counted, *settled.forms)[0][0] != settled.changes:
        return False
    return not any(_is_behind(each, ask) for each in settled.followed)


def _is_search_behind(ask: Ask) -> bool:
    """Whether the search index is to be filled: its filling was stopped, or somebody asked for another one."""
    states = {row[0] for row in ask("SELECT DISTINCT state FROM ok_search_form")}
    return states != {"ready"}


def _is_behind(life: Followed, ask: Ask) -> bool:
    """Whether a record follows another definition, or stands in a state that is gone, perhaps without having begun."""
    other = "SELECT 1 FROM ok_workflow_instance WHERE workflow = ? AND definition_hash <> ? LIMIT 1"
    known = ", ".join("?" * len(life.states))
    gone = f"SELECT 1 FROM {quoted(life.table)} WHERE {quoted(life.column)} NOT IN ({known}) LIMIT 1"
    return bool(ask(other, life.workflow, life.definition_hash) or ask(gone, *life.states))


def _standing(settings: Mapping[str, str], ask: Ask) -> Standing:
    (system,), (project,) = (
        [row[0] for row in ask(f"SELECT version_num FROM {table}")] or [None]
        for table in ("ok_system_version", "ok_project_version")
    )
    led = ask("SELECT leads_to FROM ok_revision WHERE line = 'project' AND number = ?", project or "")
    return Standing(
        project=settings.get("project"),
        model_hash=settings.get("model_hash"),
        system_revision=system,
        project_revision=project,
        leads_to=led[0][0] if led else None,
    )
