"""What a browser sent becomes values: by type, row by row, and with what was typed kept."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies
from starlette.datastructures import FormData

from orderkit.catalog import built_in
from orderkit.web.editing.decoding import (
    MOST_ROWS,
    Decoded,
    decode,
    may_be_given_to_many,
    without_untouched_copies,
)
from orderkit.web.errors import BadForm
from tests.support.projects import example

ORDER = example().form_by_id["order"]


def _decoded(*pairs: tuple[str, str], is_new: bool = True) -> Decoded:
    return decode(FormData(list(pairs)), ORDER, example(), built_in(), is_new=is_new)


def test_values_are_read_by_the_type_of_their_field() -> None:
    found = _decoded(
        ("customer", "3"),
        ("note", " a\r\nb "),
        ("lines.rows", "1"),
        ("lines", "k:7"),
        ("lines.k.qty", "1,200.5"),
    )
    assert found.values == {"customer": 3, "note": "a\nb"}
    assert found.lines["lines"][0].id == 7
    assert found.lines["lines"][0].values == {"qty": Decimal("1200.500")}


def test_what_was_not_sent_is_not_changed() -> None:
    assert _decoded(("note", "x")).values == {"note": "x"}
    assert _decoded(("note", "x")).lines == {}
    assert _decoded(("lines.rows", "1")).lines == {"lines": ()}


def test_a_ticked_box_sends_two_values_and_the_last_one_counts() -> None:
    form = example().form_by_id["customer"]
    for sent, value in ((("false",), False), (("false", "true"), True)):
        pairs = FormData([("active", each) for each in sent])
        assert decode(pairs, form, example(), built_in(), is_new=False).values == {"active": value}


@pytest.mark.parametrize(
    "name", ["total", "status", "number", "id", "revision", "created_by", "overdue", "nothing"]
)
def test_what_nobody_may_type_is_left_out(name: str) -> None:
    assert _decoded((name, "1")).values == {}


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    found = _decoded(("need_by", "soon"), ("lines.rows", "1"), ("lines", "k:"), ("lines.k.qty", "many"))
    assert [problem.path for problem in found.problems] == ["need_by", "lines.0.qty"]
    assert found.texts == {"need_by": "soon", "lines.k.qty": "many"}
    assert found.name_of("lines.0.qty") == "lines.k.qty"


def test_defaults_come_where_a_new_row_was_left_alone_and_not_where_it_was_cleared() -> None:
    row = [
        ("lines.rows", "1"),
        ("lines", "k:"),
        ("lines.k.qty", "2"),
        ("lines.k.discount", ""),
        ("drafted", "1"),
    ]
    alone = _decoded(*row, ("touched", "lines.k.qty"))
    cleared = _decoded(*row, ("touched", "lines.k.qty lines.k.discount"))
    assert alone.lines["lines"][0].values == {"qty": Decimal("2.000")}
    assert cleared.lines["lines"][0].values == {"qty": Decimal("2.000"), "discount": None}


def test_copies_that_nobody_typed_are_left_to_the_engine() -> None:
    row = [
        ("lines.rows", "1"),
        ("lines", "k:"),
        ("lines.k.price", "5"),
        ("lines.k.qty", "1"),
        ("drafted", "1"),
    ]
    for touched, kept in (("lines.k.qty", {"qty"}), ("lines.k.qty lines.k.price", {"qty", "price"})):
        found = without_untouched_copies(_decoded(*row, ("touched", touched)), ORDER, example())
        assert set(found.lines["lines"][0].values) == kept


@given(strategies.lists(strategies.text("abc123", min_size=1, max_size=4), unique=True, max_size=5))
def test_names_and_paths_lead_to_each_other(keys: list[str]) -> None:
    found = Decoded(keys={"lines": tuple(keys)})
    for key in keys:
        assert found.name_of(found.path_of(f"lines.{key}.qty")) == f"lines.{key}.qty"
    assert found.path_of("need_by") == found.name_of("need_by") == "need_by"


@given(strategies.text(max_size=30))
def test_a_row_is_read_or_refused_but_never_breaks(text: str) -> None:
    try:
        found = _decoded(("lines.rows", "1"), ("lines", text), ("touched", f"lines.{text[:-1]}.qty"))
    except BadForm:
        return
    assert len(found.lines["lines"]) <= 1


def test_a_mass_of_rows_that_nobody_typed_into_is_no_work() -> None:
    rows = [("lines", f"n{each}:") for each in range(50_000)]
    assert _decoded(("lines.rows", "1"), *rows).lines == {"lines": ()}


def test_an_account_of_typing_longer_than_any_page_is_refused() -> None:
    names = " ".join(f"lines.n{each}.qty" for each in range(50_000))
    with pytest.raises(BadForm):
        _decoded(("drafted", "1"), ("touched", names))


@pytest.mark.parametrize(
    "keys", [[f"n{number}" for number in range(MOST_ROWS + 1)], ["n1", "n1"]], ids=["too many", "twice"]
)
def test_rows_that_no_page_of_ours_sends_are_refused(keys: list[str]) -> None:
    rows = [("lines", f"{key}:{number}") for number, key in enumerate(keys, 1)]
    with pytest.raises(BadForm):
        _decoded(("lines.rows", "1"), *rows)
    # Any of them alone is taken.
    assert len(_decoded(("lines.rows", "1"), rows[0]).lines["lines"]) == 1


@pytest.mark.parametrize(
    ("form", "field", "is_given"),
    [
        ("order", "note", True),
        ("order", "customer", True),
        ("customer", "code", False),
        ("order", "contract", False),
        ("order", "status", False),
        ("order", "total", False),
        ("receipt", "customer", False),
    ],
    ids=["text", "reference", "unique", "attachment", "state", "computed", "copied for good"],
)
def test_many_records_are_given_what_may_stand_in_several_of_them(
    form: str, field: str, *, is_given: bool
) -> None:
    assert may_be_given_to_many(example().form_by_id[form].by_id[field], built_in()) is is_given
