"""Laws of changing a project with rows in it, on both databases.

After any edits the database has the schema that the last model builds afresh, and every row that has a
place in it is there unchanged; what does not fit is refused and nothing is changed; and the way back and
forth again is the identity where there is one.
"""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.database.changes.between import changes_between
from orderkit.database.changes.judging import Severity, judge_all
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.migrating.migrate import migrate
from orderkit.database.operations.checks.refusing import ROWS_DO_NOT_FIT
from orderkit.database.revisions.history import last_snapshot
from orderkit.database.revisions.writing import write_next_revision
from orderkit.model.errors import Refused
from orderkit.model.stored import model_hash
from tests.database.test_migrate import fresh_schema, schema
from tests.properties.evolving.edits import DoesNotFit, Edit, Rows, edits
from tests.properties.evolving.rows import drawn_rows, reap, sow
from tests.properties.evolving.spec import FieldSpec, FormSpec, Spec, project_of, settled

FIRST: Spec = (
    FormSpec(
        id="t0",
        fields=(
            FieldSpec(id="f0", kind="text"),
            FieldSpec(id="f1", kind="decimal", scale=2),
            FieldSpec(id="f2", kind="choice", options=("red", "green")),
        ),
    ),
    FormSpec(
        id="t1",
        fields=(
            FieldSpec(id="f0", kind="text", required=True, default=True),
            FieldSpec(id="f1", kind="ref", target="t0"),
            FieldSpec(id="f2", kind="integer"),
            FieldSpec(id="f3", kind="date"),
        ),
    ),
)


@st.composite
def stories(draw, most=3):
    """Draw the first project, its rows, and edits one after the other."""
    rows = draw(drawn_rows(FIRST))
    spec, made = FIRST, []
    for _ in range(draw(st.integers(1, most))):
        edit = draw(edits(spec))
        made.append(edit)
        spec = settled(edit.spec)
    return rows, made


def tables(url: str) -> dict[str, object]:
    """Return the tables of the project; what was retired is kept beside them for a while."""
    return {name: table for name, table in schema(url).items() if not name.startswith("retired_")}


class Evolving:
    """A project on disk with its database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.spec = FIRST

    def build(self, spec: Spec, edit: Edit | None = None) -> None:
        allowed = edit.allow_drop if edit is not None else frozenset()
        write_next_revision(project_of(spec), built_in(), self.folder, allow_drop=allowed)

    def migrate(self, spec: Spec, *, target: str | None = None) -> None:
        project = project_of(spec)
        migrate(self.url, project, built_in(), self.folder, model_hash=model_hash(project), target=target)

    def is_safe(self, edit: Edit) -> bool:
        """Return whether every change of an edit is judged safe."""
        found = changes_between(
            last_snapshot(self.folder), project_of(edit.spec), built_in(), allow_drop=edit.allow_drop
        )
        judged = judge_all(found.changes, found.before, found.target)
        return all(judgement.severity is Severity.SAFE for _, judgement in judged)

    def change(self, edit: Edit) -> None:
        """Build and migrate one edit; what is refused leaves files and database as they were."""
        kept = self.folder.with_name("kept")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.folder, kept)
        try:
            self.build(edit.spec, edit)
            self.migrate(edit.spec)
        except BaseException:
            shutil.rmtree(self.folder)
            kept.rename(self.folder)
            raise
        self.spec = edit.spec


def follow(story: Evolving, rows: Rows, made: list[Edit]) -> Rows:
    """Make each edit, and return the rows as they must be."""
    for edit in made:
        event(edit.words.split()[0])
        try:
            expected = edit.rows(rows)
        except DoesNotFit:
            before = schema(story.url), reap(story.url, story.spec)
            assert not story.is_safe(edit), f"{edit.words}: what is safe never fails"
            with pytest.raises((DatabaseUnusable, Refused)):
                story.change(edit)
            assert (schema(story.url), reap(story.url, story.spec)) == before
            # The rest of the story needs this edit, so it ends here.
            event("does not fit")
            return rows
        story.change(edit)
        rows = expected
        assert reap(story.url, story.spec) == rows, edit.words
    return rows


def there_and_back(story: Evolving) -> None:
    """Undo what can be undone, do it again, and find everything as it was."""
    before = tables(story.url), reap(story.url, story.spec)
    try:
        story.migrate(story.spec, target="0001")
    except DatabaseUnusable as refused:
        if refused.reason != "irreversible":
            raise
        event("irreversible")
    except Refused as refused:
        if refused.known_as is not ROWS_DO_NOT_FIT:
            raise
        # A value that came later, such as what filled a required text, may have no place in the type of before.
        event("does not fit the way back")
    story.migrate(story.spec)
    assert (tables(story.url), reap(story.url, story.spec)) == before


# About a quarter of an hour on PostgreSQL, and less on SQLite.
STORIES_AT_LENGTH = 600
EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def the_law(databases, dialect, story) -> None:
    rows, made = story
    mark = databases.mark()
    with tempfile.TemporaryDirectory() as folder:
        evolving = Evolving(databases.fresh_url(dialect), Path(folder) / "migrations")
        evolving.build(FIRST)
        evolving.migrate(FIRST)
        sow(evolving.url, FIRST, rows)
        follow(evolving, rows, made)
        last = project_of(settled(evolving.spec))
        assert tables(evolving.url) == fresh_schema(databases.fresh_url(dialect), last)
        assert write_next_revision(last, built_in(), evolving.folder) is None, "nothing is left to change"
        there_and_back(evolving)
    databases.clear(mark)


@EXAMPLES
@given(story=stories())
def test_rows_that_have_a_place_stay_and_the_schema_is_as_made_afresh(databases, dialect, story):
    the_law(databases, dialect, story)


def test_values_that_bar_the_way_back_are_refused_and_stay(databases, dialect):
    first, second = FIRST
    *others, day = second.fields
    text = (first, replace(second, fields=(*others, replace(day, kind="text"))))
    filled = (
        first,
        replace(second, fields=(*others, replace(day, kind="text", required=True, default=True))),
    )
    mark = databases.mark()
    with tempfile.TemporaryDirectory() as folder:
        story = Evolving(databases.fresh_url(dialect), Path(folder) / "migrations")
        story.build(FIRST)
        story.migrate(FIRST)
        sow(story.url, FIRST, {"t0": {}, "t1": {1: {"f0": "7", "f1": None, "f2": None, "f3": None}}})
        for spec in (text, filled):
            story.change(Edit(words="day as text", spec=spec, rows=lambda rows: rows))
        before = tables(story.url), reap(story.url, filled)
        with pytest.raises(Refused):
            story.migrate(filled, target="0001")
        story.migrate(filled)
        assert (tables(story.url), reap(story.url, filled)) == before
    databases.clear(mark)


@pytest.mark.soak
@settings(EXAMPLES, max_examples=STORIES_AT_LENGTH)
@given(story=stories(most=8))
def test_the_same_at_length(databases, dialect, progress, story):
    progress.step(of=STORIES_AT_LENGTH)
    the_law(databases, dialect, story)
