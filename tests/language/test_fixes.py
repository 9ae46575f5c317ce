"""Fixes: a safe one makes its finding go, brings none, and touches nothing outside its edits."""

import pytest

from orderkit.language.findings import Applicability, Code, Finding
from orderkit.language.findings.edits import edited, safe_fixes
from orderkit.language.findings.ledger import all_codes
from tests.language.examples import compiled, files_of

EXAMPLES = [code for code in all_codes().values() if code.bad]
FORM = "form: customer\nfields: {{name: {{type: text, label: 名称}}, {field}}}\n"


def mended(files: dict[str, str]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return the files after every safe fix, applied once, and what was found before."""
    found = compiled(files).found
    edits = [edit for fix in safe_fixes(found) for edit in fix.edits]
    return (
        {
            path: edited(text, [edit for edit in edits if edit.span.path == path])
            for path, text in files.items()
        },
        found,
    )


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: f"{code.id} {code.name}")
def test_a_safe_fix_of_an_example_leaves_nothing_to_be_found(code: Code) -> None:
    files, found = mended(files_of(code.bad))
    before = [each.code.id for each in found if each.fix is None or not each.fix.is_safe]
    assert [each.code.id for each in compiled(files).found] == before


def test_enough_examples_are_mended_to_prove_something() -> None:
    with_fix = {
        code.id
        for code in EXAMPLES
        if any(each.fix is not None and each.fix.is_safe for each in compiled(files_of(code.bad)).found)
    }
    assert with_fix >= {"OK1011", "OK1101", "OK1102", "OK1103", "OK1201", "OK1206", "OK2102", "OK3003"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("form: customer\nlabl: 客户  # ours\nfields: {name: {type: text}}\n", "label: 客户  # ours\n"),
        ('form: customer\nfields: {name: {type: text, "requird": true}}\n', '"required": true'),
        ("form: customer\nfields: {name: {type: text, required: Yes}}\n", "required: true"),
        ("form: customer\nfields: {name: {type: text, required: 'off'}}\n", "required: 'false'"),
        ("form: customer\nfields: {name: {typ: text}}\n", "{type: text}"),
        ("form: customer\nfields: {name: {type: txet}}\n", "{type: text}"),
        ("form: customer\nfields: {name: {type: text, 必填: true}}\n", "required: true"),
        ("form: customer\nlist: {columns: [名称]}\nfields: {name: {type: text, label: 名称}}\n", "[name]"),
        (
            "form: order\nfields:\n  qty: {type: integer, label: 数量}\n  two: {type: integer, virtual: 数量 * 2}\n",
            "virtual: qty * 2",
        ),
        (
            "form: order\nfields:\n  kind: {type: choice, options: {own: 自营, agent: 代理}}\n  is_own: {type: boolean, virtual: \"kind == '自营'\"}\n",
            "\"kind == 'own'\"",
        ),
        (
            "form: order\nfields: {customer: {type: ref, to: 客户}}\n# c.yaml\nform: customer\nlabel: {zh: 客户, en: Customer}\nfields: {name: {type: text}}\n",
            "to: customer",
        ),
        *(
            (
                f'form: order\nfields:\n  qty: {{type: integer, check: "value {slip} 0"}}\n',
                f'"value {meant} 0"',
            )
            for slip, meant in (
                ("<>", "!="),
                ("===", "=="),
                ("＞", ">"),
                ("> 1 &&value!=", "> 1  and value!="),
            )
        ),
        ("form: order\nfields: {name: {type: string}}\n", "type: text"),
        ("form: order\nfields: {name: {type: text， label: 名称}}\n", "type: text, label"),
        ('form: order\nfields: {Na-me: {type: text}}\ntitle: "{na_me}"\n', None),
        ("form: customer\nfields:\n\u00a0 name:\u00a0{type: text}\n", "fields:\n  name: {type: text}\n"),
        (
            "import: old\nfor: customer\ncolumns: {名称: name, 电话: phone}\n# c.yaml\nform: customer\nfields: {name: {type: text}, phone: {type: phone}}\n",
            "columns: {name: 名称, phone: 电话}",
        ),
        ("form: customer\nfields:\n\u3000name: {type: text}\n", None),
        ("form：customer\nfields: {name: {type: text}}\n", "form: customer\n"),
        ("frm: customer\nfields: {name: {type: text}}\n", "form: customer\n"),
        ("form: customer\nlist: {columns: [nam2]}\nfields: {nam1: {type: text}}\n", None),
        ("form: customer\nlist: {columns: [lone]}\nfields: {line: {type: text}, lane: {type: text}}\n", None),
        ("form: customer\nfields:\n\tname: {type: text}\n", None),
    ],
)
def test_what_is_sure_is_written_and_nothing_else(before: str, after: str | None) -> None:
    files, found = mended(files_of(before))
    assert found
    if after is None:
        assert files == files_of(before)
        return
    assert after in files["first.yaml"]
    assert compiled(files).found == ()


def test_a_byte_order_mark_goes_and_line_ends_stay() -> None:
    text = "\ufeffform: customer\r\n# 注释\r\n\r\nlabl: 客户\r\nfields: {name: {type: text}}\r\n"
    files, found = mended({"a.yaml": text})
    assert {each.code.id for each in found} == {"OK1004", "OK1201"}
    assert files["a.yaml"] == text.removeprefix("\ufeff").replace("labl", "label")


def test_a_guess_is_offered_but_not_applied() -> None:
    (found,) = compiled(
        {"a.yaml": "form: customer\nlist: {columns: [nam2]}\nfields: {nam1: {type: text}}\n"}
    ).found
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
