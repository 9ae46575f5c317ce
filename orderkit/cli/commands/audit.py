"""`orderkit audit`: prove that the audit is as it was written."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from orderkit.engine.audit.verifying import Found, Verified

FORMATS = ("text", "json")
FORMAT_VERSION = 1

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The audit: who did what, sealed against changes."""


def _known(name: str) -> str:
    """Return the name of a format, or refuse it as wrong usage."""
    if name not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS))
    return name


@app.command("verify")
def verify_(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The project folder, or the artifact itself.")
    ] = Path(),
    *,
    database: DatabaseOption = None,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="DIGEST",
            help="A head that was printed or logged earlier; without it a chain cut at its end looks whole.",
        ),
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format", metavar="|".join(FORMATS), callback=_known, help="How the result is written."
        ),
    ] = FORMATS[0],
) -> None:
    """Go through the whole audit and find every entry and seal that was changed, removed or put in.

    Nothing is written. Leaves with 1 when something is wrong. The secret keys must be those of the server.

    Example: `orderkit audit verify shop --head 4f0c…`
    """
    from orderkit.engine.audit.digests import PURPOSE, SealingKeys  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.audit.verifying import verify  # noqa: PLC0415

    with opened(directory, database) as runtime:
        keys = SealingKeys(runtime.keys_for(PURPOSE))
        with runtime.database.read() as connection:
            verified = verify(connection, keys, head=head)
        zone = runtime.timezone
    if format_ == "json":
        console.document(_json(verified))
    else:
        _show(verified, zone)
    if verified.found:
        raise typer.Exit(1)


@app.command("prune")
def prune_(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The project folder, or the artifact itself.")
    ] = Path(),
    *,
    keep: Annotated[int, typer.Option("--keep", metavar="DAYS", min=30, help="What is younger stays.")],
    database: DatabaseOption = None,
) -> None:
    """Remove what was sealed longer ago, and leave a signed checkpoint, from which `verify` goes on.

    Nothing is removed that does not verify, or that `audit: keep` of the project promises.
    With that, or ORDERKIT_AUDIT_DAYS, workers do this by themselves.

    Example: `orderkit audit prune shop --keep 1826`
    """
    from datetime import timedelta  # noqa: PLC0415 - `--help` does without

    from orderkit.engine.audit.pruning import prune  # noqa: PLC0415
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415
    from orderkit.model.errors import Conflict  # noqa: PLC0415

    removed = 0
    with opened(directory, database) as runtime:
        promised = runtime.project.audit.keep_days
        if promised is not None and keep < promised:
            raise Conflict(
                label(
                    zh=f"项目写明审计保留 {promised} 天（`audit: keep`），不能删除更新的记录",
                    en=f"the project keeps its audit for {promised} days (`audit: keep`); "
                    "nothing younger is removed",
                )
            )
        before = runtime.clock.now() - timedelta(days=keep)
        while True:
            with runtime.write(SYSTEM, Channel.COMMAND) as unit:
                count = prune(unit, before=before)
            removed += count
            if not count:
                break
    console.say(label(zh="已删除 {count} 条", en="entries removed: {count}"), count=removed)


def _show(verified: "Verified", zone: ZoneInfo) -> None:
    for each in verified.found:
        console.say("{text}", text=_told(each, zone))
    if verified.more:
        console.say(label(zh="另有 {count} 处", en="and {count} more"), count=verified.more)
    console.say(
        label(
            zh="核对了 {entries} 条记录、{seals} 个封条：{count} 处问题",
            en="verified: entries: {entries}, seals: {seals}, findings: {count}",
        ),
        entries=verified.entries,
        seals=verified.seals,
        count=len(verified.found) + verified.more,
    )
    if verified.removed:
        console.say(
            label(zh="已按保留期限删除 {count} 条", en="removed by retention: {count}"),
            count=verified.removed,
        )
    if verified.waiting.count:
        console.say(
            label(
                zh="{count} 条尚未封存，最早的来自 {at}：应由后台任务在几秒内封存，请确认它在运行",
                en="not sealed yet: {count}, the oldest of {at}; a worker seals them within seconds, see that one runs",
            ),
            count=verified.waiting.count,
            at=_moment(verified.waiting.oldest, zone),
        )
    if verified.head:
        console.say(
            label(
                zh="链头（{at}）：{head}\n请另行保存它，下次用 --head 核对",
                en="head ({at}): {head}\nkeep it elsewhere, and give it to --head next time",
            ),
            at=_moment(verified.sealed_at, zone),
            head=verified.head,
        )


def _told(found: "Found", zone: ZoneInfo) -> str:
    from orderkit.engine.audit.words import TAMPERING  # noqa: PLC0415 - `--help` does without

    ids = str(found.first) if found.first == found.last else f"{found.first}–{found.last}"
    language = console.language()
    told = text_of(TAMPERING[found.kind.value], language).format(ids=ids, detail=found.detail)
    if found.since is None:
        return told
    since = text_of(label(zh="（{at} 之后）", en=" (after {at})"), language)
    return told + since.format(at=_moment(found.since, zone))


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return "–" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _json(verified: "Verified") -> str:
    document = {
        "format": FORMAT_VERSION,
        "is_whole": not verified.found,
        "entries": verified.entries,
        "seals": verified.seals,
        "removed": verified.removed,
        "head": verified.head,
        "sealed_at": None if verified.sealed_at is None else verified.sealed_at.isoformat(),
        "waiting": verified.waiting.count,
        "found": [
            {
                "kind": each.kind.value,
                "first": each.first,
                "last": each.last,
                "since": None if each.since is None else each.since.isoformat(),
                "detail": each.detail,
            }
            for each in verified.found
        ],
        "more": verified.more,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
