"""Which field each column of a file fills, as a command says it, and the choice kept as YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from orderkit.cli import console
from orderkit.model.errors import Conflict
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from orderkit.engine.importing.options import ChosenColumns, Options
    from orderkit.engine.importing.proposals import Proposals
    from orderkit.engine.runtime import Person, Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedColumns:
    """What a command says of columns: paths by heading, and the file to keep the whole choice in."""

    paths: Mapping[str, str]
    save_as: Path | None
    force: bool


def wanted_columns(written: list[str], save_as: Path | None, *, force: bool) -> WantedColumns | None:
    """Return what `--column HEADING=FIELD` and `--save-mapping` say; an empty path is not to be imported.

    Raises: Conflict, when the file is there already.
    """
    if not written and save_as is None:
        return None
    found: dict[str, str] = {}
    for each in written:
        heading, sign, path = each.rpartition("=")
        if not sign or not heading.strip():
            raise typer.BadParameter("HEADING=FIELD, such as 客户编号=customer.code", param_hint="--column")
        found[heading.strip()] = path.strip()
    if save_as is not None and save_as.exists() and not force:
        raise Conflict(
            label(
                zh=f"{save_as} 已经存在；要覆盖它，请加 --force",
                en=f"{save_as} is there already; to write over it add --force",
            )
        )
    return WantedColumns(paths=found, save_as=save_as, force=force)


def choose_columns(  # noqa: PLR0917 - the words of the command
    runtime: "Runtime", person: "Person", name: str, file: Path, options: "Options", wanted: WantedColumns
) -> "Options":
    """Return the options with the columns of a file: as they were named, the rest as proposed; tell each.

    What is only like a field is read by it just for whoever keeps the choice, and so looks at it.
    Raises: NotFound, Denied, Refused (a heading that is not there, or a choice that cannot be read).
    """
    from orderkit.engine.importing.matching.chosen import plan_with  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.importing.proposals import proposals_for  # noqa: PLC0415
    from orderkit.engine.importing.saving import free_id, id_like, mapping_text  # noqa: PLC0415
    from orderkit.engine.runtime import Channel  # noqa: PLC0415

    with runtime.read(person, Channel.IMPORT) as unit:
        found = proposals_for(unit, name, file, options=replace(options, columns=None))
    save_as = wanted.save_as
    columns = _chosen(found, wanted.paths, takes_alike=save_as is not None)
    plan_with(runtime.project, name, columns)
    _tell(found, columns)
    if save_as is not None:
        mapping_id = id_like(save_as.stem) if wanted.force else free_id(runtime.project, save_as.stem)
        text = mapping_text(
            runtime.project,
            name,
            mapping_id,
            found.sheet,
            columns,
            is_sheet_named=options.sheet is not None,
        )
        save_as.write_text(text, encoding="utf-8")
        console.say(label(zh="列的对应已写入 {path}", en="wrote the mapping {path}"), path=save_as)
    sheet = options.sheet if options.sheet is not None else found.sheet.name
    return replace(options, columns=columns, sheet=sheet)


def _chosen(found: "Proposals", wanted: Mapping[str, str], *, takes_alike: bool) -> "ChosenColumns":
    from orderkit.engine.importing.matching.chosen import chosen_by_heading  # noqa: PLC0415
    from orderkit.engine.importing.matching.proposing import Certainty  # noqa: PLC0415

    proposed = found.chosen
    named = chosen_by_heading(proposed.headings, wanted)
    taken = {path for path in named.values() if path}
    alike = {each.heading.column for each in found.columns if each.proposal.certainty is Certainty.PROPOSED}
    paths = {
        column: "" if path in taken or (column in alike and not takes_alike) else path
        for column, path in proposed.paths.items()
    }
    return replace(proposed, paths={**paths, **named})


def _tell(found: "Proposals", columns: "ChosenColumns") -> None:
    from orderkit.engine.importing.matching.proposing import IN_RULES, missing_paths  # noqa: PLC0415

    language = console.language()
    for each in found.columns:
        path, proposal = columns.paths[each.heading.column], each.proposal
        if path:
            why = text_of(proposal.why, language) if proposal.why and proposal.path == path else "--column"
            console.note("{heading} → {path} ({why})", heading=each.name, path=path, why=why)
    left = [
        each
        for each in found.columns
        if not columns.paths[each.heading.column] and each.proposal.why is not IN_RULES
    ]
    if left:
        names = ("、" if language == "zh" else ", ").join(each.name for each in left)
        console.note(label(zh="不导入：{names}", en="not imported: {names}"), names=names)
    missing = missing_paths(found.fillable, set(columns.by_path))
    if missing:
        console.note(
            label(
                zh="必填而没有列填写：{paths}；新记录会因此被拒绝",
                en="must be filled, and no column does: {paths}; new records would be refused",
            ),
            paths=", ".join(each.path for each in missing),
        )
