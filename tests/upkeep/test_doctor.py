"""The doctor: says in words what somebody did to a database by hand, and touches nothing."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.schema.system_tables import retired
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.upkeep.doctor.examining import Examination, examine
from tests.support.trade import trade
from tests.upkeep.conftest import Shop, keep_file

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def examined(shop: Shop, model: Project | None = None, **changed) -> Examination:
    known = model or trade()
    database = Database.open(shop.url, known, built_in())
    options = {"model_hash": model_hash(trade()), "files": shop.files, "now": NOW, **changed}
    found = examine(database, known, built_in(), shop.folder / "migrations", **options)
    database.close()
    return found


def said(shop: Shop, **changed) -> list[tuple[str, str]]:
    """Return the code and the place of everything that is said, each in both languages."""
    found = examined(shop, **changed).found
    assert all(each.words.keys() == {"zh", "en"} for each in found)
    return [(each.code.id, each.place) for each in found]


def do(shop: Shop, *statements: str) -> None:
    """Do something by hand."""
    engine = open_engine(shop.parsed).execution_options(orderkit_writes=True)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            for statement in statements:
                connection.exec_driver_sql(statement)
    engine.dispose()


def test_of_a_database_that_is_well_nothing_is_said(shop):
    examination = examined(shop)
    assert examination.found == ()
    assert examination.is_well


def test_what_was_changed_by_hand_is_named_and_what_is_there_beyond_does_no_harm(shop):
    do(shop, "ALTER TABLE product ADD COLUMN remark TEXT")
    assert said(shop) == [("OK6600", "product.remark")]
    assert examined(shop).is_well
    do(shop, "ALTER TABLE customer DROP COLUMN phone", "DROP TABLE ok_rate_bucket")
    assert said(shop) == [
        ("OK6600", "ok_rate_bucket"),
        ("OK6600", "customer.phone"),
        ("OK6600", "product.remark"),
    ]
    assert not examined(shop).is_well


def test_another_build_at_the_same_revision_is_a_note(shop):
    assert said(shop, model_hash="f" * 64) == [("OK6601", "")]
    assert examined(shop, model_hash="f" * 64).is_well


def test_one_that_may_not_be_served_is_said_by_the_code_of_serving(shop):
    do(shop, "UPDATE ok_setting SET value = 'another' WHERE name = 'project'")
    assert said(shop) == [("OK6702", "")]
    do(shop, "UPDATE ok_setting SET value = 'shop' WHERE name = 'project'")
    do(shop, "DELETE FROM ok_project_version")
    assert said(shop) == [("OK6703", "")]


def test_what_was_retired_is_told_with_its_day(shop):
    engine = open_engine(shop.parsed).execution_options(orderkit_writes=True)
    with engine.begin() as connection:
        for shadow, expires_at in (("retired_1", NOW), ("retired_2", NOW.replace(year=2027))):
            connection.execute(
                retired.insert().values(
                    shadow=shadow, number="0001", path="order.x", retired_at=NOW, expires_at=expires_at
                )
            )
    engine.dispose()
    examination = examined(shop)
    assert examination.is_well
    first, second = (each.words["en"] for each in examination.found)
    assert "ended on 2026-03-02" in first
    assert "kept until 2027-03-02" in second


def test_attachments_that_went_astray_are_found_on_both_sides(shop):
    digest = keep_file(shop.trade, b"another")
    shop.files.remove(digest)
    assert said(shop) == [("OK6605", digest)]
    assert not examined(shop).is_well
    shop.files.put("ab" * 32, shop.folder / "migrations" / "models" / "0001.json")
    assert said(shop) == [("OK6605", digest), ("OK6606", "ab" * 32)]


def test_nothing_is_written(shop):
    def everything() -> list:
        engine = open_engine(shop.parsed)
        with engine.connect() as connection:
            metadata = sa.MetaData()
            metadata.reflect(connection)
            found = [
                (name, sorted(map(repr, connection.execute(sa.select(table)))))
                for name, table in sorted(metadata.tables.items())
            ]
        engine.dispose()
        return found

    before = everything()
    examined(shop)
    assert everything() == before


class TestOnSQLite:
    @pytest.fixture
    def dialect(self) -> str:
        return "sqlite"

    def test_rows_that_refer_to_nothing_are_counted(self, shop):
        do(shop, 'UPDATE "order" SET customer = 99')
        examination = examined(shop)
        (only,) = examination.found
        assert (only.code.id, only.place) == ("OK6603", "order")
        assert "1 rows of order refer to records of customer" in only.words["en"]


@pytest.mark.postgres
class TestOnPostgreSQL:
    @pytest.fixture
    def dialect(self) -> str:
        return "postgresql"

    def test_an_index_that_was_never_finished_and_a_check_nobody_made_are_named(self, shop):
        do(
            shop,
            "CREATE INDEX broken ON product (name)",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass",
            "ALTER TABLE product ADD CONSTRAINT unchecked CHECK (price >= 0) NOT VALID",
        )
        found = {each.place: each for each in examined(shop).found if each.code.id == "OK6604"}
        assert found.keys() == {"broken", "unchecked"}
        assert "REINDEX INDEX broken" in found["broken"].help["en"]
        assert "VALIDATE CONSTRAINT unchecked" in found["unchecked"].help["en"]


def test_a_form_that_the_search_index_does_not_cover_is_no_fault_and_entries_that_are_gone_are(shop):
    do(shop, "UPDATE ok_search_form SET state = 'stale' WHERE form = 'product'")
    assert said(shop) == [("OK8105", "product")]
    assert examined(shop).is_well
    do(shop, "UPDATE ok_search_form SET state = 'ready'", "DELETE FROM ok_search_entry")
    assert ("OK8105", "customer") in said(shop)
    assert not examined(shop).is_well
