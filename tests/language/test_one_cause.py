"""One cause, one finding: a broken part silences what depends on it, and nothing else."""

from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import Finding, render_concise
from orderkit.language.source import read_directory
from tests.language.examples import compiled

EXAMPLE = read_directory(Path(__file__).parents[2] / "examples" / "order-management")


def found_in(files: dict[str, bytes]) -> tuple[Finding, ...]:
    return compile_project({**EXAMPLE, **files}, built_in()).found


def paths_of(found: tuple[Finding, ...]) -> set[str]:
    return {each.path for each in found}


BREAKS = {
    "empty": lambda data: b"",
    "only a comment": lambda data: b"# later\n",
    "not closed": lambda data: data + b"\nx: [\n",
    "closed too often": lambda data: b"x: ]\n" + data,
    "not UTF-8": lambda data: data + b"# \xd6\xd0\n",
    "a list": lambda data: b"- a\n- b\n",
    "a text": lambda data: b"hello\n",
    "no kind": lambda data: b"\n".join(data.split(b"\n")[1:]) if data[:1] != b"#" else b"label: x\n",
    "an unknown kind": lambda data: b"thing: x\nlabel: y\n",
    "an unknown key": lambda data: data.rstrip(b"\n") + b"\nno_such_word: 1\n",
    "a tab": lambda data: data.rstrip(b"\n") + b"\nhelp:\tx\n" if b"\nhelp:" not in data else b"\t" + data,
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("path", [each for each in EXAMPLE if each.endswith(".yaml")])
def test_a_broken_file_is_found_in_that_file_alone(path: str, name: str) -> None:
    found = found_in({path: BREAKS[name](EXAMPLE[path])})
    assert found, "a file is not broken in silence"
    assert paths_of(found) == {path}, render_concise(found)


# Path, what is written, what somebody wrote instead, and the code of the only finding.
MISTAKES = [
    ("orderkit.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Peking", "OK2006"),
    ("forms/customer.yaml", "type: text", "type: txt", "OK2101"),
    ("forms/product.yaml", "form: product", "form: product\nlabl: x", "OK1201"),
    ("forms/receipt.yaml", "to: order,", "to: ordre,", "OK2101"),
    ("roles/planner.yaml", "order:", "oder:", "OK2101"),
    ("menus/main.yaml", "report: sales", "report: sale", "OK2101"),
    ("reports/history.yaml", "time: ordered_on", "time: orderd_on", "OK3003"),
    ("integrations/shipped.yaml", "{carrier}", "{carier}", "OK3003"),
    ("seeds/departments.yaml", "for: department", "for: departmnt", "OK2101"),
    ("workflows/receipt_life.yaml", "to: confirmed", "to: confirmd", "OK2101"),
]


# What speaks of a form stays silent while the form is broken.
DEPENDANTS = {
    "forms/receipt.yaml": {"workflows/receipt_life.yaml"},
}


def spoilt(path: str, old: str, new: str) -> bytes:
    text = EXAMPLE[path].decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def test_ten_mistakes_in_ten_files_are_ten_findings() -> None:
    found = found_in({path: spoilt(path, old, new) for path, old, new, _ in MISTAKES})
    assert sorted((each.path, each.code.id) for each in found) == sorted(
        (path, code) for path, _, _, code in MISTAKES
    ), render_concise(found)


@pytest.mark.parametrize(("path", "old", "new", "code"), MISTAKES)
def test_a_mistake_is_found_once_and_by_itself(path: str, old: str, new: str, code: str) -> None:
    found = found_in({path: spoilt(path, old, new)})
    assert [(each.path, each.code.id) for each in found] == [(path, code)], render_concise(found)


@pytest.mark.parametrize("path", [path for path, *_ in MISTAKES])
def test_what_is_broken_hides_no_mistake_of_another_file(path: str) -> None:
    others = [each for each in MISTAKES if each[0] not in {path, *DEPENDANTS.get(path, ())}]
    files = {other: spoilt(other, old, new) for other, old, new, _ in others}
    found = found_in({**files, path: EXAMPLE[path] + b"\nx: [\n"})
    assert {each.path for each in found} >= files.keys(), render_concise(found)


FIELDS = "form: order\nfields:\n"
SLIPS = {
    "a no-break space indents a key": (
        {"order.yaml": FIELDS + "\u00a0\u00a0name: {type: text}\n\u00a0\u00a0total: {type: money}\n"},
        ("OK1010", 3, 1),
    ),
    "a no-break space among spaces": (
        {"order.yaml": FIELDS + "  name: {type: text}\n \u00a0total: {type: money}\n"},
        ("OK1010", 4, 2),
    ),
    "a no-break space below a field": (
        {
            "order.yaml": FIELDS
            + "  name:\n    type: text\n\u00a0\u00a0\u00a0\u00a0label: x\n  b: {type: text}\n"
        },
        ("OK1010", 5, 1),
    ),
    "a full-width space behind a colon": (
        {"order.yaml": FIELDS + "  name:\u3000{type: text}\n  total: {type: money}\n"},
        ("OK1010", 3, 8),
    ),
    "a field without its type, which stands below it": (
        {"order.yaml": FIELDS + "  name:\n  type: text\n  label: Name\n  total: {type: money}\n"},
        ("OK1203", 3, 8),
    ),
    "an id with a hyphen that the number uses": (
        {
            "order.yaml": 'form: order\nnumber: "{Order-No}-{seq:4}"\nfields: {Order-No: {type: text}, ok: {type: text}}\n'
        },
        ("OK2003", 3, 10),
    ),
    "an id with a space that an expression uses": (
        {"order.yaml": FIELDS + "  my name: {type: text}\n  ok: {type: text, compute: lower(my name)}\n"},
        ("OK2003", 3, 3),
    ),
    "columns of an import the wrong way round": (
        {
            "order.yaml": FIELDS + "  code: {type: text, required: true}\n  total: {type: money}\n",
            "old.yaml": "import: old\nfor: order\nmatch: [code]\ncolumns: {编号: code, 金额: total}\n",
        },
        ("OK2102", 4, 11),
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_one_finding_where_it_was_made(slip: str) -> None:
    files, (code, line, column) = SLIPS[slip]
    found = compiled(files).found
    assert [(each.code.id, each.span.line, each.span.column) for each in found] == [(code, line, column)], (
        render_concise(found)
    )


def test_odd_spaces_within_texts_are_nobodys_business() -> None:
    text = 'form: order\nlabel: "a\u00a0\n  \u00a0b: c"\nfields:\n  name: {type: text, help: 5\u00a0kg}\n'
    assert compiled({"order.yaml": text}).found == ()


def test_two_fields_without_a_type_are_two_findings() -> None:
    found = compiled({"order.yaml": FIELDS + "  name:\n  total:\n  due: {type: date}\n"}).found
    assert [(each.code.id, each.span.line) for each in found] == [("OK1203", 3), ("OK1203", 4)]
