"""A scenario tests a project and changes nothing that runs: another story is neither another model nor a migration."""

from orderkit.catalog import built_in
from orderkit.database.revisions.snapshots import read_snapshot, snapshot_text
from orderkit.database.schema.tables import tables_of
from orderkit.model.stored import from_json, model_hash, to_json
from tests.testing.scenarios.office import ORDER, project_of, story

PLAIN = project_of()
TESTED = project_of(story(ORDER))


def test_the_model_means_the_same():
    assert model_hash(TESTED) == model_hash(PLAIN)
    assert from_json(to_json(TESTED), built_in().fields) == TESTED


def test_a_snapshot_holds_no_stories():
    texts = [snapshot_text(tables_of(each, built_in()), each, "script") for each in (PLAIN, TESTED)]
    assert read_snapshot(texts[1]).project(built_in()).scenarios == ()
    assert read_snapshot(texts[0]).model_hash == read_snapshot(texts[1]).model_hash
