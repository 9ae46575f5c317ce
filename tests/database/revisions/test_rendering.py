"""What a revision looks like to tools: clean for ruff and mypy, and with SQL in which nothing is left open."""

import subprocess
import sys
from pathlib import Path

import pytest

from orderkit.database.revisions.rendering import Heading, render_revision
from tests.database.projects import difference

ROOT = Path(__file__).parents[3]
HEADING = Heading(number="0002", previous="0001", starts_from="a" * 64, leads_to="b" * 64)

BEFORE = """
# customer.yaml
form: customer
fields: {code: {type: text, unique: true}, region: {type: text}}
# order.yaml
form: order
fields:
  customer: {type: ref, to: customer}
  kind: {type: choice, options: [std, custom, old]}
  note: {type: text}
  qty: {type: text}
  rate: {type: decimal, scale: 2}
  due: {type: date}
  carrier: {type: text}
  lines: {type: lines, fields: {amount: {type: money}}}
  total: {type: money, compute: "sum(lines.amount)"}
"""
AFTER = """
# customer.yaml
form: customer
fields: {code: {type: text, unique: true}, region: {type: text}}
# order.yaml
form: order
fields:
  customer: {type: ref, to: customer}
  kind:
    type: choice
    options: {urgent: {label: u, renamed_from: std}, slow: s, custom: c}
    backfill: "'slow' if contains(remark, '%s :x {x}') else 'urgent'"
  remark: {type: text, renamed_from: note}
  qty: {type: integer}
  rate: {type: decimal, scale: 4, required: true, default: 1.5, backfill: "total * 1.5"}
  due: {type: integer, convert: "number(replace(value, '-', ''))"}
  placed: {type: date, required: true, backfill: "today()"}
  seen: {type: datetime, required: true, default: "2025-01-01 08:00"}
  wait: {type: duration, required: true, default: 2h}
  region: {type: text, backfill: "customer.region"}
  flag: {type: boolean, default: true}
  lines: {type: lines, fields: {amount: {type: money}, carrier: {type: text, moved_from: order.carrier}}}
  total: {type: money, compute: "sum(lines.amount) * 2"}
  big: {type: boolean, compute: "total > 1000.55"}
"""


@pytest.fixture(scope="module")
def text() -> str:
    found = difference(BEFORE, AFTER, "order.kind.old")
    assert found.problems == ()
    return render_revision(HEADING, found)


def test_ruff_and_mypy_find_nothing(text, tmp_path):
    path = tmp_path / "revision_0002.py"
    path.write_text(text, encoding="utf-8")
    for tool in (["ruff", "check", "--isolated", "--select", "E4,E7,E9,F,I,UP,B"], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *tool, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "piece",
    [
        'table.rename_column("note", "remark", form="order")',
        'table.change_type("qty", ok.CodePointText, sa.BigInteger())',
        'ok.rename_options("order", "order", "kind", {"std": "urgent"})',
        'ok.retire_option("order", "order", "kind", "old", path="order.kind.old")',
        'ok.move_column("order", "carrier", "order__lines", "carrier", link="order", link_in="target")',
        'ok.fill_by("order", "placed", source="today()", sqlite=":today", postgresql=":today")',
        'ok.fill("order", "rate", ok.ExactDecimal(4), Decimal("1.5000"))',
        "source=\"number(replace(value, '-', ''))\"",
        "raise ok.Irreversible(",
        'retires = ("order.carrier", "order.kind.old")',
        "is_safe_for_older = False",
    ],
)
def test_a_revision_says_what_happens(text, piece):
    assert piece in text


def test_values_are_written_into_the_sql_and_nothing_else_is_open(text):
    assert "'%s :x {x}'" in text
    assert ":param" not in text
    assert "%%" not in text
