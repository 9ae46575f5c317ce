"""`orderkit backup`: write a database and its attachments into one archive, while people work on."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption
from orderkit.cli.places import database_of, files_of, project_and
from orderkit.model.labels import label


def backup(
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="[DIR] TARGET", help="The project folder or artifact, and the archive to write."
        ),
    ],
    *,
    database: DatabaseOption = None,
) -> None:
    """Write a backup of the database and the attachments into one new file. The app may run meanwhile.

    A PostgreSQL database needs `pg_dump` of the server's version or newer. Where the database is reached
    through a pool of connections, ORDERKIT_DIRECT_DATABASE_URL names the server itself.

    Example: `orderkit backup shop backups/shop-2026-03-02.tar`
    """
    import os  # noqa: PLC0415 - `--help` does without
    from datetime import UTC, datetime  # noqa: PLC0415

    from orderkit.upkeep.backup.backing_up import back_up  # noqa: PLC0415

    directory, target = project_and(places, "TARGET")
    with console.progress(label(zh="备份", en="backing up")) as progress:
        made = back_up(
            database_of(directory, database),
            files_of(directory),
            target,
            now=datetime.now(UTC),
            environment=os.environ,
            progress=progress,
        )
    for digest in made.missing_files:
        console.note(
            label(
                zh="缺少附件 {digest}：数据库里有它的记录，存储里没有内容",
                en="an attachment is missing: the database names {digest}, the store does not have it",
            ),
            digest=digest,
        )
    console.say(
        label(
            zh="已备份：{target}（{tables} 个表，{rows} 行，{files} 个附件，{size} MB）",
            en="backed up: {target} ({tables} tables, {rows} rows, {files} attachments, {size} MB)",
        ),
        target=target,
        tables=len(made.tables),
        rows=made.rows,
        files=made.files,
        size=f"{target.stat().st_size / 1024**2:.1f}",
    )
