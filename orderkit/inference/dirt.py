"""Finds what is wrong with the cells, seen from what the forms will expect of them."""

from collections.abc import Iterable, Iterator

from orderkit.catalog import Catalog
from orderkit.engine.importing.reading.cells import cell_address
from orderkit.fields.field_type import Invalid
from orderkit.inference.choices import Choices
from orderkit.inference.dirt_kinds import Dirt, DirtKind, Example
from orderkit.inference.field_types import MOMENTS, NUMBERS, Guess, why_unfit
from orderkit.inference.numbers import numeral_of
from orderkit.inference.structure import Structure
from orderkit.inference.tables import Column, Table
from orderkit.model.labels import Label, label

_EXAMPLES = 5
_LONGEST_FOUND = 60


def dirt_of(found: Structure, catalog: Catalog) -> tuple[Dirt, ...]:
    """Return everything found, the most urgent kinds first, then in the order of the sheets."""
    every = [each for at in range(len(found.tables)) for each in _of_table(found, at, catalog)]
    order = {kind: place for place, kind in enumerate(DirtKind)}
    return tuple(sorted(every, key=lambda each: order[each.kind]))


def no_table(file: str, sheet: str) -> Dirt:
    """Return what is said of a sheet in which no table is found."""
    return Dirt(kind=DirtKind.NO_TABLE, files=(file,), sheet=sheet, heading="", count=1, examples=())


def _of_table(found: Structure, at: int, catalog: Catalog) -> Iterator[Dirt]:
    table = found.tables[at]
    yield from _of_layout(table)
    for index, column in enumerate(table.columns):
        guessed = found.guess_at((at, index))
        if not column.filled:
            yield _dirt(DirtKind.EMPTY_COLUMN, table, column, ())
            continue
        if (at, index) not in found.references:
            yield from _of_cells(table, column, guessed, catalog)
        yield from _of_reference(found, at, index)
    yield from _of_keys(found, at)


def _of_layout(table: Table) -> Iterator[Dirt]:
    for heading, index in table.repeated:
        yield _of_sheet(
            DirtKind.REPEATED_HEADING, table, heading, [_at(table, table.heading_row, index, heading)]
        )
    for index in table.unnamed:
        yield _of_sheet(DirtKind.UNNAMED_COLUMN, table, "", [_at(table, table.heading_row, index, "")])
    if table.totals:
        rows = [_at(table, number, index, text) for number, index, text in table.totals]
        yield _of_sheet(DirtKind.TOTAL_ROW, table, "", rows)


def _of_cells(table: Table, column: Column, guessed: Guess, catalog: Catalog) -> Iterator[Dirt]:
    unfit: list[tuple[int, Invalid]] = list(why_unfit(column, guessed, catalog))
    if unfit:
        expected = next((why.expected for _, why in unfit if why.expected is not None), None)
        yield _dirt(DirtKind.UNFIT, table, column, [at for at, _ in unfit], expected or unfit[0][1].message)
    if guessed.choices is not None:
        yield from _of_options(table, column, guessed.choices)
    if guessed.is_ambiguous:
        places = [at for at, cell in enumerate(column.cells) if isinstance(cell, str)]
        yield _dirt(
            DirtKind.AMBIGUOUS_DATE,
            table,
            column,
            places,
            label(zh="导入时加 --dates dmy 或 mdy", en="import with --dates dmy or mdy"),
        )
    if table.is_workbook:
        yield from _kept_as_text(table, column, guessed)


def _of_options(table: Table, column: Column, choices: Choices) -> Iterator[Dirt]:
    """Yield options that are spelled otherwise than most, or have blanks around them."""
    places = [
        at
        for at, (cell, text) in enumerate(zip(column.cells, column.texts, strict=True))
        if text in choices.variants or (isinstance(cell, str) and cell != text)
    ]
    if places:
        meant = list(dict.fromkeys(choices.variants.get(column.texts[at], column.texts[at]) for at in places))
        listed = meant[:_EXAMPLES]
        yield _dirt(
            DirtKind.CHOICE_VARIANT, table, column, places, label(zh="、".join(listed), en=", ".join(listed))
        )


def _kept_as_text(table: Table, column: Column, guessed: Guess) -> Iterator[Dirt]:
    unfit = frozenset(guessed.unfit)
    texts = [at for at, cell in enumerate(column.cells) if isinstance(cell, str) and at not in unfit]
    if guessed.type in NUMBERS:
        yield from _some(
            DirtKind.NUMBER_AS_TEXT, table, column, [at for at in texts if numeral_of(column.cells[at])]
        )
    elif guessed.type in MOMENTS and not guessed.is_ambiguous:
        yield from _some(DirtKind.DATE_AS_TEXT, table, column, texts)


def _of_reference(found: Structure, at: int, index: int) -> Iterator[Dirt]:
    reference = found.references.get((at, index))
    if reference is None:
        return
    table, column = found.tables[at], found.tables[at].columns[index]
    target = found.tables[reference.target[0]]
    known = target.columns[reference.target[1]]
    places = [place for place, text in enumerate(column.texts) if text and text not in known.distinct]
    where = f"{target.name}.{known.heading}"
    yield from _some(
        DirtKind.LOST_REFERENCE,
        table,
        column,
        places,
        label(zh=f"{where} 中已有的值", en=f"a value that stands in {where}"),
    )


def _of_keys(found: Structure, at: int) -> Iterator[Dirt]:
    table = found.tables[at]
    flat = found.flat.get(at)
    key = found.keys.get(at)
    if flat is not None:
        for index, documents in flat.differing.items():
            column, number = table.columns[index], table.columns[flat.number]
            places = _contradicting(column, number)
            yield _dirt(
                DirtKind.DIFFERING_HEAD,
                table,
                column,
                places,
                label(
                    zh=f"同一“{number.heading}”内一致（{documents} 张单据不一致）",
                    en=f"the same in each row of one {number.heading}; {documents} documents differ",
                ),
            )
    elif key is not None:
        column = table.columns[key]
        seen: set[str] = set()
        places = [place for place, text in enumerate(column.texts) if text in seen or seen.add(text)]  # type: ignore[func-returns-value]
        yield from _some(DirtKind.DUPLICATE_KEY, table, column, places)
    elif at not in found.line_sheets:
        yield _of_sheet(DirtKind.NO_KEY, table, "", [])
    nearly = found.nearly_flat.get(at)
    if nearly is not None and at not in found.line_sheets:
        names = [table.columns[index].heading for index in nearly.columns]
        yield Dirt(
            kind=DirtKind.NEARLY_DOCUMENT,
            files=table.files,
            sheet=table.name,
            heading=table.columns[nearly.number].heading,
            count=nearly.differing,
            examples=(),
            expected=label(
                zh=f"{nearly.groups} 个单号中内容一致；不一致的列：{'、'.join(names[:_EXAMPLES])}",
                en=f"the same within each of {nearly.groups} numbers; these differ: {', '.join(names[:_EXAMPLES])}",
            ),
        )


def _contradicting(column: Column, number: Column) -> list[int]:
    """Return the rows that say something else than the first row of their document."""
    first: dict[str, str] = {}
    places = []
    for at, (text, document) in enumerate(zip(column.texts, number.texts, strict=True)):
        if text and first.setdefault(document, text) != text:
            places.append(at)
    return places


def _some(
    kind: DirtKind, table: Table, column: Column, places: list[int], expected: Label | None = None
) -> Iterator[Dirt]:
    if places:
        yield _dirt(kind, table, column, places, expected)


def _dirt(
    kind: DirtKind, table: Table, column: Column, places: Iterable[int], expected: Label | None = None
) -> Dirt:
    every = list(places)
    examples = tuple(
        Example(
            file=table.rows[at].file,
            sheet=table.rows[at].sheet,
            cell=cell_address(table.rows[at].number, column.index),
            found=_shown(column, at),
        )
        for at in every[:_EXAMPLES]
    )
    return Dirt(
        kind=kind,
        files=table.files,
        sheet=table.name,
        heading=column.heading,
        count=len(every) or 1,
        examples=examples,
        expected=expected,
    )


def _of_sheet(kind: DirtKind, table: Table, heading: str, examples: list[Example]) -> Dirt:
    return Dirt(
        kind=kind,
        files=table.files,
        sheet=table.name,
        heading=heading,
        count=len(examples) or 1,
        examples=tuple(examples[:_EXAMPLES]),
    )


def _at(table: Table, number: int, index: int, text: str) -> Example:
    """Return a cell outside of the rows: a heading, or a total."""
    return Example(file=table.files[0], sheet=table.name, cell=cell_address(number, index), found=text)


def _shown(column: Column, at: int) -> str:
    cell = column.cells[at]
    text = cell if isinstance(cell, str) else column.texts[at]
    plain = "".join(each if each.isprintable() else " " for each in text)
    return plain if len(plain) <= _LONGEST_FOUND else f"{plain[:_LONGEST_FOUND]}…"
