"""Comments as a reader of the record sees them, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import comment as comment_table
from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine.comments.mentions import parts, people_named
from orderkit.engine.records import FileView
from orderkit.engine.records.reading.attachments import COMMENT
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import FormId

# Long enough to mend a slip, too short to change what others have acted upon.
CHANGEABLE_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment. `parts` is its text in pieces, each with whether it mentions somebody.

    Of one that was removed only stays who had written it, and when.
    """

    id: int
    author_id: int
    author: str
    text: str
    parts: tuple[tuple[str, bool], ...]
    mentions: tuple[int, ...]
    files: tuple[FileView, ...]
    created_at: datetime
    edited_at: datetime | None
    is_removed: bool
    may_edit: bool
    may_remove: bool


def comments(
    unit: Unit, form_id: FormId, record_id: int, *, limit: int = 200, before: datetime | None = None
) -> tuple[Comment, ...]:
    """Return a record's comments, newest first. Raises NotFound when the record may not be seen."""
    readable_row(unit, form_id, record_id)
    query = (
        select(comment_table)
        .where(comment_table.c.form == form_id, comment_table.c.record_id == record_id)
        .order_by(comment_table.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(comment_table.c.created_at < before)
    return _views(unit, unit.connection.execute(query).all())


def find_comment(unit: Unit, form_id: FormId, record_id: int, comment_id: int) -> Comment:
    """Return a comment that still stands. Raises NotFound, also for one of another record."""
    readable_row(unit, form_id, record_id)
    query = select(comment_table).where(
        comment_table.c.id == comment_id,
        comment_table.c.form == form_id,
        comment_table.c.record_id == record_id,
        comment_table.c.removed_at.is_(None),
    )
    found = _views(unit, unit.connection.execute(query).all()) if comment_id < 2**63 else ()
    if not found:
        raise NotFound
    return found[0]


def _views(unit: Unit, rows: Sequence[Row[Any]]) -> tuple[Comment, ...]:
    ids = {each for row in rows for each in (row.author_id, *row.mentions)}
    people = people_named(unit, ids)
    files = _files(unit, [row.id for row in rows])
    is_admin = unit.person.is_administrator
    found = []
    for row in rows:
        stands = row.removed_at is None
        is_mine = row.author_id == unit.person.id and row.created_at > unit.now - CHANGEABLE_FOR
        named = [people[each] for each in row.mentions if each in people]
        author = people.get(row.author_id)
        found.append(
            Comment(
                id=row.id,
                author_id=row.author_id,
                author=f"#{row.author_id}" if author is None else author.name,
                text=row.text,
                parts=parts(row.text, [name for each in named for name in (each.name, each.login)]),
                mentions=tuple(row.mentions),
                files=files.get(row.id, ()) if stands else (),
                created_at=row.created_at,
                edited_at=row.edited_at,
                is_removed=not stands,
                may_edit=stands and is_mine,
                may_remove=stands and (is_mine or is_admin),
            )
        )
    return tuple(found)


def _files(unit: Unit, ids: Sequence[int]) -> Mapping[int, tuple[FileView, ...]]:
    if not ids:
        return {}
    query = (
        select(file_table)
        .where(file_table.c.form == COMMENT, file_table.c.record_id.in_(ids))
        .order_by(file_table.c.id)
    )
    found: dict[int, list[FileView]] = {}
    for row in unit.connection.execute(query):
        view = FileView(id=row.id, name=row.name, media_type=row.media_type, size=row.size)
        found.setdefault(row.record_id, []).append(view)
    return {comment_id: tuple(views) for comment_id, views in found.items()}
