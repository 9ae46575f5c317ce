"""`orderkit simulate`: on the database of a project, or exploring without one; nothing is changed by either."""

import json
from pathlib import Path

import pytest
import structlog

from orderkit import cli
from orderkit.cli.records_given import WrongRecords, read_records
from orderkit.model.labels import text_of
from tests.language.examples import files_of
from tests.testing.scenarios.office import OFFICE

SEED = "# seed.yaml\nseed: customers\nfor: customer\nmatch: [code]\nrows: [{code: C1}]\n"
DEMO = """
password: a-password-for-all
people:
  boss: {name: Boss, roles: lead}
  seller: {name: Seller, roles: sales, manager: boss}
steps:
  - {as: seller, create: order, set: {customer: C1, note: first, lines: [{qty: "1", price: "5"}]}}
"""


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERKIT_LANG", "en")


@pytest.fixture(autouse=True)
def _log_is_as_it_was():
    yield
    structlog.reset_defaults()


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([*map(str, words)])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """A built project with a database and people."""
    folder = tmp_path_factory.mktemp("shop")
    for path, text in files_of(OFFICE + SEED).items():
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "demo").mkdir()
    (folder / "demo" / "1.story.yaml").write_text(DEMO, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERKIT_LANG", "en")
        for command in ("build", "migrate", "demo"):
            assert run(command, folder) == 0
    return folder


def simulated(capsys, *words):
    capsys.readouterr()
    assert run("simulate", "life", *words, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)["records"]


def test_a_walk_in_words(shop, capsys):
    capsys.readouterr()
    assert run("simulate", "life", shop, "--as", "seller", "--set", "total=60000", "--pace", "0h") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].endswith("(as if total were so)")
    told = [line.split("  ", 2)[-1].strip() for line in out[1:]]
    assert told == [
        "seller  提交  草稿 → 审批中",
        "boss  approves: 主管 (the manager of the owner)  审批中 → 待产",
        "the system  passes big by itself (auto:duplicate)",
        "seller  完成  待产 → 完成",
        "ends: 完成",
    ]


def test_a_walk_for_programs(shop, capsys):
    (record,) = simulated(capsys, shop, "--as", "seller")
    assert (record["begins"], record["ends"], record["is_final"]) == ("draft", "done", True)
    assert [step["who"] for step in record["steps"]] == ["seller", "boss", "seller"]
    assert set(record["steps"][1]["why"]) == {"zh", "en"}


def test_records_that_are_there(shop, capsys):
    (record,) = simulated(capsys, shop, "--records", "order")
    assert [step["who"] for step in record["steps"]] == ["seller", "boss", "seller"]


def test_records_of_a_file(shop, capsys, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("customer,term\nC1,credit\nC1,prepaid\n", encoding="utf-8")
    credit, prepaid = simulated(capsys, shop, "--records", file, "--as", "seller")
    assert [len(each["steps"]) for each in (credit, prepaid)] == [4, 3]


def test_nothing_is_stored(shop, capsys):
    database = shop / "var" / "app.db"
    before = database.read_bytes()
    simulated(capsys, shop, "--as", "seller")
    simulated(capsys, shop, "--records", "order", "--set", "total=60000")
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["simulate", "lief", "{shop}"], 1, "there is no workflow lief; there are: life"),
        (["simulate", "life", "{shop}", "--as", "nobody"], 1, "there is no user `nobody`"),
        (["simulate", "life", "{shop}", "--set", "total"], 2, "FIELD=VALUE"),
        (["simulate", "life", "{shop}", "--pace", "soon"], 2, "4wh"),
        (["simulate", "life", "{shop}", "--records", "customer"], 1, "name the form order"),
        (["simulate", "life", "{shop}", "--write", "x"], 2, "--explore"),
        (["simulate", "life", "{shop}", "--explore", "--as", "seller"], 2, "--explore"),
        (["simulate", "life", "{shop}", "--format", "xml"], 2, "text, json"),
        (["simulate", "life", "nowhere"], 1, "nowhere"),
    ],
)
def test_wrong_words(shop, capsys, words, code, told):
    assert run(*(each.format(shop=shop) for each in words)) == code
    assert told in capsys.readouterr().err


def test_ways_are_written_and_pass(shop, tmp_path, capsys):
    """What `--explore` writes into a project is what `orderkit test` then passes, and reaches all of it."""
    project = tmp_path / "shop"
    project.mkdir()
    for path, text in files_of(OFFICE + SEED).items():
        (project / path).write_text(text, encoding="utf-8")
    capsys.readouterr()
    for _ in range(2):
        # Once more writes the same: those of the first time give place.
        assert run("simulate", "life", project, "--explore", "--write", project / "scenarios") == 0
        out = capsys.readouterr()
        assert "10 distinct ways, 10 of them pass as scenarios" in out.out
        assert "wrote 10 scenarios" in out.err
    assert run("check", project, "--strict") == 0
    assert run("test", project, "--coverage-min", "100") == 0
    assert "10 scenarios, 10 passed" in capsys.readouterr().out


def test_what_people_changed_is_not_written_over(shop, tmp_path, capsys):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    own = folder / "life_way_01.yaml"
    own.write_text("scenario: life_way_01\n", encoding="utf-8")
    assert run("simulate", "life", shop, "--explore", "--write", folder) == 1
    assert "says something else" in capsys.readouterr().err
    assert [each.name for each in folder.iterdir()] == [own.name]


def test_ways_for_programs(shop, capsys):
    capsys.readouterr()
    assert run("simulate", "life", shop, "--explore", "--limit", "2", "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["is_bounded"] is True
    assert [each["name"] for each in document["ways"]] == ["life_way_01", "life_way_02"]
    assert document["ways"][0]["scenario"].startswith("scenario: life_way_01\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "\ufeffcode,note\nC1,\nC2,x\n"),
        ("a.json", '[{"code": "C1"}, {"code": "C2", "note": "x"}]'),
        ("a.yaml", "- {code: C1}\n- {code: C2, note: x}\n"),
    ],
)
def test_files_of_records(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_records(tmp_path / name) == ({"code": "C1"}, {"code": "C2", "note": "x"})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"{"),
        ("a.json", b'{"code": 1}'),
        ("a.json", b"[]"),
        ("a.json", b"[1]"),
        ("a.yaml", b"- {a"),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b""),
    ],
)
def test_files_without_records(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(WrongRecords) as wrong:
        read_records(tmp_path / name)
    assert name in text_of(wrong.value.explain, "zh")
