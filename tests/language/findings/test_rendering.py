"""How findings are shown, apart from how they are found."""

import json

import pytest

from orderkit.language.findings import (
    ERROR,
    Code,
    Finding,
    Note,
    Span,
    did_you_mean,
    in_order,
    render_concise,
    render_human,
    render_json,
)
from orderkit.language.findings.formats.human import SHOWN_AT_MOST
from orderkit.model.labels import label

CODE = Code("OK9999", "unknown-field", ERROR, since="0.1", explain="Prose.", zh="说明。")
SOURCE = 'form: order\nlabel: "订单 {totl}"\n'
FINDING = Finding(
    code=CODE,
    span=Span("forms/order.yaml", 2, 13, 2, 17),
    headline=label(zh="没有字段 `totl`", en="no field `totl`"),
    help=label(zh="是不是 `total`？", en="did you mean `total`?"),
    mark=label(zh="找不到", en="not found"),
    notes=(
        Note(
            text=label(zh="在这里声明", en="`order` is declared here"),
            span=Span("forms/order.yaml", 1, 7, 1, 12),
        ),
    ),
)


def test_people_see_the_line_and_the_very_characters() -> None:
    assert render_human([FINDING], {"forms/order.yaml": SOURCE}) == (
        "error[OK9999] unknown-field: no field `totl`\n"
        "  --> forms/order.yaml:2:13\n"
        "   |\n"
        ' 2 | label: "订单 {totl}"\n'
        "   |               ^^^^ not found\n"
        "   |\n"
        "  ::: forms/order.yaml:1:7   `order` is declared here\n"
        " 1 | form: order\n"
        "   |       -----\n"
        "  help: did you mean `total`?\n"
    )


def test_chinese_characters_take_two_cells_under_which_to_draw() -> None:
    finding = Finding(code=CODE, span=Span("a.yaml", 1, 3, 1, 5), headline=label(zh="错", en="wrong"))
    lines = render_human([finding], {"a.yaml": "a 客户 b"}, "zh").splitlines()
    assert lines[0].endswith(": 错")
    assert lines[-1] == "   |   ^^^^"


def test_a_finding_without_its_file_is_shown_without_lines() -> None:
    assert render_human([FINDING], {}).splitlines()[:2] == [
        "error[OK9999] unknown-field: no field `totl`",
        "  --> forms/order.yaml:2:13",
    ]


def test_concise_is_one_line_each() -> None:
    assert (
        render_concise([FINDING], "zh")
        == "forms/order.yaml:2:13: error[OK9999] unknown-field: 没有字段 `totl`\n"
    )


def test_json_is_as_the_command_promises() -> None:
    start, end = {"line": 2, "column": 13}, {"line": 2, "column": 17}
    first, last = {"line": 1, "column": 7}, {"line": 1, "column": 12}
    assert json.loads(render_json([FINDING], sources={"forms/order.yaml": SOURCE})) == {
        "version": 1,
        "valid": False,
        "error_count": 1,
        "warning_count": 0,
        "hint_count": 0,
        "findings": [
            {
                "code": "OK9999",
                "name": "unknown-field",
                "severity": "error",
                "summary": "no field `totl`",
                "detail": "did you mean `total`?",
                "headline": "no field `totl`",
                "help": "did you mean `total`?",
                "range": {"filename": "forms/order.yaml", "start": start, "end": end},
                "path": "forms/order.yaml",
                "start": start,
                "end": end,
                "snippet": {
                    "context": None,
                    "code": 'label: "订单 {totl}"',
                    "start_line": 2,
                    "highlight_start_offset": 12,
                    "highlight_end_offset": 16,
                },
                "notes": [
                    {
                        "text": "`order` is declared here",
                        "range": {"filename": "forms/order.yaml", "start": first, "end": last},
                        "path": "forms/order.yaml",
                        "start": first,
                        "end": last,
                    }
                ],
                "fix": None,
            }
        ],
    }


def test_findings_are_sorted_and_said_once() -> None:
    later = Finding(code=CODE, span=Span("forms/order.yaml", 3, 1, 3, 2), headline=label(en="b"))
    other = Finding(code=CODE, span=Span("a.yaml", 9, 1, 9, 2), headline=label(en="c"))
    assert in_order([later, FINDING, other, FINDING]) == (other, FINDING, later)


def test_a_flood_is_cut_off() -> None:
    many = [Finding(code=CODE, span=Span("a", n, 1, n, 2), headline=label(en="x")) for n in range(1, 260)]
    shown = render_human(many, {})
    assert shown.endswith("and 59 more\n")
    assert shown.count("error[") == SHOWN_AT_MOST


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("custommer", ["customer", "order"], "did you mean `customer`?"),
        ("Total", ["total"], "did you mean `total`?"),
        ("xyz", ["customer", "order"], "known here: `customer`, `order`"),
        ("xyz", [], None),
        ("xyz", [f"name{n}" for n in range(50)], None),
    ],
)
def test_what_was_probably_meant(written: str, known: list[str], meant: str | None) -> None:
    found = did_you_mean(written, known)
    assert (None if found is None else found["en"]) == meant


def test_a_label_is_recognized() -> None:
    found = did_you_mean("客户", ["customer"], {"客户": "customer"})
    assert found is not None
    assert "write the id `customer`" in found["en"]
