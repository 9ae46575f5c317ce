"""Ten different mistakes in one project are ten findings, each with its exact place, for people and for tools."""

import json
from typing import Any

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import render_concise, render_json

FILES = {
    "orderkit.yaml": """\
project: shop
label: {zh: 小店, en: Shop}
timezone: Asia/Peking
""",
    "forms/customer.yaml": """\
form: customer
label: {zh: 客户, en: Customer}
fields:
  name: {type: text, label: 名称, requird: true}
  level: {type: choice, label: 等级, options: [普通, 重要], default: 重点}
""",
    "forms/order.yaml": """\
form: order
label: {zh: 订单, en: Order}
title: "{no} {customer.name}"
fields:
  no: {type: text, label: 单号}
  customer: {type: ref, to: 客户, label: 客户}
  qty: {type: integer, label: 数量, check: "qty > value2"}
  qty: {type: decimal, label: 数量}
  total: {type: money, label: 合计, compute: "qty * no"}
""",
    "workflows/life.yaml": """\
workflow: life
for: order
state: status
initial: draft
states:
  draft: {label: 草稿, holder: role(seller)}
  done: {label: 完成, final: completed}
transitions:
  finish: {label: 完成, from: draft, to: finished, by: manager_of(owner, 2)}
""",
}

# Path, code, line, and the very characters that are underlined.
EXPECTED = [
    ("forms/customer.yaml", "OK1201", 4, "requird"),
    ("forms/customer.yaml", "OK3102", 5, "重点"),
    ("forms/order.yaml", "OK2101", 6, "客户"),
    ("forms/order.yaml", "OK3003", 7, "value2"),
    ("forms/order.yaml", "OK1012", 8, "qty"),
    ("forms/order.yaml", "OK3006", 9, "qty * no"),
    ("orderkit.yaml", "OK2006", 3, "Asia/Peking"),
    ("workflows/life.yaml", "OK2101", 6, "seller"),
    ("workflows/life.yaml", "OK2101", 9, "finished"),
    ("workflows/life.yaml", "OK1101", 9, "manager_of(owner, 2)"),
]


def test_each_mistake_is_found_once_at_its_place() -> None:
    found = compile_project({path: text.encode() for path, text in FILES.items()}, built_in()).found
    report = json.loads(render_json(found))
    assert report["version"] == 1
    places = [
        (each["path"], each["code"], each["start"]["line"], _underlined(each)) for each in report["findings"]
    ]
    assert places == EXPECTED, render_concise(found)


def _underlined(finding: dict[str, Any]) -> str:
    assert finding["start"]["line"] == finding["end"]["line"]
    line = FILES[finding["path"]].splitlines()[finding["start"]["line"] - 1]
    return line[finding["start"]["column"] - 1 : finding["end"]["column"] - 1]


def test_every_finding_says_what_to_do_in_both_languages() -> None:
    found = compile_project({path: text.encode() for path, text in FILES.items()}, built_in()).found
    for finding in found:
        assert set(finding.headline) == {"zh", "en"}
        assert finding.headline["zh"] != finding.headline["en"]
    chinese = json.loads(render_json(found, "zh"))["findings"]
    assert chinese[0]["headline"] == "text 字段没有 `requird` 这个键"
    assert chinese[0]["help"] == "是不是 `required`？"
