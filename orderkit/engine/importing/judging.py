"""What of a file is refused: by its cells, by the rules, and by what an earlier attempt at it found."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence

from orderkit.engine.importing.matching.existing import Planned
from orderkit.engine.importing.preparing import Prepared
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.runs import ImportRun
from orderkit.engine.importing.writing import Written
from orderkit.model.labels import label

_OTHER_RECORDS = (
    label(
        zh="导入方式或它引用的内容已改变，各行合成的记录与开始时不同，不能从中断处继续",
        en="the mapping or what it refers to has changed: the rows make other records than when this began, "
        "so it cannot go on where it broke off",
    ),
    label(
        zh="请撤销已写入的部分，再重新导入这个文件",
        en="take back what it wrote, and import the file again",
    ),
)
_REFUSED_BEFORE = label(zh="导入开始时已被拒绝", en="it was refused when the import began")


def layout_of(planned: Sequence[Planned]) -> str:
    """Return what tells which rows make which record: the places of records mean the same only under the same one."""
    rows = repr([list(each.draft.rows) for each in planned])
    return hashlib.sha256(rows.encode()).hexdigest()[:16]


def other_records(prepared: Prepared, begun: ImportRun) -> list[ImportProblem]:
    """Return why a run cannot go on: what it counted as done are other records by now."""
    if not begun.done or begun.layout in {"", layout_of(prepared.planned)}:
        return []
    return [prepared.reader.problem("", 0, "changed_since", *_OTHER_RECORDS)]


def still_refused(
    prepared: Prepared, begun: ImportRun, problems: Sequence[ImportProblem]
) -> list[ImportProblem]:
    """Return the problems of what a run has still to write, and of all that it has refused before.

    What stands there already is no longer judged. What was refused stays so, although it would be good by
    now: somebody may have mended and imported it elsewhere.
    """
    written = {
        row
        for each in prepared.planned[: begun.done]
        for row in each.draft.rows
        if row not in begun.refused_rows
    }
    found = [each for each in problems if each.row not in written]
    named = {each.row for each in found}
    found += [each for each in begun.problems if each.row in begun.refused_rows - named]
    unnamed = begun.refused_rows - {each.row for each in found}
    return found + [
        prepared.reader.problem("", row, "refused_before", _REFUSED_BEFORE) for row in sorted(unnamed)
    ]


def with_rules(prepared: Prepared, broken: Sequence[ImportProblem]) -> list[ImportProblem]:
    """Return what is wrong with the cells, and what the rules say about rows that could be read.

    A row with a bad cell breaks rules only because of it; of these only what is missing elsewhere
    in the row is news.
    """
    bad_cells = {(each.row, each.cell) for each in prepared.problems}
    bad_rows = {each.row for each in prepared.problems if each.row}
    spoilt = {row for draft in prepared.drafts if not bad_rows.isdisjoint(draft.rows) for row in draft.rows}
    news = [
        each
        for each in broken
        if each.row not in spoilt or (each.code == "required" and (each.row, each.cell) not in bad_cells)
    ]
    return [*prepared.problems, *news]


def would_be(prepared: Prepared, refused: frozenset[int], problems: list[ImportProblem]) -> Written:
    """Return what a dry run says would happen: also a record with a bad cell was tried, as far as it could be."""
    good = [each for at, each in enumerate(prepared.planned) if at not in refused and not each.is_unchanged]
    missing = {reference for each in good for reference in each.references() if reference.is_missing}
    return Written(
        created=sum(each.id is None for each in good),
        updated=sum(each.id is not None for each in good),
        made=dict(Counter(reference.form for reference in missing)),
        problems=problems,
    )


def touched(planned: Sequence[Planned], rows: Collection[int]) -> frozenset[int]:
    """Return the places of records that stand in any of these rows."""
    if not rows:
        return frozenset()
    return frozenset(at for at, each in enumerate(planned) if any(row in rows for row in each.draft.rows))
