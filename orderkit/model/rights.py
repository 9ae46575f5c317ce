"""What a grant of a role gives on each field: pure, so that the running app and a plan say the same.

`orderkit.engine.access` puts it together with records, people and states.
"""

from dataclasses import dataclass
from enum import IntEnum

from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.project import Project
from orderkit.model.roles import FormGrant


class Right(IntEnum):
    """How far a person may go with one field of one record; a greater one includes the smaller."""

    HIDDEN = 0
    MASKED = 1
    READ = 2
    WRITE = 3


@dataclass(frozen=True, slots=True)
class PathInfo:
    """A field as access sees it: its path from the form of the record, and whether people may ever write it."""

    path: str
    is_writable: bool
    is_owner: bool


def covers(paths: frozenset[str], path: str) -> bool:
    """Return whether a set of paths names this one, or the collection it is in."""
    return path in paths or path.partition(".")[0] in paths


def seen(grant: FormGrant, path: str) -> Right:
    """Return how far a grant shows a field: hidden, masked or as it is."""
    if covers(grant.hide, path):
        return Right.HIDDEN
    return Right.MASKED if covers(grant.mask, path) else Right.READ


def is_written(grant: FormGrant, path: str) -> bool:
    """Return whether a grant lets a field be written that people may write at all."""
    if covers(grant.readonly, path) or covers(grant.hide, path) or covers(grant.mask, path):
        return False
    return grant.write is None or covers(grant.write, path)


def paths_of(project: Project, form: Form) -> tuple[PathInfo, ...]:
    """Return every path of a record of `form`: its fields, and those of its lines behind their name."""
    found = [_info(field, field.id) for field in form.fields]
    for collection in form.lines:
        rows = project.form_by_id[collection.form]
        found.extend(_info(field, f"{collection.id}.{field.id}") for field in rows.fields)
    return tuple(found)


def is_writable(field: Field) -> bool:
    """Return whether people may ever write a field; the rest is filled by the engine."""
    is_plain_copy = field.copy is not None and not field.editable
    return (
        field.system is SystemRole.NONE and not field.is_derived and not field.readonly and not is_plain_copy
    )


def _info(field: Field, path: str) -> PathInfo:
    return PathInfo(path, is_writable(field), field.system is SystemRole.OWNER)
