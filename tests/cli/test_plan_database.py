"""`orderkit plan --database`: real rows, rows that would not fit, records on their way; and nothing is written."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.cli import main
from orderkit.database.connections.urls import database_url

PROJECT = """\
project: shop
label: {zh: 商店, en: Shop}
version: 1.0.0
locale: zh-CN
timezone: Asia/Shanghai
currency: CNY
"""
CUSTOMER = """\
form: customer
label: {zh: 客户, en: Customer}
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  phone: {type: text, label: {zh: 电话, en: Phone}}
"""
LIFE = """\
workflow: life
label: {zh: 流程, en: Life}
for: customer
state: status
initial: draft
in_flight: IN_FLIGHT
states:
  draft: {label: {zh: 草稿, en: Draft}, holder: owner}
  open:  {label: {zh: 合作中, en: Open}, holder: owner}
  done:  {label: {zh: 结束, en: Done}, final: completed}
transitions:
  begin: {label: {zh: 开始, en: Begin}, from: draft, to: open, by: owner}
  end:   {label: {zh: 结束, en: End}, from: open, to: done, by: owner}
"""
WITHOUT_OPEN = (
    LIFE.replace("  open:  {label: {zh: 合作中, en: Open}, holder: owner}\n", "")
    .replace("  end:   {label: {zh: 结束, en: End}, from: open, to: done, by: owner}\n", "")
    .replace("to: open", "to: done")
)


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def write(shop: Path, *, customer: str = CUSTOMER, life: str = LIFE, in_flight: str = "pin") -> None:
    (shop / "orderkit.yaml").write_text(PROJECT, encoding="utf-8")
    (shop / "customer.yaml").write_text(customer, encoding="utf-8")
    (shop / "life.yaml").write_text(life.replace("IN_FLIGHT", in_flight), encoding="utf-8")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, databases) -> Iterator[str]:
    mark = databases.mark()
    yield databases.fresh_url(request.param)
    databases.clear(mark)


@pytest.fixture
def shop(url, tmp_path, monkeypatch, capsys) -> Path:
    """Return a built and migrated shop with twelve customers: eleven share a phone, five are open."""
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    write(tmp_path)
    assert run("build", tmp_path) == 0
    assert run("migrate", tmp_path, "--database", url) == 0
    begun = "'2026-01-01 00:00:00+00:00'" if url.startswith("postgresql") else "'2026-01-01'"
    with connected(url) as connection:
        for number in range(1, 13):
            state, phone = ("open" if number <= 5 else "draft"), ("'555'" if number < 12 else "NULL")
            connection.exec_driver_sql(
                "INSERT INTO customer (id, created_at, updated_at, revision, status, name, phone) "
                f"VALUES ({number}, {begun}, {begun}, 1, '{state}', 'c{number}', {phone})"
            )
            connection.exec_driver_sql(
                "INSERT INTO ok_workflow_instance (workflow, form, record_id, definition_hash, state, visit, "
                f"entered_at, revision) VALUES ('life', 'customer', {number}, 'x', '{state}', 1, {begun}, 1)"
            )
    capsys.readouterr()
    return tmp_path


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(database_url(url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection


def rows(url: str) -> list[tuple[object, ...]]:
    with connected(url) as connection:
        tables = sorted(sa.inspect(connection).get_table_names())
        return [
            (table, *row)
            for table in tables
            for row in sorted(map(str, connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()))
        ]


def test_rows_that_would_not_fit_are_counted_named_and_refused(shop, url, capsys):
    write(shop, customer=CUSTOMER.replace("phone: {type: text", "phone: {type: text, unique: true"))
    before = rows(url)
    assert run("plan", shop, "--database", url) == 1
    told = capsys.readouterr().out
    assert "· 12 rows" in told
    assert "· 11 rows do not fit: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and more" in told
    assert (
        "error[OK6511] rows-would-not-fit: `customer.phone`: 11 rows with values that must be unique now"
        in told
    )
    assert rows(url) == before


def test_without_a_database_nothing_is_refused_for_its_rows(shop):
    write(shop, customer=CUSTOMER.replace("phone: {type: text", "phone: {type: text, unique: true"))
    assert run("plan", shop) == 0


def test_records_that_are_pinned_are_counted_by_state(shop, url, capsys):
    write(shop, life=LIFE.replace("en: Begin}, from: draft", "en: Start}, from: draft"))
    assert run("plan", shop, "--database", url) == 0
    told = capsys.readouterr().out
    assert "· records in flight: Draft: 7, Open: 5" in told
    assert "· they keep the definition they started with" in told


def test_records_older_than_their_workflow_are_counted_where_it_migrates(shop, url, capsys):
    with connected(url) as connection:
        connection.exec_driver_sql("DELETE FROM ok_workflow_instance WHERE record_id IN (1, 2, 12)")
    write(shop, life=WITHOUT_OPEN, in_flight="migrate")
    assert run("plan", shop, "--database", url) == 1
    told = capsys.readouterr().out
    assert "· records in flight: Draft: 7, Open: 5" in told
    assert "· 5 stand in Open and have nowhere to go" in told
    assert "5 records of customer stand in it (ids 1, 2, 3, 4, 5)" in told


def test_records_of_a_state_that_goes_are_told_where_they_go(shop, url, capsys):
    life = WITHOUT_OPEN.replace("states:", "migrate: {open: draft}\nstates:")
    write(shop, life=life, in_flight="migrate")
    assert run("plan", shop, "--database", url) == 0
    assert "· 5 go from Open to Draft" in capsys.readouterr().out


def test_records_with_nowhere_to_go_are_refused_as_the_migration_would(shop, url, capsys):
    write(shop, life=WITHOUT_OPEN, in_flight="migrate")
    assert run("plan", shop, "--database", url, "--format", "json") == 1
    document = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in document["refusals"]] == ["OK6401"]
    told = [each["summary"] for entry in document["entries"] for each in entry["consequences"]]
    assert "5 stand in Open and have nowhere to go" in told


def test_a_field_that_goes_says_how_many_records_lose_a_value(shop, url, capsys):
    text = CUSTOMER.replace("  phone: {type: text, label: {zh: 电话, en: Phone}}\n", "")
    write(shop, customer=text)
    assert run("plan", shop, "--database", url) == 1
    assert "· 11 of them hold a value" in capsys.readouterr().out


def test_a_database_of_another_project_is_refused(shop, url, tmp_path_factory, capsys):
    other = tmp_path_factory.mktemp("other")
    write(other)
    text = (other / "orderkit.yaml").read_text(encoding="utf-8")
    (other / "orderkit.yaml").write_text(text.replace("project: shop", "project: other"), encoding="utf-8")
    run("build", other)
    capsys.readouterr()
    assert run("plan", other, "--database", url) == 1
    assert "belongs to the project shop" in capsys.readouterr().err


def test_a_database_at_another_state_says_that_its_counts_are_a_hint(shop, url, capsys):
    write(shop, customer=CUSTOMER + "  fax: {type: text, label: {zh: 传真, en: Fax}}\n")
    run("build", shop)
    capsys.readouterr()
    write(shop, customer=CUSTOMER + "  fax: {type: text, label: {zh: 传真, en: Fax}}\n  tax: {type: text}\n")
    assert run("plan", shop, "--database", url) == 0
    assert "this database is not at the state that the project is compared with" in capsys.readouterr().out


def test_a_missing_database_is_not_made(shop, capsys):
    missing = shop / "var" / "none.db"
    assert run("plan", shop, "--database", f"sqlite:///{missing}") == 1
    assert not missing.exists()


def test_values_that_a_move_would_leave_behind_are_counted(shop, url, capsys):
    order = "form: order\nlabel: {zh: 订单, en: Order}\nfields:\n  customer: {type: ref, to: customer}\n"
    (shop / "order.yaml").write_text(f"{order}  memo: {{type: text}}\n", encoding="utf-8")
    assert run("build", shop) == 0
    assert run("migrate", shop, "--database", url) == 0
    with connected(url) as connection:
        for customer, memo in ((1, "'a'"), ("NULL", "'b'"), ("NULL", "'c'"), ("NULL", "NULL")):
            connection.exec_driver_sql(
                'INSERT INTO "order" (created_at, updated_at, revision, customer, memo) '
                f"VALUES ('2026-01-01 00:00:00', '2026-01-01 00:00:00', 1, {customer}, {memo})"
            )
    (shop / "order.yaml").write_text(order, encoding="utf-8")
    write(shop, customer=f"{CUSTOMER}  memo: {{type: text, moved_from: order.memo}}\n")
    capsys.readouterr()
    assert run("plan", shop) == 0
    told = capsys.readouterr().out
    assert "where the reference is empty, the value goes to the shadow table only" in told
    assert run("plan", shop, "--database", url) == 0
    assert "2 values go to the shadow table only: no record takes them over" in capsys.readouterr().out
