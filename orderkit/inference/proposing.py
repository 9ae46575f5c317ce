"""From tables to a proposal: the whole way in one function, and the order in which the sheets are imported."""

from collections.abc import Mapping, Sequence

from orderkit.catalog import Catalog
from orderkit.inference.dirt import dirt_of
from orderkit.inference.forms import Names, forms_of, is_full_in, label_of, named, pair_key
from orderkit.inference.naming import FORBIDDEN_FORMS, field_id
from orderkit.inference.proposal import ImportProposal, Proposal
from orderkit.inference.references import Place
from orderkit.inference.structure import Structure, structure_of
from orderkit.inference.tables import Table


def propose(tables: Sequence[Table], catalog: Catalog) -> Proposal:
    """Return what the tables suggest: forms that compile, imports that read these very tables, and what is dirty."""
    found = structure_of(tables, catalog)
    names = named(found)
    order = _in_order(found)
    postponed = _postponed(found, order)
    return Proposal(
        locale=_locale(tables),
        forms=forms_of(found, names, postponed),
        imports=tuple(_imports(found, names, order, postponed)),
        dirt=dirt_of(found, catalog),
    )


def _locale(tables: Sequence[Table]) -> str:
    texts = [column.heading for table in tables for column in table.columns]
    chinese = sum(any("\u4e00" <= each <= "\u9fff" for each in text) for text in texts)
    return "zh-CN" if 2 * chinese >= len(texts) else "en"


def _in_order(found: Structure) -> list[int]:
    """Return the tables so that what is referred to comes first; in a circle, the one that waits for least.

    What nobody refers to is in no circle: it waits for all that it needs, so that its key and its parent are there.
    """
    needs = {at: set[int]() for at in range(len(found.tables))}
    for place, reference in found.references.items():
        if reference.target[0] != place[0]:
            needs[place[0]].add(reference.target[0])
    order: list[int] = []
    while needs:
        waiting = {each: len(needs[each] - set(order)) for each in needs}
        in_circle = set[int]().union(*needs.values())
        able = [each for each in needs if not waiting[each] or each in in_circle]
        at = min(able, key=lambda each: (waiting[each], each))
        order.append(at)
        del needs[at]
    return order


def _postponed(found: Structure, order: Sequence[int]) -> frozenset[Place]:
    """Return the references to records that are not there when the sheet is read for the first time."""
    turn = {at: place for place, at in enumerate(order)}
    return frozenset(
        place for place, each in found.references.items() if turn[each.target[0]] >= turn[place[0]]
    )


def _imports(
    found: Structure, names: Names, order: Sequence[int], postponed: frozenset[Place]
) -> list[ImportProposal]:
    taken: set[str] = set(FORBIDDEN_FORMS)
    waiting = [at for at in order if any(place[0] == at for place in postponed)]
    first = [_import(found, names, at, postponed, taken) for at in order]
    again = [_import(found, names, at, frozenset(), taken, is_again=True) for at in waiting]
    return [*first, *again]


def _import(
    found: Structure,
    names: Names,
    at: int,
    left_out: frozenset[Place],
    taken: set[str],
    *,
    is_again: bool = False,
) -> ImportProposal:
    table, sheet = found.tables[at], found.line_sheets.get(at)
    form = names.forms[at if sheet is None else sheet.target]
    ending = "again" if is_again else "sheet"
    import_id = field_id(f"{form}_{names.lines[at]}_{ending}" if sheet else f"{form}_{ending}", taken)
    taken.add(import_id)
    columns = [
        (names.paths[at, index], column.heading)
        for index, column in enumerate(table.columns)
        if (at, index) not in left_out
    ]
    return ImportProposal(
        id=import_id,
        label=label_of(table.name),
        form=form,
        files=table.files,
        sheet=table.sheet,
        match=_match(found, names, at, left_out),
        columns=tuple(sorted(columns, key=lambda each: "." in each[0])),
        values=_values(found, names, at),
        totals=_totals(table),
        fills_others=sheet is not None and _has_required(found, sheet.target, left_out),
        is_again=is_again,
    )


def _match(found: Structure, names: Names, at: int, left_out: frozenset[Place]) -> tuple[str, ...]:
    sheet = found.line_sheets.get(at)
    key = found.keys.get(at) if sheet is None else sheet.parent
    if key is not None:
        return (names.paths[at, key],)
    pair = pair_key(found, at, left_out)
    return () if pair is None else tuple(names.paths[at, index] for index in pair)


def _has_required(found: Structure, at: int, postponed: frozenset[Place]) -> bool:
    """Whether records of the form need more than their key."""
    table = found.tables[at]
    return any(
        is_full_in(found, (at, index)) and found.keys.get(at) != index and (at, index) not in postponed
        for index in range(len(table.columns))
        if found.guess_at((at, index)).type != "boolean"
    )


def _values(found: Structure, names: Names, at: int) -> Mapping[str, Mapping[str, str]]:
    values = {}
    for index in range(len(found.tables[at].columns)):
        choices = found.guess_at((at, index)).choices
        rewritten = {} if choices is None or (at, index) in found.references else choices.rewritten()
        if rewritten:
            values[names.paths[at, index]] = rewritten
    return values


def _totals(table: Table) -> tuple[str, tuple[str, ...]] | None:
    """Return the heading below which totals are called so, with what they are called."""
    if not table.totals:
        return None
    index = table.totals[0][1]
    column = next((each for each in table.columns if each.index == index), None)
    if column is None:
        return None
    texts = dict.fromkeys(text for _, at, text in table.totals if at == index)
    return column.heading, tuple(texts)
