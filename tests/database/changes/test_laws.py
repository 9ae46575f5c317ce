"""What holds between any two models: found, applied, undone, judged and written."""

from hypothesis import given, settings

from orderkit.catalog import built_in
from orderkit.database.changes.between import Difference, changes_between
from orderkit.database.changes.judging import Severity, judge, judge_all
from orderkit.database.changes.kinds import AddColumn, MergeOptions, RecomputeBefore, SplitOption
from orderkit.database.changes.reversing import reverse, reversed_changes
from orderkit.database.revisions.rendering import Heading, render_revision
from orderkit.model.project import Project
from tests.database.changes.interpreting import applied, state_of
from tests.database.changes.strategies import models_of, pairs, paths_of
from tests.database.projects import snapshot

HEADING = Heading(number="0002", previous="0001", starts_from="a", leads_to="b")


def between(old: Project, new: Project) -> Difference:
    """Return the difference when everything that is gone may go, and nothing besides."""
    first = changes_between(snapshot(old), new, built_in(), allow_drop=paths_of(old))
    in_vain = {
        each.path for each in first.problems if each.known_as and each.known_as.id in {"OK6104", "OK6105"}
    }
    return changes_between(snapshot(old), new, built_in(), allow_drop=paths_of(old) - in_vain)


@given(pairs())
def test_nothing_is_between_a_model_and_itself(pair):
    models = models_of(pair)
    old, _ = models
    found = changes_between(snapshot(old), old, built_in())
    assert (found.changes, found.problems, found.notes, found.retires) == ((), (), (), ())


@given(pairs())
def test_applying_the_difference_gives_the_new_model(pair):
    models = models_of(pair)
    found = between(*models)
    if not found.problems:
        assert applied(state_of(found.before), found.changes) == state_of(found.target)


@given(pairs())
def test_undoing_it_gives_the_old_one(pair):
    models = models_of(pair)
    found = between(*models)
    if not found.problems:
        back = applied(state_of(found.target), reversed_changes(found.changes))
        assert back == state_of(found.before)


@given(pairs())
def test_reversing_twice_is_the_same_change_but_for_what_an_expression_did(pair):
    models = models_of(pair)
    for change in between(*models).changes:
        if isinstance(change, SplitOption | AddColumn | MergeOptions | RecomputeBefore):
            continue
        again = reverse(reverse(change))
        assert type(again) is type(change)
        assert reverse(again) == reverse(change)


@given(pairs())
def test_every_change_and_what_undoes_it_is_judged_and_what_is_safe_can_never_fail(pair):
    models = models_of(pair)
    found = between(*models)
    for change, judgement in judge_all(found.changes, found.before, found.target):
        assert judgement == judge(change, found.before, found.target)
        if judgement.severity is Severity.SAFE:
            assert judgement.checks == ()
        back = judge(reverse(change), found.target, found.before)
        assert back.reason["zh"]


@given(pairs())
def test_checks_name_what_is_there_before(pair):
    models = models_of(pair)
    found = between(*models)
    for _, judgement in judge_all(found.changes, found.before, found.target):
        for check in judgement.checks:
            table = found.before[check.table]
            names = getattr(check, "columns", None) or (
                getattr(check, "column", None) or check.old.name,  # type: ignore[union-attr]
            )
            assert all(table.column(name) is not None for name in names)


@settings(max_examples=30)
@given(pairs())
def test_a_revision_is_python_and_the_same_text_for_the_same_change(pair):
    models = models_of(pair)
    found = between(*models)
    if found.problems or not found.changes:
        return
    text = render_revision(HEADING, found)
    assert text == render_revision(HEADING, between(*models))
    compile(text, "revision", "exec")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
