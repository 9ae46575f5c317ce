"""What is proposed for the headings of a sheet, and what is left to the person."""

import pytest

from orderkit.engine.importing.matching.fillable import fillable_paths
from orderkit.engine.importing.matching.likeness import likeness
from orderkit.engine.importing.matching.mapping import plan_of
from orderkit.engine.importing.matching.proposing import (
    Certainty,
    Earlier,
    SheetHeading,
    missing_paths,
    propose,
)
from orderkit.engine.importing.reading.cells import heading_key
from orderkit.model.project import Project
from tests.engine.importing.trading import PROJECT
from tests.support.projects import example, project

SURE, CHOSEN, PROPOSED, NOTHING = Certainty.SURE, Certainty.CHOSEN, Certainty.PROPOSED, Certainty.NOTHING


def proposed(
    headings: str,
    name: str = "order",
    within: Project | None = None,
    earlier: dict[str, Earlier] | None = None,
    in_rules: tuple[str, ...] = (),
) -> dict[str, tuple[str, Certainty]]:
    """Return path and certainty by heading; headings stand between blanks."""
    of = within or example()
    texts = headings.split("|")
    found = propose(
        [SheetHeading(column=at, texts=(text,)) for at, text in enumerate(texts)],
        fillable_paths(of, plan_of(of, name)),
        earlier={heading_key(text): each for text, each in (earlier or {}).items()},
        in_rules={heading_key(text) for text in in_rules},
    )
    assert [each.column for each in found] == list(range(len(texts)))
    paths = [each.path for each in found if each.path]
    assert len(paths) == len(set(paths))
    return {text: (each.path, each.certainty) for text, each in zip(texts, found, strict=True)}


@pytest.mark.parametrize(
    ("heading", "path", "certainty"),
    [
        ("外部单号", "external_no", SURE),
        ("External number", "external_no", SURE),
        ("external_no", "external_no", SURE),
        ("EXTERNAL NO.", "external_no", SURE),
        ("＊外部 单号", "external_no", SURE),
        ("外部单号*", "external_no", SURE),
        ("数量", "lines.qty", SURE),
        ("明细.数量", "lines.qty", SURE),
        ("明细数量", "lines.qty", SURE),
        ("lines.qty", "lines.qty", SURE),
        ("客户", "customer", SURE),
        ("客户编码", "customer.code", SURE),
        ("Customer code", "customer.code", SURE),
        ("customer.code", "customer.code", SURE),
        ("客户名称", "customer.name", SURE),
        ("产品编码", "lines.product.code", SURE),
        ("数量(个)", "lines.qty", PROPOSED),
        ("数量【箱】", "lines.qty", PROPOSED),
        ("单价（元）", "lines.price", PROPOSED),
        ("Unit price (USD)", "lines.price", PROPOSED),
        ("客户编号", "customer.code", PROPOSED),
        ("Customer no.", "customer.code", PROPOSED),
        ("下单时间", "ordered_on", PROPOSED),
        ("Order date", "ordered_on", PROPOSED),
        ("交期", "need_by", PROPOSED),
        ("Remarks", "note", PROPOSED),
        ("商品编号", "lines.product.code", PROPOSED),
        ("含税单价", "lines.price", PROPOSED),
        ("付款方法", "", NOTHING),
        ("日期", "", NOTHING),
        ("经度", "", NOTHING),
        ("Colour", "", NOTHING),
        ("!!!", "", NOTHING),
        ("合计", "", NOTHING),
    ],
)
def test_a_heading_is_proposed_for(heading: str, path: str, certainty: Certainty) -> None:
    assert proposed(heading)[heading] == (path, certainty)


def test_headings_that_are_alike_are_not_swapped() -> None:
    for headings in ("客户名称|客户编码", "客户编码|客户名称", "客户编号|客户名", "客户名|客户编号"):
        found = proposed(headings)
        code, name = sorted(headings.split("|"), key=lambda each: "编" not in each)
        assert found[code][0] == "customer.code"
        assert found[name][0] == "customer.name"
    found = proposed("Customer no|Customer name", "customer")
    assert (found["Customer no"][0], found["Customer name"][0]) == ("code", "name")
    assert likeness("Customer no", "Customer name") < likeness("Customer no", "Customer code")


@pytest.mark.parametrize(
    ("headings", "open_"),
    [
        ("单价(USD)|单价(CNY)", {"单价(USD)", "单价(CNY)"}),
        ("单价|单价(CNY)", {"单价(CNY)"}),
        ("客户|客户编码", {"客户"}),
        ("客户编码|Customer code", {"客户编码", "Customer code"}),
        ("日期|数量", {"日期"}),
    ],
)
def test_what_is_not_clear_is_left_to_the_person_with_what_it_may_be(headings: str, open_: set[str]) -> None:
    found = proposed(headings)
    assert {text for text, (path, _) in found.items() if not path} == open_
    of = example()
    told = propose(
        [SheetHeading(column=at, texts=(text,)) for at, text in enumerate(headings.split("|"))],
        fillable_paths(of, plan_of(of, "order")),
    )
    assert all(each.why is not None and "可能是" in each.why["zh"] for each in told if not each.path)


class TestEarlier:
    def test_what_was_chosen_before_comes_first(self) -> None:
        earlier = {
            "日期": Earlier(path="need_by", is_own=True),
            "数量": Earlier(path="", is_own=True),
            "经办": Earlier(path="salesperson", is_own=False),
            "老字段": Earlier(path="gone", is_own=True),
        }
        assert proposed("日期|数量|经办|老字段|交货日期", earlier=earlier) == {
            "日期": ("need_by", CHOSEN),
            "数量": ("", CHOSEN),
            "经办": ("salesperson", PROPOSED),
            "老字段": ("", NOTHING),
            "交货日期": ("", NOTHING),
        }

    def test_two_headings_that_once_filled_the_same_do_not_both_do_so_now(self) -> None:
        earlier = {each: Earlier(path="note", is_own=True) for each in ("甲", "乙")}
        assert proposed("甲|乙", earlier=earlier) == {"甲": ("", NOTHING), "乙": ("", NOTHING)}


class TestMapping:
    def test_its_own_headings_are_sure_and_so_is_what_its_rules_read(self) -> None:
        headings = "单号|客户编码|客户名称|日期|产品|数量|单价|备注"
        found = proposed(headings, "history", PROJECT)
        assert {text: path for text, (path, _) in found.items()} == {
            "单号": "external",
            "客户编码": "customer.code",
            "客户名称": "customer.name",
            "日期": "ordered_on",
            "产品": "lines.product",
            "数量": "lines.qty",
            "单价": "lines.price",
            "备注": "",
        }
        assert {certainty for text, (_, certainty) in found.items() if text != "备注"} == {SURE}
        assert proposed("行类型", "history", PROJECT, in_rules=("行类型",))["行类型"] == ("", SURE)

    def test_a_field_that_it_leaves_out_may_be_chosen_but_is_not_proposed(self) -> None:
        paths = {each.path: each for each in fillable_paths(PROJECT, plan_of(PROJECT, "notes"))}
        assert not paths["external"].is_mapped
        assert paths["customer"].is_mapped
        assert proposed("外部单号|备注", "notes", PROJECT)["外部单号"] == ("", NOTHING)

    def test_a_heading_under_which_two_paths_stand_is_one_choice(self) -> None:
        both = project(
            "form: thing\nfields: {code: {type: text, unique: true}, name: {type: text}}",
            "import: things\nfor: thing\nmatch: [code]\ncolumns: {code: No, name: No}",
        )
        assert proposed("No", "things", both) == {"No": ("code", SURE)}
        assert [each.path for each in fillable_paths(both, plan_of(both, "things"))] == ["code"]


def test_what_the_system_or_an_expression_fills_is_not_offered() -> None:
    paths = {each.path for each in fillable_paths(example(), plan_of(example(), "order"))}
    assert {"number", "customer", "customer.code", "customer.name", "lines.product.code"} <= paths
    assert not paths & {"total", "status", "lines.amount", "lines.cost", "contract", "created_at"}
    assert not any(path.startswith("salesperson.") for path in paths)


@pytest.mark.parametrize(
    ("paths", "missing"),
    [
        (set(), {"customer", "need_by"}),
        ({"customer.code", "need_by"}, set()),
        ({"customer", "need_by", "lines.price"}, {"lines.product", "lines.qty"}),
        ({"customer", "need_by", "lines.qty", "lines.product.code"}, set()),
    ],
)
def test_what_must_be_filled_and_is_not_is_told(paths: set[str], missing: set[str]) -> None:
    fillable = fillable_paths(example(), plan_of(example(), "order"))
    assert {each.path for each in missing_paths(fillable, paths)} == missing


def test_what_a_mapping_matches_by_is_needed_and_what_it_sets_is_not() -> None:
    fillable = fillable_paths(example(), plan_of(example(), "online_retail"))
    assert {each.path for each in missing_paths(fillable, {"customer.code"})} == {"external_no"}
