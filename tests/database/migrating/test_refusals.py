"""Why a migration is refused: each with its code, what is wrong, and what was done until then."""

from typing import Any

import pytest
import sqlalchemy as sa
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import Pool

from orderkit.catalog import built_in
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.refusals import Stopped, told
from orderkit.database.revisions.broken import BrokenHistory
from orderkit.database.revisions.history import line_of
from orderkit.database.schema.drift import drift
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import Refused
from tests.database.migrating import story
from tests.database.migrating.conftest import Shop, edit, refused, script, write

_UNLESS_OTHER = """sqlite="nullif(name, '乙')", postgresql="nullif(name, '乙')\""""


def test_rows_that_do_not_fit_are_named_before_anything_is_changed(started):
    # A row of the app of before, which had no rule for it.
    write(
        started.url,
        "INSERT INTO customer (code, name, created_at, updated_at, revision) "
        "VALUES ('X', '乙', '2026-01-01', '2026-01-01', 1)",
    )
    edit(started, 'sqlite=\'"customer"."no"\', postgresql=\'"customer"."no"\'', _UNLESS_OTHER)
    before = story.everything(started.url)
    with pytest.raises(Refused) as caught:
        story.bring(started.url, started.folder)
    assert caught.value.known_as.id == "OK6300"
    assert [problem.path for problem in caught.value.problems] == ["customer.note"]
    assert "#26" in caught.value.problems[0].message["en"]
    assert story.everything(started.url) == before


def test_a_history_that_was_rewritten(started):
    write(started.url, "UPDATE ok_revision SET leads_to = 'aaaaaaaaaaaaaaaa' WHERE line = 'project'")
    first = line_of(started.folder)[0]
    edit(started, "starts_from = None", f'starts_from = "{first.leads_to}"')
    before = story.everything(started.url)
    error = refused(started)
    assert (error.known_as.id, error.reason) == ("OK6302", "other_start")
    assert "aaaaaaaaaaaa" in str(error)
    assert story.everything(started.url) == before


def test_a_script_that_raises(started):
    edit(started, "def upgrade() -> None:\n", "def upgrade() -> None:\n    1 / 0\n")
    before = story.everything(started.url)
    error = refused(started)
    assert error.known_as.id == "OK6308"
    assert "ZeroDivisionError" in str(error)
    assert story.everything(started.url) == before


def test_a_script_that_is_not_python(started):
    script(started).write_text("def upgrade(", encoding="utf-8")
    before = story.everything(started.url)
    with pytest.raises(BrokenHistory) as caught:
        story.bring(started.url, started.folder)
    assert caught.value.known_as.id == "OK6207"
    assert story.everything(started.url) == before


def test_a_step_of_ones_own_that_raises_undoes_itself_alone(started, dialect):
    edit(
        started,
        "    ok.create_index",
        '    ok.once("mine", lambda connection: connection.exec_driver_sql("DELETE FROM customer WHERE 1 = 0") and 1 / 0)\n    ok.create_index',
    )
    error = refused(started)
    assert error.known_as.id == "OK6308"
    edit(started, " and 1 / 0)", ")")
    story.bring(started.url, started.folder)
    assert story.everything(started.url)[1]["ok_migration_step"] == []


def test_a_revision_that_cannot_be_undone(started):
    edit(
        started,
        "def downgrade() -> None:\n",
        'def downgrade() -> None:\n    raise ok.Irreversible("digits are gone", "小数已丢失")\n',
    )
    story.bring(started.url, started.folder)
    before = story.everything(started.url)
    error = refused(started, target="0001")
    assert error.known_as.id == "OK6310"
    assert "digits are gone" in error.explain["en"]
    assert "小数已丢失" in error.explain["zh"]
    assert story.everything(started.url) == before


THIRD = '''\
"""Revision 0003, follows 0002."""

from orderkit.database import operations as ok

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
starts_from = "after"
leads_to = "after"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    ok.once("nothing", lambda connection: None)


def downgrade() -> None:
    ok.once("nothing", lambda connection: None)
'''


@pytest.mark.parametrize("head", ["", "from alembic import op\n"], ids=["of ours", "with Alembic's own"])
def test_one_that_cannot_be_undone_is_named_before_a_later_one_is_undone(started, head):
    edit(started, "import sqlalchemy as sa\n", f"{head}import sqlalchemy as sa\n")
    edit(
        started,
        "def downgrade() -> None:\n",
        'def downgrade() -> None:\n    raise ok.Irreversible("digits are gone", "小数已丢失")\n',
    )
    (started.folder / "versions" / "0003_nothing.py").write_text(THIRD, encoding="utf-8")
    story.bring(started.url, started.folder)
    before = story.everything(started.url)
    assert before[1]["ok_project_version"] == [("0003",)]
    error = refused(started, target="0001")
    assert error.known_as.id == "OK6310"
    assert "revision 0002 cannot be undone (digits are gone)" in error.explain["en"]
    assert "版本 0002 无法撤销（小数已丢失）" in error.explain["zh"]
    assert story.everything(started.url) == before
    story.bring(started.url, started.folder, target="0002")


def test_a_disk_that_is_full_changes_nothing_and_it_goes_on_with_more_room(tmp_path):
    # A server's disk cannot be filled here; what it says then is told apart below.
    started = Shop(f"sqlite:///{tmp_path / 'app.db'}", tmp_path / "migrations")
    story.begin(started.url, started.folder)
    before = story.everything(started.url)

    def leave_no_room(connection: Any, _entry: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(Pool, "connect", leave_no_room)
    try:
        error = refused(started)
    finally:
        sa.event.remove(Pool, "connect", leave_no_room)
    assert error.known_as.id == "OK6304"
    assert story.everything(started.url) == before
    story.bring(started.url, started.folder)


def test_what_a_server_says_of_a_full_disk_is_known():
    said = DiskFull("could not extend file: No space left on device")
    with (
        pytest.raises(DatabaseUnusable) as caught,
        told(parsed("postgresql://somebody@host/shop"), lambda: "project 0001"),
    ):
        raise OperationalError("UPDATE", {}, said)
    assert caught.value.known_as is not None
    assert caught.value.known_as.id == "OK6304"
    assert "the disk is full (project 0001)" in caught.value.explain["en"]


def test_a_revision_that_there_is_not(started):
    assert refused(started, target="0009").known_as.id == "OK6313"
    assert refused(started, target="x").known_as.id == "OK6313"


def test_down_and_up_again_is_the_same(started):
    before = story.everything(started.url)
    story.bring(started.url, started.folder)
    after = story.everything(started.url)
    story.bring(started.url, started.folder, target="0001")
    schema, rows = story.everything(started.url)
    assert schema == before[0]
    for name in ("customer", "order", "ok_renaming", "ok_retired", "ok_revision", "ok_project_version"):
        assert rows[name] == before[1][name]
    story.bring(started.url, started.folder)
    assert story.everything(started.url) == after


def test_a_database_that_somebody_changed_by_hand(started, dialect):
    edit(started, '    ok.create_index("customer__seller_idx", "customer", ["seller"])\n', "")
    error = refused(started)
    assert error.known_as.id == "OK6307"
    assert "the index customer__seller_idx of customer is missing" in error.explain["en"]


@pytest.mark.parametrize(
    ("sql", "words", "is_harmful"),
    [
        ("DROP INDEX customer__code_key", "index customer__code_key of customer is missing", True),
        ("CREATE INDEX by_hand ON customer (name)", "there is a index by_hand", False),
        ("ALTER TABLE customer ADD COLUMN by_hand INTEGER", "there is a column customer.by_hand", False),
        ("ALTER TABLE customer RENAME COLUMN name TO title", "the column customer.name is missing", True),
        ('DROP TABLE "order__lines"', "the table order__lines is missing", True),
    ],
)
def test_drift_is_told_in_words(started, sql, words, is_harmful):
    write(started.url, sql)
    engine = open_engine(parsed(started.url))
    with engine.connect() as connection:
        found = drift(connection, tables_of(story.BEFORE, built_in()))
    engine.dispose()
    assert any(words in each.words["en"] and each.is_harmful is is_harmful for each in found), found


def test_no_drift_is_found_where_there_is_none(started):
    engine = open_engine(parsed(started.url))
    with engine.connect() as connection:
        assert drift(connection, tables_of(story.BEFORE, built_in())) == ()
    engine.dispose()


def test_it_stops_between_two_steps_and_goes_on(started, dialect):
    told: list[Any] = []
    with pytest.raises(Stopped):
        story.bring(started.url, started.folder, on_progress=told.append, should_stop=lambda: len(told) > 6)
    titles = [each.title for each in told]
    again: list[Any] = []
    story.bring(started.url, started.folder, on_progress=again.append)
    assert story.everything(started.url)[1]["ok_project_version"] == [("0002",)]
    if dialect == "postgresql":
        assert not set(titles[:3]) & {each.title for each in again}, "what was done is not done again"


def test_it_stops_before_the_first_revision(started):
    before = story.everything(started.url)
    with pytest.raises(Stopped):
        story.bring(started.url, started.folder, should_stop=lambda: True)
    assert story.everything(started.url) == before
