"""Uploaded files: a row each in `ok_file`, tied to a record once one is saved with it, or removed later.

Who may upload or open is decided by `records.attachments`, which knows the fields.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Row, exists, select

from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine.files.folder import Folder
from orderkit.engine.files.media_types import BY_EXTENSION, is_encrypted, media_type_of
from orderkit.engine.files.store import keep, path_of
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label

LONGEST_NAME = 150
# Longer than the fortnight for which a browser offers a form that was begun or waits for a line, with its files.
UNTIED_FOR = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file and the field of a record that it belongs to, if it does already."""

    id: int
    digest: str
    name: str
    media_type: str
    size: int
    form: str | None
    field: str | None
    record_id: int | None
    created_by: int | None


def receive(
    runtime: Runtime,
    person: Person,
    channel: Channel,
    *,
    name: str,
    chunks: Iterable[bytes],
    extensions: Sequence[str],
    max_size: int,
) -> StoredFile:
    """Store an upload that no record has yet. No transaction is open while its bytes come in.

    Raises: Refused when it is too large, or not of a type that `extensions` (none: all) names.
    """
    clean = clean_name(name)
    extension = clean.rpartition(".")[2].lower() if "." in clean else ""
    accepted = {BY_EXTENSION[each] for each in extensions if each in BY_EXTENSION}

    def judge(path: Path, size: int) -> str:
        media_type = media_type_of(path, extension)
        if size == 0 or (extensions and media_type not in accepted):
            raise _protected() if size and is_encrypted(path) else _wrong_type(extensions)
        return media_type

    content = keep(runtime.files_folder, chunks, max_size=max_size, judge=judge)
    if runtime.remote_files is not None:
        runtime.remote_files.put(content.digest, path_of(runtime.files_folder, content.digest))
    with runtime.write(person, channel) as unit:
        values = {
            "digest": content.digest,
            "name": clean,
            "media_type": content.media_type,
            "size": content.size,
            "created_at": unit.now,
            "created_by": person.id,
        }
        (made,) = unit.connection.execute(file_table.insert().values(values).returning(file_table.c.id)).one()
    return StoredFile(
        id=made,
        digest=content.digest,
        name=clean,
        media_type=content.media_type,
        size=content.size,
        form=None,
        field=None,
        record_id=None,
        created_by=person.id,
    )


def files_of(unit: Unit, ids: Iterable[int]) -> Mapping[int, StoredFile]:
    """Return stored files by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = unit.connection.execute(select(file_table).where(file_table.c.id.in_(wanted)))
    return {row.id: _stored(row) for row in rows}


def tie(unit: Unit, ties: Iterable[tuple[int, str, str, int]]) -> None:
    """Tie files to where they belong: (file id, form, field, record id) each."""
    for file_id, form, field, record_id in ties:
        mine = file_table.c.id == file_id
        values = {"form": form, "field": field, "record_id": record_id}
        unit.connection.execute(file_table.update().where(mine).values(values))


def content_path(unit: Unit, stored: StoredFile) -> Path:
    """Return where the bytes of a file lie on this machine; what lies elsewhere is brought here first."""
    path = path_of(unit.runtime.files_folder, stored.digest)
    if unit.runtime.remote_files is not None and not path.exists():
        unit.runtime.remote_files.fetch(stored.digest, path)
    return path


def remove_untied(unit: Unit) -> int:
    """Remove uploads that no record took within fifteen days, and their bytes where no other row has them.

    The bytes go after the commit: a crash in between leaves a file too many, never one too few.
    """
    old = file_table.c.record_id.is_(None) & (file_table.c.created_at <= unit.now - UNTIED_FOR)
    digests = unit.connection.execute(file_table.delete().where(old).returning(file_table.c.digest)).scalars()
    removed = list(digests)
    for digest in sorted(set(removed)):
        is_kept = unit.connection.execute(select(exists().where(file_table.c.digest == digest))).scalar_one()
        if not is_kept:
            unit.after_commit.append(partial(_remove, unit.runtime, digest))
    return len(removed)


def _remove(runtime: Runtime, digest: str) -> None:
    Folder(runtime.files_folder).remove(digest)
    if runtime.remote_files is not None:
        runtime.remote_files.remove(digest)


def clean_name(name: str) -> str:
    """Return a file name without folders, control characters and surprises, at most 150 characters long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    kept = kept.strip().lstrip(".").strip() or "file"
    stem, dot, extension = kept.rpartition(".")
    if len(kept) <= LONGEST_NAME:
        return kept
    if not dot or len(extension) > 10:
        return kept[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _stored(row: Row[tuple[object, ...]]) -> StoredFile:
    return StoredFile(
        id=row.id,
        digest=row.digest,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        form=row.form,
        field=row.field,
        record_id=row.record_id,
        created_by=row.created_by,
    )


def _protected() -> Refused:
    return Refused(
        [
            Problem(
                path="file",
                code="protected",
                message=label(zh="这个文件有打开密码", en="This file is protected by a password"),
                help=label(
                    zh="请打开它，去掉密码后另存，再上传",
                    en="open it, save it without the password and upload it again",
                ),
            )
        ]
    )


def _wrong_type(extensions: Sequence[str]) -> Refused:
    if not extensions:
        message = label(zh="文件是空的", en="The file is empty")
        return Refused([Problem(path="file", code="empty_file", message=message)])
    listed = ", ".join(dict.fromkeys(extensions))
    message = label(
        zh=f"文件类型不对，只接受：{listed}", en=f"The file is not of a type accepted here: {listed}"
    )
    return Refused([Problem(path="file", code="file_type", message=message)])
