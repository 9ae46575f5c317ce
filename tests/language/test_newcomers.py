"""What newcomers write: one finding for each mistake, in words that help somebody who knows no YAML."""

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.model.labels import text_of

PROJECT = b"project: shop\nlocale: zh-CN\n"
ORDER = """form: order
fields:
  buyer: {type: text, label: 买方, required: true}
  qty: {type: integer, label: 数量}
"""
IMPORT = "import: old\nfor: order\nsheet: 订单\nmatch: [buyer]\ncolumns: {%s: 客户, qty: 数量}\n"
LIFE = """workflow: life
for: order
state: status
initial: draft
states: {draft: {}, review: {approval: check}, done: {final: completed}, gone: {final: cancelled}}
transitions: {place: {from: draft, to: review, by: owner}}
approvals:
  check:
    approved: {to: done}
    rejected: {to: gone}
    steps: [{id: boss, approvers: admin}]
"""

# What was written, the code of the only finding, its place, and words of its headline or help.
MISTAKES = {
    "an indent too many": (
        {"order.yaml": ORDER.replace("  qty", "   qty")},
        "OK1010 4:4",
        "这一行的缩进与上面对不上",
    ),
    "a bracket not closed": (
        {"order.yaml": ORDER.replace("required: true}", "required: true")},
        "OK1010 3:10",
        "`{` 没有闭合",
    ),
    "a quote not closed": (
        {"order.yaml": ORDER.replace("label: 买方", 'label: "买方')},
        "OK1010 3:30",
        "引号没有闭合",
    ),
    "a Chinese comma": (
        {"order.yaml": ORDER.replace("text, label", "text， label")},
        "OK1010 3:21",
        "改成英文逗号加空格",
    ),
    "no space behind a colon": (
        {"order.yaml": ORDER + "title:abc\nlist: {columns: [qty]}\n"},
        "OK1010 5:1",
        "冒号后留一个空格",
    ),
    "a conflict of git": (
        {"order.yaml": ORDER + "<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n"},
        "OK1010 5:1",
        "git 合并冲突",
    ),
    "a type of another system": (
        {"order.yaml": ORDER.replace("integer", "number")},
        "OK2101 4:15",
        "写成 `decimal` / `integer`",
    ),
    "if and then": (
        {"order.yaml": f'{ORDER}  a: {{type: integer, compute: "if qty > 1 then qty"}}\n'},
        "OK3001 5:32",
        "值 if 条件 else 另一个值",
    ),
    "IF of a spreadsheet": (
        {"order.yaml": f'{ORDER}  a: {{type: integer, compute: "IF(qty > 1, qty, 0)"}}\n'},
        "OK3004 5:32",
        "值 if 条件 else 另一个值",
    ),
    "braces of a template engine": (
        {"order.yaml": f'{ORDER}  a: {{type: integer, compute: "{{{{ qty }}}}"}}\n'},
        "OK3001 5:32",
        "不要花括号",
    ),
    "a call without =": (
        {"order.yaml": f"{ORDER}  a: {{type: date, default: today()}}\n"},
        "OK3102 5:28",
        "`=today()`",
    ),
    "a bare role": ({"order.yaml": ORDER, "life.yaml": LIFE}, "OK4001 11:35", "`role(admin)`"),
    "an id in capitals": (
        {"order.yaml": ORDER.replace("qty:", "Qty:") + 'title: "{qty}"\n'},
        "OK2003 4:3",
        "`qty`",
    ),
    "a label for the id of a form": (
        {"order.yaml": ORDER.replace("form: order", "form: 订单"), "old.yaml": IMPORT % "buyer"},
        "OK2003 1:7",
        "文字写到 `label` 里",
    ),
    "a column of no field": (
        {"order.yaml": ORDER, "old.yaml": IMPORT % "client"},
        "OK2102 5:11",
        "没有字段 `client`",
    ),
    "nothing behind a key": (
        {"order.yaml": "form: order\nfields:\n"},
        "OK1203 2:8",
        "多缩进两个空格",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_finding_says_where_and_how_to_mend(name: str) -> None:
    files, place, words = MISTAKES[name]
    written = {path: text.encode() for path, text in files.items()}
    found = compile_project({"orderkit.yaml": PROJECT, **written}, built_in()).found
    assert [f"{each.code.id} {each.span.line}:{each.span.column}" for each in found] == [place]
    text = text_of(found[0].headline, "zh") + text_of(found[0].help or {"zh": ""}, "zh")
    assert words in text
    assert "while parsing" not in text


def test_many_files_that_say_nothing_take_no_longer_each() -> None:
    """Lost files are looked for everywhere, which must not grow with their square."""
    files = {f"a{number}.yaml": b"lbl: x\n" for number in range(1500)}
    found = compile_project({"orderkit.yaml": PROJECT, **files}, built_in()).found
    assert {each.code.id for each in found} == {"OK2001"}
    assert len(found) == len(files)
