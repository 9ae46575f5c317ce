"""Backups: what comes back is what was there; what is damaged, in the way or impossible is refused in words."""

import io
import json
import tarfile
import threading
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url
from orderkit.database.schema.system_tables import KEEP_AUDIT
from orderkit.engine.files.folder import Folder
from orderkit.upkeep.backup import postgresql
from orderkit.upkeep.backup.archive import DATABASE, MANIFEST, read_through
from orderkit.upkeep.backup.backing_up import back_up
from orderkit.upkeep.backup.manifest import Manifest
from orderkit.upkeep.backup.refusals import BackupRefused
from orderkit.upkeep.backup.restoring import Place, restore, standing
from tests.upkeep.conftest import CONTENT, Shop, keep_file, tools

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def silent(done: int, total: int) -> None:
    pass


def archived(shop: Shop, name: str = "a.tar", **changed) -> tuple[Path, Manifest]:
    target = shop.folder / "backups" / name
    target.parent.mkdir(exist_ok=True)
    options = {"environment": shop.environment, "now": NOW, "progress": silent, **changed}
    return target, back_up(shop.parsed, shop.files, target, **options)


def place(shop: Shop, url: str, name: str = "restored") -> Place:
    return Place(
        url=database_url(url), files=Folder(shop.folder / name / "files"), environment=shop.environment
    )


def rows(url: str) -> dict[str, list]:
    """Return every row of every table, in an order of their own."""
    engine = open_engine(database_url(url))
    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        found = {
            name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return found


def said(url: str, *statements: str) -> None:
    """Say something to a database by hand."""
    engine = open_engine(database_url(url))
    with engine.begin() as connection:
        for each in statements:
            connection.exec_driver_sql(each)
    engine.dispose()


def code_of(refused: pytest.ExceptionInfo) -> str:
    assert refused.value.explain.keys() == {"zh", "en"}
    return refused.value.known_as.id


def test_what_comes_back_is_what_was_there(shop, empty_url):
    archive, made = archived(shop)
    target = place(shop, empty_url)
    assert restore(archive, target, project="shop", progress=silent) == made
    assert rows(empty_url) == rows(shop.url)
    assert sum(len(each) for each in rows(empty_url).values()) == made.rows > 20
    (digest,) = target.files.digests()
    target.files.fetch(digest, shop.folder / "fetched")
    assert (shop.folder / "fetched").read_bytes() == CONTENT
    assert (made.files, made.project, made.project_revision) == (1, "shop", "0001")


def test_ids_go_on_where_they_were(shop, empty_url):
    archive, _ = archived(shop)
    restore(archive, place(shop, empty_url), progress=silent)
    engine = open_engine(database_url(empty_url)).execution_options(orderkit_writes=True)
    with engine.begin() as connection:
        made = connection.execute(
            sa.text(
                "INSERT INTO ok_file (digest, name, media_type, size, created_at) VALUES ('x', 'x', 'x', 1, '2026-01-01') RETURNING id"
            )
        ).scalar_one()
    engine.dispose()
    assert made == 2


def test_it_is_of_one_state_while_others_write(shop, empty_url):
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            shop.trade.order(None)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        archive, made = archived(shop)
    finally:
        stop.set()
        thread.join()
    restore(archive, place(shop, empty_url), progress=silent)
    found = rows(empty_url)
    assert made.tables["order"].rows == len(found["order"])
    lines = made.tables["order__lines"].rows
    assert lines == made.tables["order"].rows, "an order and its line were written together"


def test_only_its_owner_may_read_it(shop):
    archive, _ = archived(shop)
    assert archive.stat().st_mode & 0o077 == 0


def test_it_never_takes_the_place_of_another_file(shop):
    archive, _ = archived(shop)
    before = archive.read_bytes()
    with pytest.raises(BackupRefused) as refused:
        archived(shop)
    assert code_of(refused) == "OK6620"
    assert archive.read_bytes() == before


def test_an_attachment_that_is_missing_is_named_and_the_rest_is_kept(shop):
    digest = keep_file(shop.trade, b"another")
    shop.files.remove(digest)
    archive, made = archived(shop)
    assert made.missing_files == (digest,)
    assert read_through(archive).files == 1


def test_a_place_that_is_not_empty_is_refused_and_says_what_would_be_lost(shop, empty_url):
    archive, _ = archived(shop)
    target = place(shop, empty_url)
    assert standing(target).is_empty
    restore(archive, target, progress=silent)
    before = rows(empty_url)
    with pytest.raises(BackupRefused, match=r"tables with \d+ rows") as refused:
        restore(archive, target, progress=silent)
    assert code_of(refused) == "OK6622"
    assert "attachments" in refused.value.explain["en"]
    assert rows(empty_url) == before


def test_with_leave_what_is_there_gives_way(shop, empty_url):
    archive, _ = archived(shop)
    expected = rows(shop.url)
    target = place(shop, shop.url)
    shop.trade.order(None)
    target.files.put("ab" * 32, archive)
    shop.trade.office.runtime.database.close()
    restore(archive, target, replace=True, progress=silent)
    assert rows(shop.url) == expected
    assert not target.files.holds("ab" * 32)


def test_one_of_another_project_or_kind_of_database_is_refused(shop, empty_url, databases, dialect):
    archive, _ = archived(shop)
    with pytest.raises(BackupRefused, match="belongs to the project shop") as refused:
        restore(archive, place(shop, empty_url), project="another", progress=silent)
    assert code_of(refused) == "OK6624"


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=False, scope="session")
def test_a_database_of_the_other_kind_is_refused(databases, shop, dialect):
    archive, _ = archived(shop)
    mark = databases.mark()
    with pytest.raises(BackupRefused, match="holds a sqlite database") as refused:
        restore(archive, place(shop, databases.fresh_url("postgresql", is_whole=True)), progress=silent)
    databases.clear(mark)
    assert code_of(refused) == "OK6624"


def rewritten(archive: Path, change) -> Path:
    """Write the archive anew with members as `change` returns them: (name, data) or None."""
    damaged = archive.with_name("damaged.tar")
    with tarfile.open(archive) as old, tarfile.open(damaged, "w") as new:
        for entry in old:
            changed = change(entry.name, old.extractfile(entry).read())
            if changed is not None:
                name, data = changed
                fresh = tarfile.TarInfo(name)
                fresh.size = len(data)
                new.addfile(fresh, io.BytesIO(data))
    return damaged


def _one_row_more(name: str, data: bytes):
    manifest = json.loads(data)
    manifest["tables"]["order"]["rows"] += 1
    return name, json.dumps(manifest).encode()


def _when(wanted: str, change):
    return lambda name, data: change(name, data) if name.startswith(wanted) else (name, data)


DAMAGES = {
    "a byte of the database": _when(DATABASE, lambda name, data: (name, data[:-1] + bytes([data[-1] ^ 1]))),
    "the database is longer": _when(DATABASE, lambda name, data: (name, data + b"x")),
    "no database": _when(DATABASE, lambda name, data: None),
    "no manifest": _when(MANIFEST, lambda name, data: None),
    "a manifest that is none": _when(MANIFEST, lambda name, data: (name, b"{}")),
    "an attachment is missing": _when("files/", lambda name, data: None),
    "an attachment is another": _when("files/", lambda name, data: (name, b"y" + data)),
    "something strange": _when("files/", lambda name, data: ("../../etc/passwd", data)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_archive_is_refused_before_anything_is_touched(shop, empty_url, damage):
    archive, _ = archived(shop)
    broken = rewritten(archive, damage)
    target = place(shop, empty_url)
    for attempt in (lambda: read_through(broken), lambda: restore(broken, target, progress=silent)):
        with pytest.raises(BackupRefused) as refused:
            attempt()
        assert code_of(refused) == "OK6621"
    assert standing(target).is_empty
    assert list(shop.folder.rglob(".orderkit-*")) == []


@pytest.mark.parametrize("part", [0, 0.3, 0.9])
def test_one_that_was_cut_off_is_refused(shop, part):
    archive, _ = archived(shop)
    data = archive.read_bytes()
    cut = archive.with_name("cut.tar")
    cut.write_bytes(data[: int(len(data.rstrip(b"\0")) * part)])
    with pytest.raises(BackupRefused) as refused:
        read_through(cut)
    assert code_of(refused) == "OK6621"


def test_rows_that_are_not_those_of_the_manifest_are_found(shop, empty_url):
    archive, _ = archived(shop)
    wrong = rewritten(archive, _when(MANIFEST, _one_row_more))
    with pytest.raises(BackupRefused, match="the restored table order") as refused:
        restore(wrong, place(shop, empty_url), progress=silent)
    assert code_of(refused) == "OK6626"


def test_a_full_disk_leaves_nothing_half_done(shop, request):
    request.getfixturevalue("small_disk")
    with pytest.raises((BackupRefused, DatabaseUnusable, OSError)) as refused:
        archived(shop)
    assert any(word in str(refused.value) for word in ("too large", "disk", "pg_dump")), str(refused.value)
    assert list((shop.folder / "backups").iterdir()) == []


def test_a_stop_in_the_middle_leaves_nothing_half_done(shop, empty_url):
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archived(shop, progress=stop)
    assert list((shop.folder / "backups").iterdir()) == []
    archive, _ = archived(shop)
    target = place(shop, empty_url)
    calls = iter(range(1_000))

    def stop_later(done: int, total: int) -> None:
        if next(calls) > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(archive, target, progress=stop_later)
    assert standing(target).is_empty
    assert list(shop.folder.rglob(".orderkit-*")) == []


@pytest.mark.postgres
class TestPostgreSQL:
    """What only a server can do wrong."""

    @pytest.fixture
    def dialect(self) -> str:
        return "postgresql"

    def test_without_its_tools_it_says_which_to_install(self, shop):
        with pytest.raises(BackupRefused, match="pg_dump is not here") as refused:
            archived(shop, environment={postgresql.TOOLS_VARIABLE: str(shop.folder)})
        assert code_of(refused) == "OK6623"

    def test_what_a_tool_says_is_told(self, shop):
        fake = shop.folder / "tools"
        fake.mkdir()
        (fake / "pg_dump").write_text("#!/bin/sh\necho 'server version mismatch' >&2; exit 1\n")
        (fake / "pg_dump").chmod(0o755)
        with pytest.raises(BackupRefused, match="server version mismatch") as refused:
            archived(shop, environment={postgresql.TOOLS_VARIABLE: str(fake)})
        assert code_of(refused) == "OK6625"
        assert list((shop.folder / "backups").iterdir()) == []

    def test_a_password_never_stands_on_a_command_line(self, shop):
        fake = shop.folder / "tools"
        fake.mkdir()
        (fake / "pg_dump").write_text(
            '#!/bin/sh\necho "$@" > "$(dirname "$0")/words"; echo "$PGPASSWORD" >> "$(dirname "$0")/words"; exit 1\n'
        )
        (fake / "pg_dump").chmod(0o755)
        url = sa.make_url("postgresql+psycopg://ann:geh%20eim@host/shop?password=geh%20eim")
        with pytest.raises(BackupRefused):
            postgresql.dump(
                url,
                schema="public",
                snapshot="1",
                target=shop.folder / "x",
                environment={postgresql.TOOLS_VARIABLE: str(fake)},
            )
        words, secret = (fake / "words").read_text().splitlines()
        assert secret == "geh eim"
        assert "eim" not in words

    def test_a_guard_whose_tables_are_gone_is_in_nobodys_way(self, shop, empty_url):
        """As where somebody dropped every table of a former place by hand."""
        archive, _ = archived(shop)
        said(empty_url, *KEEP_AUDIT["postgresql"][:1])
        assert standing(place(shop, empty_url)).is_empty
        restore(archive, place(shop, empty_url), progress=silent)
        assert rows(empty_url) == rows(shop.url)

    def test_tables_and_guards_of_another_schema_stay(self, shop, empty_url):
        """Another application's, in the same database and further along in the search path."""
        archive, _ = archived(shop)
        said(
            empty_url,
            "CREATE SCHEMA other",
            "CREATE TABLE other.kept (id int)",
            KEEP_AUDIT["postgresql"][0].replace("ok_audit_kept", "other.ok_audit_kept", 1),
            "CREATE TRIGGER kept BEFORE DELETE ON other.kept EXECUTE FUNCTION other.ok_audit_kept()",
            "CREATE TABLE public.leftover (id int)",
        )
        both = sa.make_url(empty_url).update_query_dict({"options": "-csearch_path=public,other"})
        url = both.render_as_string(hide_password=False)
        assert standing(place(shop, url)).tables == {"leftover": 0}
        restore(archive, place(shop, url), replace=True, progress=silent)
        left = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'other.kept'::regclass"
        engine = open_engine(database_url(empty_url))
        with engine.connect() as connection:
            assert connection.exec_driver_sql(left).scalar() == 1
        engine.dispose()

    def test_a_wrong_password_is_told_as_everywhere(self, shop):
        wrong = shop.parsed.set(username="nobody_of_this_name", password="x")
        with pytest.raises((DatabaseUnusable, BackupRefused)):
            back_up(wrong, shop.files, shop.folder / "b.tar", now=NOW, environment=tools(), progress=silent)
        assert not (shop.folder / "b.tar").exists()


def test_memory_does_not_grow_with_what_is_kept(shop, empty_url):
    keep_file(shop.trade, b"\0" * 30_000_000, max_size=1 << 26)
    tracemalloc.start()
    try:
        archive, _ = archived(shop)
        restore(archive, place(shop, empty_url), progress=silent)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert archive.stat().st_size > 30_000_000
    assert peak < 10_000_000
