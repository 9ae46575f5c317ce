"""Departments above departments, and managers above people: nobody stands above themselves, however far up.

Who walks such a tree would walk for ever, and an approval by managers would come back to who asked for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from orderkit.engine.records.changes import Change, Restore, Update
from orderkit.engine.records.documents.document import Document
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FieldId, FormId
from orderkit.model.labels import Label, label

RING = "ring"
IDS_AT_ONCE = 10_000
_LOCK = (0x6F6B7472, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    """A form whose records stand above each other by one of its fields."""

    form: FormId
    field: FieldId
    itself: Label
    below: Label


_TREES = (
    _Tree(
        form="department",
        field="parent",
        itself=label(
            zh="部门不能是自己的上级；最上面的部门请留空",
            en="a department cannot stand above itself; leave it empty for one at the top",
        ),
        below=label(
            zh="“{chosen}”在“{own}”之下，不能又是它的上级；请先给“{chosen}”换一个上级部门",
            en="“{chosen}” stands below “{own}”, so it cannot stand above it; move “{chosen}” elsewhere first",
        ),
    ),
    _Tree(
        form="user",
        field="manager",
        itself=label(
            zh="直属主管不能是本人；没有主管请留空",
            en="nobody is their own manager; leave it empty for who has none",
        ),
        below=label(
            zh="“{own}”是“{chosen}”的上级，“{chosen}”不能又是其主管；请先给“{chosen}”换一位直属主管",
            en="“{own}” stands above “{chosen}”, who cannot be their manager; "
            "give “{chosen}” another manager first",
        ),
    ),
)


def hold_trees(unit: Unit, changes: Iterable[Change]) -> None:
    """Let one writer at a time move within a tree: two moves that are right alone may close a ring together.

    It comes before any record is locked, so that two such writers do not wait for each other's records.
    """
    # Writers of SQLite come one after the other anyway.
    if unit.connection.dialect.name == "postgresql" and any(_moves(each) for each in changes):
        unit.connection.execute(select(func.pg_advisory_xact_lock(*_LOCK)))


def check_rings(unit: Unit, documents: Sequence[Document]) -> None:
    """Note on each document that it would come to stand above itself."""
    for tree in _TREES:
        # Below what is new stands nobody yet.
        moved = [
            each
            for each in documents
            if each.form.id == tree.form
            and (not each.is_new or each.is_restored)
            and tree.field in each.top.changed
            and each.top.row.values.get(tree.field) is not None
        ]
        if moved:
            _check(unit, tree, moved, documents)


def _moves(change: Change) -> bool:
    match change:
        case Update():
            return any(change.form == tree.form and tree.field in change.values for tree in _TREES)
        case Restore():
            return any(change.form == tree.form for tree in _TREES)
        case _:
            return False


def _check(unit: Unit, tree: _Tree, moved: Sequence[Document], documents: Iterable[Document]) -> None:
    above = _above(unit, tree, moved, documents)
    rows = rows_of(unit)
    for document in moved:
        own, chosen = document.top.row.id, above[document.top.row.id]
        here, seen = chosen, {own}
        while here is not None and here not in seen:
            seen.add(here)
            here = above.get(here)
        if here != own:
            continue
        if chosen == own:
            document.refuse(tree.field, RING, tree.itself)
            continue
        assert chosen is not None
        names = {"own": rows.title(tree.form, own), "chosen": rows.title(tree.form, chosen)}
        said = {language: text.format(**names) for language, text in tree.below.items()}
        document.refuse(tree.field, RING, label(**said))


def _above(
    unit: Unit, tree: _Tree, moved: Iterable[Document], documents: Iterable[Document]
) -> Mapping[int, int | None]:
    """Return who stands above whom, for those that are moved and all above them, as it will be."""
    above: dict[int, int | None] = {
        each.top.row.id: _id(each.top.row.values.get(tree.field))
        for each in documents
        if each.form.id == tree.form and (not each.is_new or each.is_restored)
    }
    # What was read before the trees were held may be of yesterday.
    table = unit.runtime.database.tables[tree.form]
    query = select(table.c.id, table.c[tree.field])
    wanted = {_id(each.top.row.values.get(tree.field)) for each in moved} - {None}
    while missing := sorted(each for each in wanted if each is not None and each not in above):
        for start in range(0, len(missing), IDS_AT_ONCE):
            some = missing[start : start + IDS_AT_ONCE]
            above.update(dict.fromkeys(some))
            found = unit.connection.execute(query.where(table.c.id.in_(some)))
            above.update((row[0], row[1]) for row in found)
        wanted = {above[each] for each in missing}
    return above


def _id(value: object) -> int | None:
    return value if isinstance(value, int) else None
