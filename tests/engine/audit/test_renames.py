"""Old entries under new names: what they say is told by what fields, lines and options are called today."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from orderkit.catalog import built_in
from orderkit.database.definitions.names import Renaming
from orderkit.database.definitions.stored import apply_renaming
from orderkit.database.schema.system_tables import audit as entries
from orderkit.database.schema.system_tables import renaming, revision
from orderkit.engine import audit
from tests.support.tampering import tampering


@pytest.fixture
def renamed(shop, clock):
    """Note renames, each made by a revision of its own, one hour after the other."""

    def made(*renamings: Renaming) -> None:
        with shop.office.act(None) as unit:
            unit.connection.execute(delete(renaming))
            unit.connection.execute(delete(revision))
            for place, each in enumerate(renamings, start=1):
                number = f"{place:04d}"
                unit.connection.execute(
                    insert(revision).values(
                        line="project", number=number, title=number, is_safe_for_older=False,
                        applied_at=clock.now() + timedelta(hours=place),
                    )
                )  # fmt: skip
                apply_renaming(unit.connection, each, built_in(), number=number)

    yield made
    made()


def written(shop, form, record, **changes):
    """Let the record's one entry say these changes."""
    with shop.office.act(None) as unit, tampering(unit.connection):
        unit.connection.execute(
            update(entries)
            .where(entries.c.record_id == record, entries.c.form == form)
            .values(changes=changes)
        )


def told(shop, form, record):
    with shop.office.look(None) as unit:
        return [dict(each.changes) for each in audit.read(unit, form, record)]


@pytest.mark.parametrize(
    ("renamings", "before", "now"),
    [
        pytest.param((), {"total": [1, 2]}, {"total": (1, 2)}, id="nothing"),
        pytest.param(
            (Renaming(kind="field", place="order", old="sum", new="total"),),
            {"sum": [1, 2]}, {"total": (1, 2)}, id="a field",
        ),
        pytest.param(
            (
                Renaming(kind="field", place="order", old="a", new="b"),
                Renaming(kind="field", place="order", old="b", new="c"),
            ),
            {"a": [1, 2]}, {"c": (1, 2)}, id="twice",
        ),
        pytest.param(
            (Renaming(kind="field", place="order.lines", old="count", new="qty"),),
            {"lines.7.count": [1, 2], "count": [3, 4]}, {"lines.7.qty": (1, 2), "count": (3, 4)},
            id="a field of lines",
        ),
        pytest.param(
            (
                Renaming(kind="field", place="order.items", old="count", new="qty"),
                Renaming(kind="form", old="order.items", new="order.lines"),
            ),
            {"items.7.count": [1, 2], "items.7": [None, True]}, {"lines.7.qty": (1, 2), "lines.7": (None, True)},
            id="lines, after one of their fields",
        ),
        pytest.param(
            (
                Renaming(kind="field", place="sale", old="sum", new="total"),
                Renaming(kind="form", old="sale", new="order"),
            ),
            {"sum": [1, 2]}, {"total": (1, 2)}, id="a form, after one of its fields",
        ),
        pytest.param(
            (
                Renaming(kind="option", place="order.sort", old="custom", new="bespoke"),
                Renaming(kind="field", place="order", old="sort", new="kind"),
            ),
            {"sort": ["standard", "custom"]}, {"kind": ("standard", "bespoke")},
            id="an option, and then its field",
        ),
        pytest.param(
            (Renaming(kind="field", place="customer", old="name", new="title"),),
            {"name": [1, 2]}, {"name": (1, 2)}, id="a field of another form",
        ),
    ],
)  # fmt: skip
def test_an_old_entry_speaks_of_today(shop, renamed, renamings, before, now):
    order = shop.order("ann")
    written(shop, "order", order, **before)
    renamed(*renamings)
    assert told(shop, "order", order) == [now]


def test_what_was_written_after_a_rename_keeps_its_words(shop, renamed, clock):
    renamed(Renaming(kind="field", place="order", old="external", new="reference"))
    order = shop.order("ann")
    with shop.office.act(None) as unit, tampering(unit.connection):
        unit.connection.execute(
            update(entries)
            .where(entries.c.record_id == order, entries.c.form == "order")
            .values(changes={"external": [1, 2]}, at=clock.now() + timedelta(hours=2))
        )
    assert told(shop, "order", order) == [{"external": (1, 2)}]


def test_the_entries_of_a_renamed_form_are_found_under_every_name_it_had(shop, renamed, clock):
    """And a new form that takes a former name has none of them."""
    order = shop.order("ann")
    for hours, form in ((-1, "sale"), (3, "sale")):
        with shop.office.act(None) as unit:
            unit.connection.execute(
                entries.insert().values(
                    at=clock.now() + timedelta(hours=hours), channel="page", model_hash="", form=form,
                    record_id=order, verb="updated", changes={"external": [None, str(hours)]},
                )
            )  # fmt: skip
    renamed(Renaming(kind="form", old="bid", new="sale"), Renaming(kind="form", old="sale", new="order"))
    assert [each.get("external") for each in told(shop, "order", order)] == [(None, "-1"), None]
    assert told(shop, "sale", order) == [{"external": (None, "3")}]


def test_what_was_written_before_a_rename_was_undone_is_still_found(shop, renamed, clock):
    order = shop.order("ann")
    with shop.office.act(None) as unit:
        unit.connection.execute(
            entries.insert().values(
                at=clock.now(), channel="page", model_hash="", form="sale", record_id=order,
                verb="updated", changes={"external": [None, "X"]},
            )
        )  # fmt: skip
        apply_renaming(
            unit.connection, Renaming(kind="form", old="sale", new="order"), built_in(), number=None
        )
    assert {"external": (None, "X")} in told(shop, "order", order)
