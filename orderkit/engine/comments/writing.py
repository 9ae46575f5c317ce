"""Saying something about a record, mending it for a while, and taking it back.

Whoever may read a record may say something about it; that changes nothing of the record.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import insert, select, update

from orderkit.database.schema.system_tables import comment as comment_table
from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine import files
from orderkit.engine.comments.mentions import mentioned
from orderkit.engine.comments.reading import Comment, find_comment
from orderkit.engine.comments.telling import tell
from orderkit.engine.following import follow_unasked
from orderkit.engine.records import FileView
from orderkit.engine.records.documents.naming import NO_SUCH_UPLOAD
from orderkit.engine.records.reading.attachments import COMMENT
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.errors import Denied, Problem, Refused
from orderkit.model.forms import FormId
from orderkit.model.labels import label

LONGEST_TEXT = 4000
MOST_FILES = 10
LARGEST_FILE = 20 * 1024**2
# The same words twice within this time are one click made twice.
TWICE_WITHIN = timedelta(seconds=10)


def add(
    unit: Unit,
    form_id: FormId,
    record_id: int,
    text: str,
    *,
    chosen: Iterable[int] = (),
    attached: Sequence[int] = (),
) -> int:
    """Say something about a record and return the comment's id; who says it follows the record from then on.

    `chosen` tells apart people of one name, `attached` are uploads of this person.
    Raises: NotFound, Denied (the system has nothing to say), Refused.
    """
    row = readable_row(unit, form_id, record_id)
    if unit.person.id is None:
        raise Denied
    said = _checked(text, attached)
    repeated = _repeated(unit, form_id, record_id, said) if not attached else None
    if repeated is not None:
        return repeated
    mentions = mentioned(unit, row, said, chosen)
    values = {
        "form": form_id,
        "record_id": record_id,
        "author_id": unit.person.id,
        "text": said,
        "mentions": list(mentions),
        "created_at": unit.now,
    }
    made = insert(comment_table).values(values).returning(comment_table.c.id)
    comment_id: int = unit.connection.execute(made).scalar_one()
    _attach(unit, comment_id, attached)
    follow_unasked(unit, form_id, [record_id])
    tell(unit, row, said, mentions)
    return comment_id


def edit(
    unit: Unit, form_id: FormId, record_id: int, comment_id: int, text: str, *, chosen: Iterable[int] = ()
) -> None:
    """Put other words in the place of one's own; who is mentioned for the first time is told.

    Raises: NotFound, Denied (somebody else's, or too old), Refused.
    """
    found = find_comment(unit, form_id, record_id, comment_id)
    if not found.may_edit:
        raise Denied(_not_any_more(unit, found))
    row = readable_row(unit, form_id, record_id)
    said = _checked(text, found.files)
    if said == found.text:
        return
    mentions = mentioned(unit, row, said, chosen)
    values = {"text": said, "mentions": list(mentions), "edited_at": unit.now}
    unit.connection.execute(update(comment_table).where(comment_table.c.id == comment_id).values(values))
    tell(unit, row, said, [each for each in mentions if each not in found.mentions], only_mentioned=True)


def remove(unit: Unit, form_id: FormId, record_id: int, comment_id: int) -> None:
    """Take a comment back, with its text and attachments. Raises NotFound, Denied."""
    found = find_comment(unit, form_id, record_id, comment_id)
    if not found.may_remove:
        raise Denied(_not_any_more(unit, found))
    values = {"text": "", "mentions": [], "removed_at": unit.now}
    unit.connection.execute(update(comment_table).where(comment_table.c.id == comment_id).values(values))
    mine = (file_table.c.form == COMMENT) & (file_table.c.record_id == comment_id)
    # Files that belong nowhere are removed by a chore.
    unit.connection.execute(file_table.update().where(mine).values(form=None, field=None, record_id=None))


def upload(
    runtime: Runtime,
    person: Person,
    channel: Channel,
    form_id: FormId,
    record_id: int,
    *,
    name: str,
    chunks: Iterable[bytes],
) -> FileView:
    """Store a file for a comment that is still to be written. Raises NotFound, Refused."""
    with runtime.read(person, channel) as unit:
        readable_row(unit, form_id, record_id)
    stored = files.receive(
        runtime, person, channel, name=name, chunks=chunks, extensions=(), max_size=LARGEST_FILE
    )
    return FileView(id=stored.id, name=stored.name, media_type=stored.media_type, size=stored.size)


def _checked(text: str, attached: Sequence[object]) -> str:
    said = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(each for each in said if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"})
    said = said.strip()
    problems: list[Problem] = []
    if not said and not attached:
        message = label(zh="请写点什么，或附上文件", en="write something, or attach a file")
        problems.append(Problem(path="text", code="required", message=message))
    if len(said) > LONGEST_TEXT:
        message = label(
            zh=f"评论最多 {LONGEST_TEXT} 个字，现在有 {len(said)} 个",
            en=f"a comment has at most {LONGEST_TEXT} characters; this one has {len(said)}",
        )
        problems.append(Problem(path="text", code="too_long", message=message))
    if len(attached) > MOST_FILES:
        message = label(zh=f"最多附 {MOST_FILES} 个文件", en=f"attach at most {MOST_FILES} files")
        problems.append(Problem(path="files", code="too_many", message=message))
    if problems:
        raise Refused(problems)
    return said


def _repeated(unit: Unit, form_id: FormId, record_id: int, said: str) -> int | None:
    query = (
        select(comment_table)
        .where(comment_table.c.form == form_id, comment_table.c.record_id == record_id)
        .order_by(comment_table.c.id.desc())
        .limit(1)
    )
    last = unit.connection.execute(query).one_or_none()
    if last is None or (last.author_id, last.text) != (unit.person.id, said) or last.removed_at is not None:
        return None
    found: int = last.id
    return found if last.created_at > unit.now - TWICE_WITHIN else None


def _attach(unit: Unit, comment_id: int, attached: Sequence[int]) -> None:
    if not attached:
        return
    stored = files.files_of(unit, attached)
    for file_id in attached:
        file = stored.get(file_id)
        if file is None or file.record_id is not None or file.created_by != unit.person.id:
            raise Refused([Problem(path="files", code="not_found", message=NO_SUCH_UPLOAD)])
    files.tie(unit, [(each, COMMENT, "files", comment_id) for each in dict.fromkeys(attached)])


def _not_any_more(unit: Unit, found: Comment) -> dict[str, str]:
    if found.author_id != unit.person.id:
        return dict(
            label(zh="只能修改或删除自己的评论", en="only one's own comments can be changed or removed")
        )
    return dict(
        label(
            zh="评论发出一天后不能再修改或删除，请另写一条",
            en="a comment cannot be changed or removed after a day; write another one",
        )
    )
