"""Whether a database may be served: what it and the build know about each other, and what people are told."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.migrate import SYSTEM_REVISIONS, migrate
from orderkit.database.migrating.readiness import check_ready
from orderkit.database.migrating.stamp import SYSTEM_VERSION_TABLE
from orderkit.database.revisions.history import head_of
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.system_tables import migration_step, revision
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from tests.database.models import CUSTOMER, LINES, ORDER, field, shop, with_fields

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SHOP = shop()
NEWER = shop(with_fields(CUSTOMER, field("note")), ORDER, LINES)
SYSTEM_HEAD = int(head_of(SYSTEM_REVISIONS) or 0)
NEXT_OF_OURS = f"{SYSTEM_HEAD + 1:04d}"


@pytest.fixture
def older(tmp_path) -> Path:
    """The migrations of a build that knows only the first revision."""
    write_next_revision(SHOP, built_in(), tmp_path / "older")
    return tmp_path / "older"


@pytest.fixture
def newer(tmp_path, older) -> Path:
    """The migrations of a build that knows one more."""
    for project in (SHOP, NEWER):
        write_next_revision(project, built_in(), tmp_path / "newer")
    return tmp_path / "newer"


def bring(url: str, project: Project, folder: Path) -> None:
    migrate(url, project, built_in(), folder, model_hash=model_hash(project))


def write(url: str, *statements: sa.Executable) -> None:
    engine = open_engine(parsed(url)).execution_options(orderkit_writes=True)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def noted(line: str, number: str, *, is_safe: bool) -> tuple[sa.Executable, ...]:
    """Return what says that a revision was run, and whether it was safe for older programs."""
    values = {"title": "t", "is_safe_for_older": is_safe, "applied_at": NOW}
    mine = (revision.c.line == line) & (revision.c.number == number)
    return (revision.delete().where(mine), revision.insert().values(line=line, number=number, **values))


def step(state: str, number: str, position: int = 1, line: str = "project") -> sa.Executable:
    return migration_step.insert().values(
        line=line, number=number, position=position, title="fill order.note", state=state, changed_at=NOW
    )


def answer(url: str, project: Project, folder: Path) -> tuple[str, str]:
    """Return why the database may not be served, and the code of it; `ready` when it may."""
    refused: DatabaseUnusable | None = None
    with closing(Database.open(url, project, built_in())) as database:
        try:
            check_ready(database, project, folder)
        except DatabaseUnusable as error:
            refused = error
    if refused is None:
        return "ready", ""
    assert refused.known_as is not None
    assert refused.explain.keys() == {"zh", "en"}
    return refused.reason, refused.known_as.id


def test_each_reason_has_its_code(database_url, older, newer):
    open_engine(parsed(database_url), may_create=True).dispose()
    assert answer(database_url, SHOP, older) == ("empty", "OK6701")
    bring(database_url, SHOP, older)
    assert answer(database_url, shop(name="another"), older) == ("other_project", "OK6702")
    assert answer(database_url, NEWER, newer) == ("behind", "OK6703")
    assert answer(database_url, SHOP, older) == ("ready", "")


def test_one_that_is_ahead_is_accepted_only_when_every_revision_beyond_is_known_to_be_safe(
    database_url, older, newer
):
    bring(database_url, NEWER, newer)
    write(database_url, *noted("project", "0002", is_safe=True))
    assert answer(database_url, SHOP, older) == ("ready", "")
    write(database_url, *noted("project", "0002", is_safe=False))
    assert answer(database_url, SHOP, older) == ("ahead", "OK6704")
    write(database_url, revision.delete().where(revision.c.line == "project"))
    assert answer(database_url, SHOP, older) == ("ahead", "OK6704"), "what nobody recorded is not safe"


def test_one_unsafe_revision_among_safe_ones_is_named(database_url, older, newer, tmp_path):
    both = shop(with_fields(CUSTOMER, field("note"), field("more")), ORDER, LINES)
    write_next_revision(both, built_in(), newer)
    bring(database_url, both, newer)
    write(database_url, *noted("project", "0002", is_safe=False), *noted("project", "0003", is_safe=True))
    with (
        closing(Database.open(database_url, SHOP, built_in())) as database,
        pytest.raises(DatabaseUnusable, match="revision 0002 is not safe"),
    ):
        check_ready(database, SHOP, older)


def test_one_that_another_branch_brought_to_the_same_number_is_refused(database_url, older, newer, tmp_path):
    bring(database_url, NEWER, newer)
    other = shop(with_fields(CUSTOMER, field("colour")), ORDER, LINES)
    for model in (SHOP, other):
        write_next_revision(model, built_in(), tmp_path / "other")
    assert answer(database_url, other, tmp_path / "other") == ("other_history", "OK6706")
    assert answer(database_url, NEWER, newer) == ("ready", "")
    assert answer(database_url, SHOP, older) == ("ready", ""), "up to there both went the same way"


@pytest.mark.parametrize(("is_safe", "expected"), [(True, "ready"), (False, "ahead")])
def test_our_own_tables_may_be_ahead_in_the_same_way(database_url, older, is_safe, expected):
    bring(database_url, SHOP, older)
    version = sa.table(SYSTEM_VERSION_TABLE, sa.column("version_num"))
    ahead = version.update().values(version_num=NEXT_OF_OURS)
    write(database_url, ahead, *noted("system", NEXT_OF_OURS, is_safe=is_safe))
    assert answer(database_url, SHOP, older)[0] == expected


@pytest.mark.parametrize(
    "steps",
    [
        (step("done", "0002"), step("running", "0002", 2)),
        (step("done", "0002"),),
        (step("running", f"{SYSTEM_HEAD + 1:04d}", line="system"),),
    ],
    ids=["in a step", "between two steps", "in our own tables"],
)
def test_one_whose_migration_stopped_half_way_is_refused_by_old_and_new(database_url, older, newer, steps):
    bring(database_url, SHOP, older)
    write(database_url, *steps)
    assert answer(database_url, SHOP, older) == ("unfinished", "OK6705")
    assert answer(database_url, NEWER, newer) == ("unfinished", "OK6705")


def test_every_revision_of_our_own_tables_says_whether_older_programs_may_go_on():
    for path in sorted((SYSTEM_REVISIONS / "versions").glob("[0-9]*.py")):
        names: dict[str, object] = {}
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
        assert isinstance(names.get("is_safe_for_older"), bool), path.name
