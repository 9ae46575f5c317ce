"""Opening an artifact to serve it: what the environment decides, and what is refused at the start."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from orderkit.artifact.reading import open_artifact
from orderkit.artifact.serving import WrongSettings, app_of, application, open_served
from orderkit.artifact.writing import write
from orderkit.catalog import built_in
from orderkit.database.connections.defaults import default_url
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.migrating.migrate import migrate
from orderkit.database.migrating.stamp import PROJECT_VERSION_TABLE
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.system_tables import migration_step, revision
from tests.database.models import shop

SHOP = shop()


@pytest.fixture
def built(tmp_path) -> Path:
    write_next_revision(SHOP, built_in(), tmp_path / "migrations")
    write(SHOP, built_in(), migrations=tmp_path / "migrations", target=tmp_path / "build")
    return tmp_path


@pytest.fixture
def migrated(built) -> Path:
    artifact = open_artifact(built)
    migrate(
        default_url(built),
        artifact.project,
        built_in(),
        artifact.migrations,
        model_hash=artifact.model_hash,
        folder=built,
    )
    return built


def test_the_environment_decides(migrated):
    opened = open_served(migrated, environment={"ORDERKIT_THREADS": "3", "NAME": "value"})
    try:
        assert opened.settings.threads == 3
        assert opened.runtime.environment("NAME") == "value"
        assert opened.runtime.files_folder == migrated / "var" / "files"
        assert opened.runtime.model_hash == opened.artifact.model_hash
        assert {"integration", "import"} <= set(opened.worker().handlers)
        assert app_of(opened).routes
    finally:
        opened.close()


def test_a_database_that_is_not_migrated_is_refused_with_the_remedy(built):
    with pytest.raises(DatabaseUnusable, match="orderkit migrate"):
        open_served(built, environment={})


@pytest.mark.parametrize(("name", "value"), [("ORDERKIT_THREADS", "many"), ("ORDERKIT_MAX_UPLOAD_MB", "big")])
def test_a_setting_that_cannot_be_read_is_named(migrated, name, value):
    with pytest.raises(WrongSettings):
        open_served(migrated, environment={name: value})


def test_a_server_that_cannot_start_says_why_in_both_languages(built, monkeypatch):
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit) as left:
        application(built)
    assert "请先运行 orderkit migrate" in str(left.value)
    assert "run `orderkit migrate`" in str(left.value)


@pytest.mark.parametrize(("is_safe", "status"), [(True, 200), (False, 503)])
def test_a_running_server_tells_that_a_newer_build_has_migrated_its_database(
    migrated, tmp_path, is_safe, status
):
    opened = open_served(migrated, environment={})
    with TestClient(app_of(opened, with_worker=False), base_url="http://shop.test") as client:
        assert client.get("/readyz").status_code == 200
        noted = sa.insert(revision).values(
            line="project", number="0002", title="t", is_safe_for_older=is_safe, applied_at=datetime.now(UTC)
        )
        version = sa.table(PROJECT_VERSION_TABLE, sa.column("version_num"))
        with opened.runtime.database.write() as connection:
            connection.execute(noted)
            connection.execute(sa.update(version).values(version_num="0002"))
        assert client.get("/readyz").status_code == status
        assert client.get("/healthz").status_code == 200


def test_a_running_server_goes_on_while_a_newer_build_migrates(migrated):
    opened = open_served(migrated, environment={})
    with TestClient(app_of(opened, with_worker=False), base_url="http://shop.test") as client:
        with opened.runtime.database.write() as connection:
            connection.execute(
                sa.insert(migration_step).values(
                    line="project",
                    number="0002",
                    position=1,
                    title="t",
                    state="running",
                    changed_at=datetime.now(UTC),
                )
            )
        assert client.get("/readyz").status_code == 200


def test_a_health_check_reads_no_revision_again_while_the_database_stays_as_it_was(migrated):
    opened = open_served(migrated, environment={})
    with TestClient(app_of(opened, with_worker=False), base_url="http://shop.test") as client:
        assert client.get("/readyz").status_code == 200
        for each in opened.artifact.migrations.glob("*.py"):
            each.unlink()
        assert client.get("/readyz").status_code == 200
        version = sa.table(PROJECT_VERSION_TABLE, sa.column("version_num"))
        with opened.runtime.database.write() as connection:
            connection.execute(sa.update(version).values(version_num="0009"))
        assert client.get("/readyz").status_code == 503
