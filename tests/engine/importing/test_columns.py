"""Files that are read by the columns that somebody chose: the choice, its memory, and what is kept of it as YAML."""

from dataclasses import replace
from pathlib import Path

import pytest

from orderkit.database.schema.system_tables import import_run
from orderkit.engine.importing import runs, transitions
from orderkit.engine.importing.grouping import DraftRecord
from orderkit.engine.importing.matching.chosen import choice_problems, plan_with
from orderkit.engine.importing.matching.proposing import Certainty
from orderkit.engine.importing.options import ChosenColumns, DateOrder, Options
from orderkit.engine.importing.preparing import find_sheet, prepare
from orderkit.engine.importing.preview import preview
from orderkit.engine.importing.proposals import Proposals, proposals_for
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.run import run
from orderkit.engine.importing.runs import RunState, find_run
from orderkit.engine.importing.saving import free_id, mapping_text
from orderkit.engine.importing.transitions import BY_PEOPLE
from orderkit.engine.runtime import SYSTEM
from orderkit.language.source.directory import read_directory
from orderkit.model.errors import Refused
from tests.engine.importing.trading import PROJECT, STAFF, Shop, write_csv, write_xlsx
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import EXAMPLE, compiled, example, project

HEADINGS = ("客户编号", "名字", "级别", "老编号")
CUSTOMERS = (("K1", "晨光", "3", "x"), ("K2", "远航", "4", "y"))
PATHS = {0: "code", 1: "name", 2: "level", 3: ""}


def looked_at(shop: Shop, path: Path, name: str = "customer", login: str | None = None) -> Proposals:
    with shop.office.look(login) as unit:
        return proposals_for(unit, name, path)


def chosen(paths: dict[int, str], headings: tuple[str, ...] = HEADINGS, row: int = 1) -> ChosenColumns:
    return ChosenColumns(header_rows=(row,), paths=paths, headings=dict(enumerate(headings)))


@pytest.fixture
def customers(shop: Shop) -> Path:
    return write_csv(shop.folder / "old.csv", HEADINGS, *CUSTOMERS)


def test_each_heading_comes_with_values_and_a_proposal(shop: Shop, customers: Path) -> None:
    found = looked_at(shop, customers)
    assert [(each.name, each.samples, each.proposal.path) for each in found.columns] == [
        ("客户编号", ("K1", "K2"), "code"),
        ("名字", ("晨光", "远航"), "name"),
        ("级别", ("3", "4"), ""),
        ("老编号", ("x", "y"), ""),
    ]
    assert not found.is_sure
    assert not found.by_headings


def test_headings_are_found_below_a_title_though_none_is_exact(shop: Shop) -> None:
    rows = [("二〇二六年客户一览",), (), HEADINGS, *CUSTOMERS]
    found = looked_at(shop, write_xlsx(shop.folder / "t.xlsx", {"甲": rows}))
    assert found.header_rows == (3,)
    unknown = [("清单",), ("甲", "乙", "丙"), ("1", "2", "3")]
    assert looked_at(shop, write_xlsx(shop.folder / "u.xlsx", {"甲": unknown})).header_rows == (2,)


def test_a_choice_is_previewed_imported_and_kept_with_the_run(shop: Shop, customers: Path) -> None:
    options = Options(columns=chosen(PATHS))
    with shop.office.look(None) as unit:
        seen = preview(unit, "customer", customers, options=options)
    assert [each.path for each in seen.columns] == ["code", "name", "level", None]
    result = shop.load(customers, "customer", options=options)
    assert (result.state, result.created, result.warnings) == (RunState.DONE, 2, ())
    assert shop.stored("customer", "code", "name", "level")[-2:] == [("K1", "晨光", 3), ("K2", "远航", 4)]
    with shop.office.look(None) as unit:
        assert find_run(unit, result.run_id).options == options
    assert shop.load(customers, "customer", options=options).unchanged == 2


def test_a_run_that_broke_off_goes_on_with_its_choice(shop: Shop, customers: Path) -> None:
    options = Options(columns=chosen(PATHS))
    with shop.office.act(None) as unit:
        run_id = runs.open_run(
            unit,
            mapping="customer",
            file_name=customers.name,
            digest=runs.digest_of(customers),
            is_dry=False,
            options=options,
        )
        transitions.break_off(unit, run_id)
    result = run(
        shop.office.runtime,
        SYSTEM,
        "customer",
        customers,
        run_id=run_id,
        expected={*BY_PEOPLE, RunState.WAITING},
    )
    assert (result.state, result.created) == (RunState.DONE, 2)


def test_the_newest_own_choice_is_proposed_again_that_of_others_only_as_a_proposal(any_shop: Shop) -> None:
    path = write_csv(any_shop.folder / "old.csv", HEADINGS, *CUSTOMERS)
    root = any_shop.office.person("root")
    for person, paths in (
        (root, {0: "code", 1: "", 3: "name"}),
        (root, {0: "code", 1: "name", 3: "level"}),
        (SYSTEM, {0: "code", 1: "name", 3: "tax_no"}),
    ):
        run(
            any_shop.office.runtime,
            person,
            "customer",
            path,
            dry_run=True,
            options=Options(columns=chosen(paths)),
        )

    def seen(login: str | None) -> dict[str, tuple[str, Certainty]]:
        columns = looked_at(any_shop, path, login=login).columns
        return {each.name: (each.proposal.path, each.proposal.certainty) for each in columns}

    assert seen("root")["老编号"] == ("level", Certainty.CHOSEN)
    assert seen("root")["名字"] == ("name", Certainty.CHOSEN)
    assert seen(None)["老编号"] == ("tax_no", Certainty.CHOSEN)
    with any_shop.office.act(None) as unit:
        unit.connection.execute(import_run.delete().where(import_run.c.created_by.is_(None)))
    assert seen(None)["老编号"] == ("level", Certainty.PROPOSED)


def test_a_file_as_the_mapping_wants_it_needs_no_look(untouched_shop: Shop) -> None:
    rows = [("编码", "名称", "等级"), ("K1", "晨光", "1")]
    path = write_xlsx(untouched_shop.folder / "m.xlsx", {"甲": [("标题",), (), *rows]})
    assert looked_at(untouched_shop, path, "receipts_of_others").by_headings
    more = [(*rows[0], "其它"), (*rows[1], "x")]
    path = write_xlsx(untouched_shop.folder / "n.xlsx", {"甲": [("标题",), (), *more]})
    assert not looked_at(untouched_shop, path, "receipts_of_others").by_headings


def test_rules_of_a_mapping_read_the_column_that_was_chosen_in_the_place_of_theirs(
    untouched_shop: Shop,
) -> None:
    headings = ("Invoice", "Customer", "日期", "产品", "数量", "单价")
    rows = [headings, ("P1", "C1", "2026-03-01", "P1", "2", "1"), ("合计", "", "", "", "", "")]
    path = write_xlsx(untouched_shop.folder / "r.xlsx", {"历史": rows})
    paths = dict(
        enumerate(("external", "customer.code", "ordered_on", "lines.product", "lines.qty", "lines.price"))
    )
    options = Options(columns=chosen(paths, headings))
    with untouched_shop.office.look(None) as unit:
        seen = preview(unit, "history", path, options=options)
    assert seen.missing == ()
    (record,) = seen.records
    assert record.values["status"] == "已下单"


@pytest.mark.parametrize(
    ("paths", "codes"),
    [
        ({0: "", 1: ""}, ["required"]),
        ({0: "colour"}, ["unknown_field"]),
        ({0: "status"}, ["unknown_field"]),
        ({0: "total"}, ["unknown_field"]),
        ({0: "note", 1: "note"}, ["duplicate"]),
        ({0: "customer", 1: "customer.code"}, ["ambiguous"]),
        ({0: "customer.code", 1: "customer.name"}, []),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused_with_the_reason(
    paths: dict[int, str], codes: list[str]
) -> None:
    columns = chosen(paths)
    assert [each.code for each in choice_problems(PROJECT, "order", columns)] == codes
    if codes:
        with pytest.raises(Refused):
            plan_with(PROJECT, "order", columns)


def test_columns_that_nothing_reads_are_told_unless_somebody_chose_that(shop: Shop) -> None:
    path = write_csv(shop.folder / "p.csv", ("code", "name", "颜色"), ("X1", "螺栓", "红"))
    told = [(each.code, each.cell) for each in shop.load(path, "product", dry_run=True).warnings]
    assert told == [("not_imported", "C1")]
    columns = chosen({0: "code", 1: "name", 2: ""}, ("code", "name", "颜色"))
    assert shop.load(path, "product", dry_run=True, options=Options(columns=columns)).warnings == ()


def test_dates_that_may_be_read_in_several_orders_are_asked_about(untouched_shop: Shop) -> None:
    path = write_csv(untouched_shop.folder / "d.csv", ("客户", "日期"), ("C1", "03/04/2026"))
    assert looked_at(untouched_shop, path, "order").asks_dates
    path = write_csv(untouched_shop.folder / "e.csv", ("客户", "日期"), ("C1", "2026-04-03"))
    assert not looked_at(untouched_shop, path, "order").asks_dates


def test_only_fields_that_one_may_write_are_offered_and_proposed(databases, tmp_path: Path) -> None:
    guarded = project(
        """
form: customer
fields:
  code: {type: text, unique: true}
  level: {type: integer}
  note: {type: text}
  cost: {type: money}
""",
        """
role: clerk
forms: {customer: {create: true, read: true, update: true, import: true, hide: [cost], readonly: [level]}}
""",
    )
    staff = (Staff(login="root", roles=("admin",)), Staff(login="ann", roles=("clerk",)))
    shop = Shop(
        open_office(guarded, databases.make(guarded, "sqlite"), tmp_path / "files", FakeClock(), staff),
        tmp_path,
    )
    path = write_csv(tmp_path / "g.csv", ("code", "level", "note", "cost"), ("K1", "1", "x", "2"))
    run(
        shop.office.runtime, SYSTEM, "customer", path, options=Options(columns=chosen({0: "code", 3: "cost"}))
    )
    found = looked_at(shop, path, login="ann")
    assert [each.path for each in found.fillable] == ["code", "note"]
    assert [each.proposal.path for each in found.columns] == ["code", "", "note", ""]
    assert [each.path for each in looked_at(shop, path, login="root").fillable] == [
        "code",
        "level",
        "note",
        "cost",
    ]


def test_choices_are_kept_as_they_were_made() -> None:
    options = Options(sheet="甲", keep_good=True, dates=DateOrder.DAY, columns=chosen(PATHS))
    assert Options.from_json(options.to_json()) == options


class TestSaving:
    CSV = EXAMPLE / "data" / "2010-12-01.csv"
    PATHS = (
        "external_no",
        "lines.product.code",
        "",
        "lines.qty",
        "ordered_on",
        "lines.price",
        "customer.code",
        "",
    )

    @pytest.mark.parametrize(("name", "title_rows"), [("order", 0), ("order", 3)])
    def test_what_is_saved_compiles_and_reads_the_same_records(
        self, databases, tmp_path: Path, name: str, title_rows: int
    ) -> None:
        lines = self.CSV.read_text(encoding="utf-8").splitlines()[:400]
        path = tmp_path / "orders.csv"
        title = ["InvoiceNo,InvoiceNo,InvoiceNo"] * title_rows
        path.write_text("\n".join([*title, *lines]) + "\n", encoding="utf-8")
        headings = tuple(lines[0].split(","))
        columns = ChosenColumns(
            header_rows=(title_rows + 1,),
            paths=dict(enumerate(self.PATHS)),
            headings=dict(enumerate(headings)),
        )
        office = open_office(
            example(), databases.make(example(), "sqlite"), tmp_path / "files", FakeClock(), STAFF[:1]
        )
        plan = plan_with(example(), name, columns)
        found = find_sheet(plan, path, sheet=None, limits=Limits(), columns=columns)
        text = mapping_text(example(), name, "my_orders", found.sheet, columns)
        again = compiled({**dict(read_directory(EXAMPLE)), "imports/my_orders.yaml": text.encode()})
        saved = plan_with(again, "my_orders", None)
        with office.look(None) as unit:
            first = prepare(unit, plan, found)
            second = prepare(unit, saved, find_sheet(saved, path, sheet=None, limits=Limits()))
        assert len(first.drafts) > 10
        assert [_shown(each) for each in first.drafts] == [_shown(each) for each in second.drafts]
        assert first.reader.binding.matches(plan) == second.reader.binding.matches(saved)

    def test_the_rows_of_the_headings_are_written_only_where_they_would_not_be_found(
        self, shop: Shop
    ) -> None:
        columns = chosen(PATHS)
        sheet = looked_at(shop, write_csv(shop.folder / "a.csv", HEADINGS, *CUSTOMERS)).sheet
        assert "header_rows" not in mapping_text(PROJECT, "customer", "mine", sheet, columns)
        rows = (HEADINGS, ("客户编号", "名字", "级别", "-"), *CUSTOMERS)
        sheet = looked_at(shop, write_csv(shop.folder / "b.csv", *rows)).sheet
        text = mapping_text(PROJECT, "customer", "mine", sheet, replace(columns, header_rows=(2,)))
        assert "header_rows: [2]" in text

    def test_numbers_of_the_file_make_it_an_import_of_history(self, untouched_shop: Shop) -> None:
        headings = ("单号", "客户: 名", "日期")
        path = write_csv(untouched_shop.folder / "n.csv", headings, ("SO-1", "C1", "2026-03-01"))
        columns = chosen({0: "number", 1: "customer", 2: "ordered_on"}, headings)
        sheet = looked_at(untouched_shop, path, "order").sheet
        text = mapping_text(PROJECT, "order", "numbered", sheet, columns)
        assert "match: [number]" in text
        assert '  customer: "客户: 名"' in text
        assert text.endswith("history: {}\n")

    def test_what_no_column_fills_any_more_is_not_matched_by(self, untouched_shop: Shop) -> None:
        headings = ("编码", "名称")
        path = write_xlsx(untouched_shop.folder / "x.xlsx", {"甲": [("标题",), (), headings, ("K1", "晨光")]})
        sheet = looked_at(untouched_shop, path, "receipts_of_others").sheet
        whole, part = chosen({0: "code", 1: "name"}, headings, 3), chosen({0: "", 1: "name"}, headings, 3)
        assert "match: [code]\nheader_rows: [3]\n" in mapping_text(
            PROJECT, "receipts_of_others", "mine", sheet, whole
        )
        assert "match" not in mapping_text(PROJECT, "receipts_of_others", "mine", sheet, part)
        named = mapping_text(PROJECT, "receipts_of_others", "mine", sheet, whole, is_sheet_named=True)
        assert "sheet: 甲\n" in named or 'sheet: "甲"\n' in named

    def test_what_plain_values_a_mapping_has_are_kept(self, untouched_shop: Shop) -> None:
        headings = ("No", "客户", "日期", "类型", "备注", "产品", "数量", "单价")
        paths = (
            "external",
            "customer",
            "ordered_on",
            "kind",
            "note",
            "lines.product",
            "lines.qty",
            "lines.price",
        )
        path = write_csv(untouched_shop.folder / "v.csv", headings, ("1", "C1", "2026-03-01", "普通"))
        sheet = looked_at(untouched_shop, path, "orders").sheet
        text = mapping_text(PROJECT, "orders", "mine", sheet, chosen(dict(enumerate(paths)), headings))
        assert "match: [external, customer]" in text
        assert 'values:\n  kind: {"普通": "standard", "特殊": "custom"}' in text

    def test_what_cannot_be_written_is_refused_with_the_reason(self, untouched_shop: Shop) -> None:
        twice = ("名称", "名称")
        sheet = looked_at(
            untouched_shop, write_csv(untouched_shop.folder / "w.csv", twice, ("K1", "x"))
        ).sheet
        for name, columns, code in (
            ("customer", chosen({0: "code", 1: "name"}, twice), "duplicate_heading"),
            ("history", chosen({0: "external"}, ("单号",)), "has_rules"),
        ):
            with pytest.raises(Refused) as caught:
                mapping_text(PROJECT, name, "mine", sheet, columns)
            assert code in {each.code for each in caught.value.problems}
        with pytest.raises(Refused):
            mapping_text(PROJECT, "customer", "Not an id", sheet, chosen({0: "code"}, ("a", "b")))

    def test_an_id_is_made_that_is_free(self) -> None:
        assert free_id(PROJECT, "orders") == "orders_2"
        assert free_id(PROJECT, "2026 Old-List") == "import_2026_old_list"
        assert free_id(PROJECT, "客户") == "import"


def _shown(draft: DraftRecord) -> tuple[object, ...]:
    """Return a draft with what its references name, which are objects of one reading."""

    def plain(values: dict[str, object]) -> dict[str, object]:
        return {name: getattr(value, "text", value) for name, value in values.items()}

    lines = {name: [(line.row, plain(line.values)) for line in rows] for name, rows in draft.lines.items()}
    return tuple(draft.rows), plain(draft.values), lines
