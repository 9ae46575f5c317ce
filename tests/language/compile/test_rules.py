"""Rules of a form that changed: seen with the files around it, they are right only if all files say so."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generated import generated_project
from orderkit.catalog import built_in
from orderkit.language.cache.entry import Entry, read, written
from orderkit.language.cache.sameness import FIELD_RULES, still_holds
from orderkit.language.compile import compile_project
from orderkit.language.compile.rules import are_right
from orderkit.language.findings import Finding
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, load_file
from orderkit.language.source.directory import read_directory
from tests.language.mutations.mutating import mutants, written_anew
from tests.support.progress import Progress
from tests.support.projects import EXAMPLE

ORDER = """\
form: order
label: 订单
number: "N{seq:4}"
fields:
  customer: {type: ref, to: customer}
  kind:  {type: choice, options: [a, b]}
  qty:   {type: integer, required: true, check: "value > 0"}
  total: {type: money, required: true}
  each:  {type: money, required: true, compute: "total / qty"}
  paid:  {type: boolean, visible_if: "status == 'open'"}
  note:  {type: text, required_if: "customer.limit > 10", readonly_if: "total > 5"}
  lines:
    type: lines
    fields: {no: {type: integer, check: "value < 100 and order.qty > 2"}}
checks: [{that: "total > 2 and qty < 1000", error: 太少, at: total}]
list: {columns: [kind, paid, note, each]}
"""
SHOP: Mapping[str, bytes] = {
    "orderkit.yaml": b"project: shop\n",
    "forms/order.yaml": ORDER.encode(),
    "forms/customer.yaml": b"form: customer\nfields: {name: {type: text}, limit: {type: money}, boss: {type: ref, to: person}}\n",
    "forms/person.yaml": b"form: person\nfields: {name: {type: text}, level: {type: integer}}\n",
    "workflows/life.yaml": b"workflow: life\nfor: order\nstate: status\ninitial: open\n"
    b"states: {open: {}, done: {final: completed}}\ntransitions: {finish: {from: open, to: done, by: owner}}\n",
    "roles/all.yaml": b"role: all\nforms: {order: {create: true, read: true, update: true},"
    b" customer: {read: true, update: true, create: true}, person: {read: true, create: true, update: true}}\n",
}


def checked(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    return compile_project(files, built_in()).found


def holds(files: Mapping[str, bytes], new: Mapping[str, bytes]) -> bool:
    """Whether the check of a project without findings still holds after changes, without checking anew."""
    entry: Entry | None = read(b"".join(written("tool", files, ())), "tool")
    assert entry is not None
    changed = entry.changed(new)
    assert changed is not None
    return still_holds(entry, new, changed, lambda *asked: are_right(*asked, built_in()))


def test_the_shop_is_clean() -> None:
    assert [each.headline["en"] for each in checked(SHOP)] == []


@pytest.mark.parametrize(
    ("old", "new", "is_certain"),
    [
        ("value > 0", "value > 1", True),
        ("value > 0", "value > 0 and value < 50", True),
        ("value < 100", "value < 200", True),
        ("order.qty > 2", "order.qty >= 3", True),
        ("total > 2 and qty < 1000", "qty < 1000 or total > 99", True),
        ("status == 'open'", "status != 'open'", True),
        ("customer.limit > 10", "customer.limit > 20.5", True),
        ("total > 5", "total * 2 > 5", True),
        # Zero comes in or goes out, and somebody may divide by it.
        ("value > 0", "value >= 0", False),
        ("value > 0", "value > -1", False),
        # Never, always, by zero.
        ("value < 100", "value < 100 and value > 200", False),
        ("total > 5", "total > 5 or total <= 5", False),
        ("total > 5", "total / 0 > 5", False),
        # Another name, another option, another type, no expression.
        ("total > 5", "qty > 5", False),
        ("status == 'open'", "status == 'done'", False),
        ("status == 'open'", "status == 'opne'", False),
        ("total > 5", "total > 'x'", False),
        ("total > 5", "total", False),
        ("total > 5", "total >", False),
        # A rule that was not there, or is not any more.
        (', check: "value > 0"', "", False),
        ("type: text, required_if", 'type: text, visible_if: "total > 1", required_if', False),
        # What is no rule.
        ("total / qty", "total / qty + 1", False),
        ("integer, required", "decimal, required", False),
    ],
)
def test_what_is_certain_without_all_files(old: str, new: str, is_certain: bool) -> None:
    assert ORDER.count(old) == 1
    files = {**SHOP, "forms/order.yaml": ORDER.replace(old, new).encode()}
    assert holds(SHOP, files) is is_certain
    assert not (is_certain and checked(files))


def test_what_stands_two_references_away_is_not_certain() -> None:
    was = {**SHOP, "forms/order.yaml": ORDER.replace("total > 5", "customer.boss.level > 5").encode()}
    new = {**SHOP, "forms/order.yaml": ORDER.replace("total > 5", "customer.boss.level > 'x'").encode()}
    assert checked(was) == ()
    assert checked(new)
    assert not holds(was, new)


def test_one_text_in_two_places_is_not_certain() -> None:
    text = """\
form: tick
fields:
  no:   {type: integer, check: &small "value != 0"}
  name: {type: integer, check: *small}
  kind: {type: choice, options: [a, b], visible_if: "no > 0"}
list: {columns: [no, name, kind]}
"""
    was = {**SHOP, "forms/tick.yaml": text.encode()}
    assert not holds(was, {**was, "forms/tick.yaml": text.replace("!= 0", "!= 7").encode()})


def test_a_project_with_findings_is_checked_anew() -> None:
    new = {**SHOP, "forms/order.yaml": ORDER.replace("value > 0", "value > 1").encode()}
    faulty = {**SHOP, "forms/note.yaml": b"form: note\nfields: {name: {type: text, requird: true}}\n"}
    entry = read(b"".join(written("tool", faulty, checked(faulty))), "tool")
    assert entry is not None
    assert not still_holds(entry, {**faulty, **new}, ["forms/order.yaml"], lambda *_: True)


PROJECTS = {"example": dict(read_directory(EXAMPLE)), "shop": SHOP, "generated": generated_project(10)}


def rules(files: Mapping[str, bytes]) -> Iterator[ScalarNode]:
    """Yield the rules of all forms of a project, wherever they stand."""
    names = {key.name for key in FIELD_RULES} | {"that"}
    for path, data in sorted(files.items()):
        if data.startswith(b"form:") or b"\nform:" in data:
            file = load_file(path, data).value
            assert file is not None
            for document in file.documents:
                yield from _rules(document, names, "")


def _rules(node: Node, names: set[str], key: str) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            if key in names and "\n" not in node.text:
                yield node
        case SequenceNode(items=items):
            for item in items:
                yield from _rules(item, names, key)
        case MappingNode(entries=entries):
            for name, value in entries:
                yield from _rules(value, names, name.text)


RULES = {name: list(rules(files)) for name, files in PROJECTS.items()}
_NUMBER, _NAME = re.compile(r"\b\d+(\.\d+)?\b"), re.compile(r"\b[a-z_]+(\.[a-z_]+)*\b")
_OPERATOR = re.compile(r"[<>=!]=|[<>]")
_SPICE = ("0", "1", "-1", "99999999999999999999", "0.5", "1.25", "'x'", "null", "true", "me", "today()")


Pick = Callable[[Sequence[Any]], Any]


def changed_rule(pick: Pick) -> tuple[str, dict[str, bytes]]:
    """Return a project's name and its files with one rule changed, rightly or wrongly."""
    name = pick(sorted(PROJECTS))
    node = pick(RULES[name])
    text = node.text
    for _ in range(pick((1, 2))):
        text = _slip(text, pick)
    source = node.source.text
    changed = f'{source[: node.start]}"{text}"{source[node.end :]}'
    return name, {**PROJECTS[name], node.source.path: changed.encode()}


def _slip(text: str, pick: Pick) -> str:
    """Return a rule with something in it that is other than before."""
    where = pick((_NUMBER, _NAME, _OPERATOR, None))
    found = [] if where is None else list(where.finditer(text))
    if not found:
        joined = pick(("and", "or"))
        return pick((f"not ({text})", f"{text} {joined} {text}", f"({text}) {joined} 1 < 2"))
    match = pick(found)
    names = [each[0] for each in _NAME.finditer(text)]
    instead = pick(("<", "<=", ">", ">=", "==", "!=") if where is _OPERATOR else (*_SPICE, *names))
    return text[: match.start()] + instead + text[match.end() :]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_holds_without_all_files_holds_with_them(data: st.DataObject) -> None:
    name, files = changed_rule(lambda choices: data.draw(st.sampled_from(choices)))
    if holds(PROJECTS[name], files):
        assert checked(files) == ()


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_a_slip_anywhere_after_which_a_check_holds_is_none(name: str) -> None:
    base = written_anew(PROJECTS[name])
    certain = [new for new in slips(name, 600 // len(PROJECTS)) if holds(base, new)]
    assert certain
    assert [checked(new) for new in certain] == [()] * len(certain)


@pytest.mark.soak
def test_thousands_of_slips(progress: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    """2,000 changed rules, and 1,000 slips anywhere in each project."""
    certain = 0
    chance = random.Random(1)
    bases = {name: written_anew(files) for name, files in PROJECTS.items()}
    tried = [(PROJECTS[name], files) for name, files in (changed_rule(chance.choice) for _ in range(2000))]
    tried += [(bases[name], new) for name in PROJECTS for new in slips(name, 1000)]
    for was, new in tried:
        if holds(was, new):
            certain += 1
            assert checked(new) == ()
        progress.step(of=len(tried))
    with capsys.disabled():
        print(f"    {certain:,} of {len(tried):,} checks still held, and all rightly")  # noqa: T201 - what the proof is for


def slips(name: str, count: int) -> Iterator[Mapping[str, bytes]]:
    """Yield projects with one slip in them, a fixed sample of all that can be made."""
    every = list(mutants(PROJECTS[name]))
    base = written_anew(PROJECTS[name])
    for slip in random.Random(name).sample(every, min(len(every), count)):
        yield slip.made(base).files


# Who may look at what a rule says: who checks it, and who is told in `orderkit.language.compile.rules`.
_READERS = {
    "cache/sameness.py": "which texts are rules",
    "compile/forms/fields.py": "checks those of fields",
    "compile/forms/forms.py": "checks those of forms",
    "compile/rules.py": "checks them alone",
    "compile/lints/expressions/divisions.py": "asks whether a check keeps zero out",
    "compile/lints/expressions/comparisons.py": "looks at each expression by itself",
    "compile/lints/permissions/row_rules.py": "asks whether a rule shows a field, not when",
    "compile/lints/usage.py": "which fields are read, and where",
    "compile/lints/unused/fields.py": "which fields are read",
    "compile/exchange/sheets.py": "how many checks there are",
    "compile/workflows/workflows.py": "reads guards with the same words",
    "compile/places/checking.py": "notes each expression",
    "compile/ledgers/keys.py": "notes what it names itself",
    "spec/mentions.py": "keeps the notes",
    "spec/parts/field.py": "declares the words",
    "spec/kinds/form.py": "declares the words",
}
_READS_RULES = re.compile(
    r"\.(?:checks|visible_if|required_if|readonly_if)\b|usage\.(?:expressions|readers)\b|mentions\.expressions\b"
    r"|\b(?:checks|visible_if|required_if|readonly_if)\s*=[^=]|\b(?:VISIBLE_IF|REQUIRED_IF|READONLY_IF|CHECK_THAT|CHECKS)\b|\bwords\.CHECK\b"
)


def test_nobody_else_looks_at_what_rules_say() -> None:
    root = Path(__file__).parents[3] / "orderkit" / "language"
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if _READS_RULES.search(path.read_text(encoding="utf-8"))
    }
    assert found - _READERS.keys() == set(), (
        "say in `compile.rules` why it finds nothing new after a rule changed"
    )
