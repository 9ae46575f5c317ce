"""Comments: who may say something, to whom it turns, who is told, and how long it can be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from orderkit.database.schema.system_tables import comment as comment_table
from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine import comments, following, messages, records
from orderkit.engine.comments.mentions import parts
from orderkit.engine.files import remove_untied
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Denied, NotFound, Refused


def say(shop, login, order, text, **more):
    with shop.office.act(login) as unit:
        return comments.add(unit, "order", order, text, **more)


def said(shop, login, order):
    with shop.office.look(login) as unit:
        return comments.comments(unit, "order", order)


def inbox(shop, login):
    with shop.office.look(login) as unit:
        return [(each.message, each.subject, each.text) for each in messages.inbox(unit)]


def attach(shop, login, order, content=b"plain words", name="note.txt"):
    office = shop.office
    person = office.person(login)
    return comments.upload(
        office.runtime, person, Channel.PAGE, "order", order, name=name, chunks=[content]
    ).id


def test_whoever_may_read_a_record_may_say_something_and_nobody_else(shop):
    order = shop.order("ann")
    say(shop, "kim", order, "  looks good\r\n")
    (one,) = said(shop, "ann", order)
    assert (one.author, one.text, one.may_edit) == ("kim", "looks good", False)
    for act in (
        lambda unit: comments.add(unit, "order", order, "hello"),
        lambda unit: comments.comments(unit, "order", order),
        lambda unit: comments.find_comment(unit, "order", order, one.id),
        lambda unit: comments.edit(unit, "order", order, one.id, "x"),
        lambda unit: comments.remove(unit, "order", order, one.id),
        lambda unit: following.follow(unit, "order", order),
    ):
        with pytest.raises(NotFound), shop.office.act("guest") as unit:
            act(unit)
    with pytest.raises(NotFound):
        attach(shop, "guest", order)


def test_the_mentioned_are_told_if_they_may_see_the_record_and_nobody_learns_of_the_others(shop):
    order = shop.order("ann")
    say(shop, "ann", order, "@kim please ask @guest and @maxim, mail me@max.cn, 谢谢@ben")
    assert inbox(shop, "kim") == [
        (
            "~mentioned",
            "ann 在 SO20260302-0001 甲公司 提到了您",
            "@kim please ask @guest and @maxim, mail me@max.cn, 谢谢@ben",
        )
    ]
    assert inbox(shop, "guest") == []
    (one,) = said(shop, "ann", order)
    assert one.mentions == (shop.office.ids["kim"],)
    assert ("@kim", True) in one.parts
    assert not any(is_mention and "guest" in text for text, is_mention in one.parts)


def test_only_who_may_see_the_record_is_offered(shop):
    order = shop.order("ann")
    shop.office.update(None, "user", shop.office.ids["kim"], name="王雪")
    with shop.office.look("ann") as unit:
        row = records.readable_row(unit, "order", order)
        assert [each.login for each in comments.mentionable(unit, row, "wx")] == ["kim"]
        assert [each.login for each in comments.mentionable(unit, row, "王")] == ["kim"]
        everybody = {each.login for each in comments.mentionable(unit, row, "")}
        assert comments.mentionable(unit, row, "guest") == ()
    assert "guest" not in everybody
    assert "ann" not in everybody


def test_of_two_of_one_name_the_chosen_one_is_meant(shop):
    order = shop.order("ann")
    for login in ("kim", "max"):
        shop.office.update(None, "user", shop.office.ids[login], name="王雪")
    say(shop, "ann", order, "@王雪 看一下", chosen=[shop.office.ids["max"]])
    assert inbox(shop, "kim") == []
    assert len(inbox(shop, "max")) == 1
    say(shop, "ann", order, "@王雪 再看一下", chosen=[shop.office.ids["guest"], 10**18])
    assert (len(inbox(shop, "kim")), len(inbox(shop, "max")), len(inbox(shop, "guest"))) == (1, 2, 0)


def test_who_follows_is_told_once_and_the_author_never(shop):
    order = shop.order("ann")
    say(shop, "kim", order, "@ann ready?")
    say(shop, "ann", order, "yes")
    assert [kind for kind, _, _ in inbox(shop, "ann")] == ["~mentioned"]
    assert [kind for kind, _, _ in inbox(shop, "kim")] == ["~commented"]
    with shop.office.act("kim") as unit:
        following.leave(unit, "order", order)
    say(shop, "ann", order, "anybody?")
    assert len(inbox(shop, "kim")) == 1


def test_one_who_left_is_not_made_to_follow_by_their_own_comment(shop):
    order = shop.order("ann")
    with shop.office.act("ann") as unit:
        following.leave(unit, "order", order)
    say(shop, "ann", order, "one more thing")
    with shop.office.look("ann") as unit:
        assert not following.is_following(unit, "order", order)


def test_ones_own_is_changed_or_taken_back_for_a_day(shop, clock):
    order = shop.order("ann")
    first = say(shop, "ann", order, "tomorow")
    file = attach(shop, "ann", order)
    second = say(shop, "ann", order, "the drawing", attached=[file])
    with shop.office.act("ann") as unit:
        comments.edit(unit, "order", order, first, "tomorrow, @kim")
    assert len(inbox(shop, "kim")) == 1
    with pytest.raises(Denied), shop.office.act("kim") as unit:
        comments.edit(unit, "order", order, first, "never")
    with pytest.raises(Denied), shop.office.act("kim") as unit:
        comments.remove(unit, "order", order, first)
    with shop.office.act("ann") as unit:
        comments.remove(unit, "order", order, second)
    newest, oldest = said(shop, "kim", order)
    assert (newest.is_removed, newest.text, newest.files) == (True, "", ())
    assert (oldest.text, oldest.edited_at is not None) == ("tomorrow, @kim", True)
    with shop.office.look("kim") as unit, pytest.raises(NotFound):
        records.open_attachment(unit, file)
    clock.advance(days=16)
    with shop.office.act(None) as unit:
        assert remove_untied(unit) == 1
    with pytest.raises(Denied), shop.office.act("ann") as unit:
        comments.remove(unit, "order", order, first)
    with shop.office.act("root") as unit:
        comments.remove(unit, "order", order, first)


def test_an_attachment_is_open_to_whoever_may_see_the_record(shop):
    order = shop.order("ann")
    file = attach(shop, "ann", order)
    with shop.office.look("kim") as unit, pytest.raises(NotFound):
        records.open_attachment(unit, file)
    say(shop, "ann", order, "", attached=[file])
    with shop.office.look("kim") as unit:
        assert records.open_attachment(unit, file)[0].name == "note.txt"
    with shop.office.look("guest") as unit, pytest.raises(NotFound):
        records.open_attachment(unit, file)


def test_nobody_attaches_what_is_not_theirs_or_belongs_elsewhere(shop):
    order = shop.order("ann")
    theirs = attach(shop, "kim", order)
    mine = attach(shop, "ann", order, b"other words")
    say(shop, "ann", order, "", attached=[mine])
    for file in (theirs, mine, 10**15):
        with pytest.raises(Refused) as refused, shop.office.act("ann") as unit:
            comments.add(unit, "order", order, "take this", attached=[file])
        assert refused.value.problems[0].path == "files"
    with shop.office.look(None) as unit:
        tied = unit.connection.execute(
            select(file_table.c.record_id).where(file_table.c.id == theirs)
        ).scalar_one()
    assert tied is None


def test_what_cannot_be_said_is_refused_with_what_is_expected(shop):
    order = shop.order("ann")
    for text, code in ((" \x00\n ", "required"), ("x" * 4001, "too_long")):
        with pytest.raises(Refused) as refused, shop.office.act("ann") as unit:
            comments.add(unit, "order", order, text)
        assert [each.code for each in refused.value.problems] == [code]


def test_a_click_made_twice_says_it_once(shop, clock):
    order = shop.order("ann")
    assert say(shop, "ann", order, "ready") == say(shop, "ann", order, "ready")
    clock.advance(minutes=1)
    say(shop, "ann", order, "ready")
    assert len(said(shop, "ann", order)) == 2


def test_a_comment_is_found_at_its_own_record_only(shop):
    order, other = shop.order("ann"), shop.order("ann")
    one = say(shop, "ann", order, "here")
    with shop.office.look("ann") as unit, pytest.raises(NotFound):
        comments.find_comment(unit, "order", other, one)
    with shop.office.look("ann") as unit, pytest.raises(NotFound):
        comments.find_comment(unit, "customer", order, one)
    with shop.office.look(None) as unit:
        assert unit.connection.execute(select(comment_table.c.author_id)).scalars().all() == [
            shop.office.ids["ann"]
        ]


@given(st.text(), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_the_pieces_of_a_text_are_the_text(text, names):
    pieces = parts(text, names)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece.removeprefix("@") in names for piece, is_mention in pieces if is_mention)
