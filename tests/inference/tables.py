"""Short ways to tables: rows as they stand in a sheet, the headings first."""

from collections.abc import Sequence

from orderkit.catalog import built_in
from orderkit.engine.importing.reading.cells import Cell
from orderkit.inference.dirt_kinds import Dirt, DirtKind
from orderkit.inference.proposal import FieldProposal, FormProposal, Proposal
from orderkit.inference.proposing import propose
from orderkit.inference.tables import Table, merged, read_table


def table(name: str, *rows: Sequence[Cell], is_workbook: bool = True) -> Table:
    found = read_table("book.xlsx", name, [tuple(row) for row in rows], is_workbook=is_workbook)
    assert found is not None
    return found


def proposal(*tables: Table) -> Proposal:
    return propose(merged(tables), built_in())


def form(found: Proposal, name: str) -> FormProposal:
    return next(each for each in found.forms if each.id == name)


def field(found: FormProposal, name: str) -> FieldProposal:
    return next(each for each in found.fields if each.id == name)


def dirt(found: Proposal, kind: DirtKind) -> list[Dirt]:
    return [each for each in found.dirt if each.kind is kind]
