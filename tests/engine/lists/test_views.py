"""Kept views: one's own stay one's own, sharing needs the right, and nobody changes another's."""

import pytest

from orderkit.engine import lists
from orderkit.engine.lists import Arrangement, ColumnWidth
from orderkit.model.errors import Denied, NotFound, Refused

NUMBER = Arrangement(columns=(ColumnWidth("number", 120),), frozen=1)


def keep(shop, login, name="Mine", query="f.kind=repair", *, is_shared=False):
    with shop.office.act(login) as unit:
        form = unit.project.form_by_id["order"]
        return lists.keep_view(unit, form, name, query, NUMBER, is_shared=is_shared)


def seen(shop, login):
    with shop.office.look(login) as unit:
        return {each.name: each for each in lists.kept_views(unit, unit.project.form_by_id["order"])}


def change(shop, login, what, *args, **kwargs):
    with shop.office.act(login) as unit:
        what(unit, unit.project.form_by_id["order"], *args, **kwargs)


def test_a_view_is_its_owners_until_it_is_shared(shop):
    number = keep(shop, "root")
    assert set(seen(shop, "root")) == {"Mine"}
    assert seen(shop, "ann") == {}
    change(shop, "root", lists.rename_view, number, "Ours", is_shared=True)
    (view,) = seen(shop, "ann").values()
    assert (view.name, view.query, view.arrangement, view.is_mine) == ("Ours", "f.kind=repair", NUMBER, False)
    for what in (
        lambda: change(shop, "ann", lists.rename_view, number, "Hers", is_shared=False),
        lambda: change(shop, "ann", lists.replace_view, number, "", NUMBER),
        lambda: change(shop, "ann", lists.delete_view, number),
    ):
        with pytest.raises(Denied):
            what()
    assert set(seen(shop, "root")) == {"Ours"}


def test_sharing_needs_the_right_to_export_or_to_administer(shop):
    with pytest.raises(Denied):
        keep(shop, "ann", is_shared=True)
    number = keep(shop, "ann")
    with pytest.raises(Denied):
        change(shop, "ann", lists.rename_view, number, "Mine", is_shared=True)
    keep(shop, "root", "Shared", is_shared=True)


def test_what_is_not_shown_to_somebody_is_not_found_by_them(shop):
    number = keep(shop, "ann")
    for login in ("ben", "root"):
        with pytest.raises(NotFound):
            change(shop, login, lists.delete_view, number)
    with pytest.raises(Denied):
        keep(shop, "guest")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "Mine", " Mine  "])
def test_a_name_that_will_not_do_is_refused(shop, name):
    keep(shop, "ann")
    with pytest.raises(Refused):
        keep(shop, "ann", name)
    keep(shop, "ben", "Mine")


def test_replacing_a_view_ends_what_its_owner_had_set_on_it(shop):
    number = keep(shop, "ann")
    change(shop, "ann", lists.keep_arrangement, (ColumnWidth("total"),), frozen=1, view=number)
    change(shop, "ann", lists.replace_view, number, "q=x", NUMBER)
    with shop.office.look("ann") as unit:
        form = unit.project.form_by_id["order"]
        (view,) = lists.kept_views(unit, form)
        found = lists.arranged(unit, form, view=number, written=view.arrangement)
    assert (view.query, found) == ("q=x", NUMBER)


def test_a_deleted_view_is_no_longer_what_a_list_opens_with(shop):
    number = keep(shop, "ann")
    change(shop, "ann", lists.open_with, str(number))
    with pytest.raises(NotFound):
        change(shop, "ben", lists.open_with, str(number))
    change(shop, "ann", lists.delete_view, number)
    with shop.office.look("ann") as unit:
        assert lists.default_view(unit, unit.project.form_by_id["order"]) == lists.EVERYTHING
    assert keep(shop, "ann") != number


def test_what_was_read_for_one_person_is_not_told_another_in_the_same_unit(shop):
    keep(shop, "root")
    with shop.office.act("root") as unit:
        lists.open_with(unit, unit.project.form_by_id["order"], "late")
    ann = shop.office.person("ann")
    with shop.office.look("root") as unit:
        form = unit.project.form_by_id["order"]
        assert (len(lists.kept_views(unit, form)), lists.default_view(unit, form)) == (1, "late")
        as_ann = unit.acting_as(ann)
        assert (lists.kept_views(as_ann, form), lists.default_view(as_ann, form)) == ((), "")


def test_a_unit_that_writes_sees_what_it_has_just_kept(shop):
    with shop.office.act("root") as unit:
        form = unit.project.form_by_id["order"]
        assert lists.kept_views(unit, form) == ()
        lists.keep_view(unit, form, "New", "", NUMBER, is_shared=False)
        assert [each.name for each in lists.kept_views(unit, form)] == ["New"]
