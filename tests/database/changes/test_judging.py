"""What every kind of change means: how careful, who waits, who may go on, what must hold of the rows."""

import typing
from dataclasses import replace

import pytest

from orderkit.database.changes.checks import Casts, Matches, NotChosen, NotEmpty, OneValue, Refers, Unique
from orderkit.database.changes.judging import Judgement, Lock, Severity, judge
from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddOptions,
    AlterColumn,
    Change,
    CreateTable,
    DropBalances,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    FormFromLines,
    LinesFromForm,
    MakeBalances,
    MergeOptions,
    MoveColumn,
    Recompute,
    RecomputeBefore,
    RemoveOptions,
    RenameColumn,
    RenameOptions,
    RenameTable,
    ReorderOptions,
    RestoreColumn,
    RestoreOption,
    RestoreTable,
    Retarget,
    RetireColumn,
    RetireOption,
    RetireTable,
    SplitOption,
)
from orderkit.database.schema.tables import Column, ForeignKey, FormTable, Index
from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Number, Text

ID = Column(name="id", kind=ColumnKind.INTEGER, is_nullable=False, is_id=True)
TEXT = Column(name="a", kind=ColumnKind.TEXT)
WHOLE = Column(name="a", kind=ColumnKind.INTEGER)
MONEY = Column(name="a", kind=ColumnKind.DECIMAL, scale=2)
TRUTH = Column(name="a", kind=ColumnKind.BOOLEAN, is_nullable=False, backfill=False)
LINK = Column(name="link", kind=ColumnKind.REFERENCE)
KEY = ForeignKey(name="t__link_fkey", column="link", target="u")
PLAIN = Index(name="t__a_idx", columns=("a",))
ONE = Index(name="t__a_key", columns=("a",), is_unique=True)
X = Literal("x", Text())


def table(name: str, *columns: Column, **rest) -> FormTable:
    return FormTable(name=name, form=name, columns=(ID, *columns), **rest)


def required(column: Column, backfill=None) -> Column:
    return replace(column, is_nullable=False, backfill=backfill)


T, U = table("t", TEXT, LINK), table("u", TEXT)
OLD = {"t": T, "u": U}
SAFE, BACKFILL, BREAKING, DESTRUCTIVE = Severity
NONE, BRIEF, LONG = Lock


def add(column: Column, **rest) -> AddColumn:
    return AddColumn(table="t", column=replace(column, name="new"), **rest)


def alter(old: Column, new: Column, **rest) -> AlterColumn:
    return AlterColumn(table="t", form="t", old=old, new=new, **rest)


def of_column(kind: type[Change], **rest) -> Change:
    return kind(table="t", form="t", column="a", **rest)


MOVED = MoveColumn(
    form="t", table="t", column="a", to_form="u", to_table="u", to_column="b", link="link", is_down=False
)
FORMULA = Recompute(
    table="t",
    form="t",
    column="a",
    formula=Literal(1, Number()),
    before=None,
    old_table="t",
    old_form="t",
    old_column="a",
)
RENAMED = {"old": "t", "new": "w", "old_form": "t", "new_form": "w"}

ROWS = [
    (CreateTable(table=table("w")), SAFE, NONE, True, True, ()),
    (DropTable(table=T), DESTRUCTIVE, BRIEF, False, False, ()),
    (RetireTable(table=T), DESTRUCTIVE, LONG, False, True, ()),
    (RestoreTable(table=T), SAFE, LONG, True, True, ()),
    (RenameTable(**RENAMED), BREAKING, BRIEF, False, True, ()),
    (
        LinesFromForm(**RENAMED, link="link"),
        BREAKING,
        BRIEF,
        False,
        True,
        (NotEmpty(table="t", column="link"),),
    ),
    (FormFromLines(**RENAMED, link="link"), BREAKING, BRIEF, False, True, ()),
    (add(TEXT), SAFE, BRIEF, True, True, ()),
    (add(TEXT, filled_by=X), BACKFILL, BRIEF, True, True, ()),
    (add(TEXT, filled_by=X, is_computed=True), BACKFILL, BRIEF, False, True, ()),
    (add(required(TEXT, "x")), BACKFILL, BRIEF, False, True, ()),
    (add(required(TEXT), filled_by=X), BACKFILL, BRIEF, False, True, ()),
    (add(TRUTH), SAFE, BRIEF, True, True, ()),
    (add(replace(TRUTH, backfill=True)), BACKFILL, BRIEF, True, True, ()),
    (DropColumn(table="t", column=TEXT), DESTRUCTIVE, BRIEF, False, False, ()),
    (RetireColumn(table="t", form="t", column=TEXT, path="t.a"), DESTRUCTIVE, LONG, False, True, ()),
    (RestoreColumn(table="t", form="t", column=TEXT, path="t.a"), SAFE, LONG, True, True, ()),
    (RenameColumn(table="t", form="t", old="a", new=TEXT), BREAKING, BRIEF, False, True, ()),
    (alter(TEXT, required(TEXT)), BREAKING, BRIEF, False, True, (NotEmpty(table="t", column="a"),)),
    (alter(TEXT, required(TEXT, "x")), BACKFILL, BRIEF, False, True, ()),
    (alter(TEXT, required(TEXT), filled_by=X), BACKFILL, BRIEF, False, True, ()),
    (alter(required(TEXT), TEXT), SAFE, BRIEF, True, True, ()),
    (alter(TEXT, WHOLE), BREAKING, LONG, False, True, (Casts(table="t", old=TEXT, new=WHOLE),)),
    (alter(WHOLE, TEXT), BREAKING, LONG, False, True, ()),
    (alter(WHOLE, MONEY), BACKFILL, LONG, False, True, (Casts(table="t", old=WHOLE, new=MONEY),)),
    (alter(MONEY, WHOLE), BREAKING, LONG, False, True, (Casts(table="t", old=MONEY, new=WHOLE),)),
    (alter(TEXT, WHOLE, convert=X), BREAKING, LONG, False, False, ()),
    (of_column(AddOptions, options=("x",)), SAFE, NONE, True, True, ()),
    (
        of_column(RemoveOptions, options=("x",)),
        BREAKING,
        BRIEF,
        False,
        True,
        (NotChosen(table="t", column="a", option="x"),),
    ),
    (of_column(ReorderOptions, old=("x", "y"), new=("y", "x")), SAFE, NONE, True, True, ()),
    (of_column(RenameOptions, mapping=(("x", "y"),)), BREAKING, BRIEF, False, True, ()),
    (of_column(SplitOption, option="x", into=("y", "z"), by=X), BREAKING, BRIEF, False, True, ()),
    (of_column(MergeOptions, option="x", merged=("y", "z")), BREAKING, BRIEF, False, False, ()),
    (of_column(RetireOption, option="x", path="t.a.x"), DESTRUCTIVE, LONG, False, True, ()),
    (of_column(RestoreOption, option="x", path="t.a.x"), SAFE, LONG, True, True, ()),
    (MOVED, BREAKING, BRIEF, False, True, (OneValue(table="t", column="a", link="link"),)),
    (replace(MOVED, is_down=True), BREAKING, BRIEF, False, True, ()),
    (
        Retarget(table="t", form="t", column="link", old_target="u", new_target="t", key="a"),
        BREAKING,
        BRIEF,
        False,
        True,
        (Matches(table="t", column="link", old_target="u", new_target="t", key="a"),),
    ),
    (FORMULA, BACKFILL, BRIEF, False, True, ()),
    (RecomputeBefore(undone=FORMULA), BACKFILL, BRIEF, False, True, ()),
    (MakeBalances(table=T, is_anew=False), SAFE, NONE, True, True, ()),
    (MakeBalances(table=T, is_anew=True), BACKFILL, LONG, False, True, ()),
    (DropBalances(table=T, is_anew=True), BACKFILL, BRIEF, False, True, ()),
    (DropBalances(table=T, is_anew=False), SAFE, BRIEF, False, True, ()),
    (AddIndex(table="t", index=PLAIN), SAFE, NONE, True, True, ()),
    (AddIndex(table="t", index=ONE), BREAKING, BRIEF, False, True, (Unique(table="t", columns=("a",)),)),
    (DropIndex(table="t", index=ONE), SAFE, BRIEF, True, True, ()),
    (DropIndex(table="t", index=PLAIN), SAFE, BRIEF, True, True, ()),
    (
        AddForeignKey(table="t", key=KEY),
        BREAKING,
        BRIEF,
        False,
        True,
        (Refers(table="t", column="link", target="u"),),
    ),
    (DropForeignKey(table="t", key=KEY), SAFE, BRIEF, True, True, ()),
]


@pytest.mark.parametrize(
    ("change", "severity", "lock", "is_safe_for_older", "is_reversible", "checks"),
    ROWS,
    ids=[f"{type(row[0]).__name__} {row[1].name.lower()}" for row in ROWS],
)
def test_what_a_change_means(change, severity, lock, is_safe_for_older, is_reversible, checks):  # noqa: PLR0917 - a row
    found = judge(change, OLD, OLD)
    assert found == Judgement(
        severity=severity,
        lock=lock,
        is_safe_for_older=is_safe_for_older,
        is_reversible=is_reversible,
        reason=found.reason,
        checks=checks,
        left_behind=found.left_behind,
    )
    assert found.reason["zh"] != found.reason["en"]


def test_every_kind_of_change_is_in_the_table():
    assert {type(row[0]) for row in ROWS} == set(typing.get_args(Change))


class TestWhatStandsAround:
    """The same change means more or less by what the tables were."""

    def test_a_key_of_a_column_that_is_new_and_empty_is_safe(self):
        after = {**OLD, "t": replace(T, columns=(*T.columns, replace(TEXT, name="b")))}
        index = Index(name="t__b_key", columns=("b",), is_unique=True)
        assert judge(AddIndex(table="t", index=index), OLD, after).severity is SAFE

    def test_a_key_of_a_column_that_is_filled_alike_is_not(self):
        after = {**OLD, "t": replace(T, columns=(*T.columns, required(replace(TEXT, name="b"), "x")))}
        index = Index(name="t__b_key", columns=("b",), is_unique=True)
        assert judge(AddIndex(table="t", index=index), OLD, after).severity is BREAKING

    def test_more_columns_of_what_is_unique_already_are_unique(self):
        before = {**OLD, "t": replace(T, indexes=(ONE,))}
        index = Index(name="t__a__link_key", columns=("a", "link"), is_unique=True)
        assert judge(AddIndex(table="t", index=index), before, OLD).severity is SAFE

    def test_a_reference_by_another_name_is_the_same(self):
        before = {**OLD, "t": replace(T, foreign_keys=(KEY,))}
        renamed = replace(LINK, name="to", renamed_from="link")
        after = {**OLD, "t": replace(T, columns=(ID, TEXT, renamed))}
        key = replace(KEY, column="to")
        assert judge(AddForeignKey(table="t", key=key), before, after).severity is SAFE

    def test_checks_bear_the_names_of_before(self):
        after_table = replace(
            T,
            name="w",
            form="w",
            renamed_from="t",
            columns=(ID, replace(TEXT, name="b", renamed_from="a"), LINK),
        )
        column = replace(TEXT, name="b")
        change = AlterColumn(table="w", form="w", old=column, new=required(column))
        found = judge(change, OLD, {"w": after_table, "u": U})
        assert found.checks == (NotEmpty(table="t", column="a"),)

    def test_an_option_of_a_required_field_goes_only_if_nobody_has_it(self):
        strict = {**OLD, "t": replace(T, columns=(ID, required(TEXT)))}
        change = RetireOption(table="t", form="t", column="a", option="x", path="t.a.x")
        assert judge(change, strict, strict).checks == (NotChosen(table="t", column="a", option="x"),)
