"""From model to model: every kind of change that YAML can mean, and what of it is refused."""

import pytest

from orderkit.catalog import built_in
from orderkit.database.changes.between import changes_between
from orderkit.database.changes.kinds import (
    AddColumn,
    AlterColumn,
    Change,
    LinesFromForm,
    MoveColumn,
    Recompute,
    RenameOptions,
    Retarget,
    SplitOption,
)
from orderkit.database.changes.reversing import reverse, reversed_changes
from orderkit.database.revisions.describing import describe
from tests.database.projects import difference, project, snapshot


def described(before: str, after: str, *allow_drop: str) -> list[str]:
    found = difference(before, after, *allow_drop)
    assert [dict(problem.message) for problem in found.problems] == []
    return [describe(change) for change in found.changes]


def only(before: str, after: str, kind: type[Change]) -> Change:
    (found,) = [each for each in difference(before, after).changes if isinstance(each, kind)]
    return found


def fields(text: str) -> str:
    return f"form: order\nfields: {{keep: {{type: text}}, {text}}}"


def choice(*options: str, more: str = "") -> str:
    return fields(f"kind: {{type: choice, options: {{{', '.join(options)}}}{more}}}")


LINKED = """
# customer.yaml
form: customer
fields: {code: {type: text, unique: true}%s}
# order.yaml
form: order
fields: {customer: {type: ref, to: customer}%s, lines: {type: lines, fields: {qty: {type: integer}%s}}}
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            fields("a: {type: text}"),
            fields("a: {type: text, label: {zh: 甲, en: A}, help: {zh: 甲, en: A}}"),
            [],
            id="what people read is no change of tables",
        ),
        pytest.param(
            fields("a: {type: text}"),
            fields("b: {type: integer, renamed_from: a}"),
            ["rename column order.a to b", "alter column order.b"],
            id="a rename and another type at once",
        ),
        pytest.param(
            fields("a: {type: decimal, scale: 4}"),
            fields("a: {type: decimal, scale: 2}"),
            ["alter column order.a"],
            id="fewer decimal places",
        ),
        pytest.param(
            fields("a: {type: text}"),
            fields("a: {type: text, required: true, backfill: keep}"),
            ["alter column order.a"],
            id="required, and filled",
        ),
        pytest.param(
            fields("a: {type: text}"),
            fields("a: {type: text, required: true}"),
            [],
            id="required, with nothing to fill it: rows stay as they are",
        ),
        pytest.param(
            fields("a: {type: text, required: true}"),
            fields("a: {type: text}"),
            ["alter column order.a"],
            id="optional",
        ),
        pytest.param(
            fields("a: {type: integer}"),
            fields("a: {type: integer}, b: {type: integer, compute: 'a * 2'}"),
            ["add column order.b", "recompute order.b"],
            id="a computed field",
        ),
        pytest.param(
            fields("a: {type: integer}, b: {type: integer, compute: 'a * 2'}"),
            fields("a: {type: integer}, b: {type: integer, compute: 'a * 3'}"),
            ["recompute order.b"],
            id="another formula",
        ),
        pytest.param(
            fields("a: {type: integer}, b: {type: integer, compute: 'a * 2'}"),
            fields("c: {type: integer, renamed_from: a}, b: {type: integer, compute: 'c * 2'}"),
            ["rename column order.a to c"],
            id="the same formula of a field under a new name",
        ),
        pytest.param(
            fields("kind: {type: choice, options: [x, y]}, n: {type: boolean, compute: \"kind == 'x'\"}"),
            fields("kind: {type: choice, options: [x, y, z]}, n: {type: boolean, compute: \"kind == 'x'\"}"),
            ["add options of order.kind: z"],
            id="one more option of what a formula reads",
        ),
        pytest.param(
            fields("a: {type: integer}, b: {type: integer, compute: 'a'}, c: {type: integer, compute: 'b'}"),
            fields(
                "a: {type: integer}, b: {type: integer, compute: 'a + 1'}, c: {type: integer, compute: 'b'}"
            ),
            ["recompute order.b", "recompute order.c"],
            id="what follows from another formula, after it",
        ),
        pytest.param(
            choice("a: A", "b: B"),
            choice("b: B", "a: A"),
            ["reorder options of order.kind"],
            id="other order",
        ),
        pytest.param(
            choice("a: A"),
            choice("b: {label: B, renamed_from: a}"),
            ["rename options of order.kind: a to b"],
            id="an option under a new name",
        ),
        pytest.param(
            choice("a: A"),
            choice(
                "b: {label: B, renamed_from: a}", "c: C", more=", backfill: \"'c' if keep == 'x' else 'b'\""
            ),
            ["split option a of order.kind into b, c", "add options of order.kind: c"],
            id="an option that is split",
        ),
        pytest.param(
            choice("a: A", more=", backfill: \"'a'\""),
            choice("b: {label: B, renamed_from: a}", "c: C", more=", backfill: \"'b'\""),
            ["split option a of order.kind into b, c", "add options of order.kind: c"],
            id="a backfill that is another one",
        ),
        pytest.param(
            choice("a: A", "z: Z", more=", backfill: \"'z'\""),
            choice("b: {label: B, renamed_from: a}", "c: C", "z: Z", more=", backfill: \"'z'\""),
            ["rename options of order.kind: a to b", "add options of order.kind: c"],
            id="a backfill that was there before splits nothing",
        ),
        pytest.param(
            choice("a: A", "b: B"),
            choice("a: A", "b: {label: B, retired: true}"),
            [],
            id="an option that is not offered any more",
        ),
        pytest.param(
            LINKED % ("", ", memo: {type: text}", ""),
            LINKED % ("", "", ", memo: {type: text, moved_from: order.memo}"),
            [
                "add column order__lines.memo",
                "move column order.memo to order__lines.memo",
                "retire column order.memo",
            ],
            id="a field that moves down to the lines",
        ),
        pytest.param(
            LINKED % ("", ", memo: {type: text}", ""),
            LINKED % (", memo: {type: text, moved_from: order.memo}", "", ""),
            [
                "add column customer.memo",
                "move column order.memo to customer.memo",
                "retire column order.memo",
            ],
            id="a field that moves up to what is referred to",
        ),
        pytest.param(
            fields("a: {type: date}"),
            fields("a: {type: integer, convert: \"number(replace(value, '-', ''))\"}"),
            ["alter column order.a"],
            id="a type that has no cast, with how to convert",
        ),
        pytest.param(
            fields("a: {type: text}"),
            fields("a: {type: choice, options: [x, y], convert: \"'x' if value == 'X' else 'y'\"}"),
            ["alter column order.a"],
            id="a type that is kept alike, with how to convert",
        ),
    ],
)
def test_what_a_change_of_the_yaml_means(before, after, expected):
    assert described(before, after) == expected


CUSTOMERS = """
# customer.yaml
form: customer
fields: {code: {type: text, unique: true}}
# client.yaml
form: client
fields: {code: {type: text, unique: true}}
# order.yaml
form: order
fields: {buyer: {type: ref, to: %s}}
"""


def test_a_reference_to_another_form_finds_its_record_by_their_common_key():
    assert described(CUSTOMERS % "customer", CUSTOMERS % "client") == [
        "drop foreign key order__buyer_fkey",
        "retarget order.buyer to client",
        "add foreign key order__buyer_fkey",
    ]
    change = only(CUSTOMERS % "customer", CUSTOMERS % "client", Retarget)
    assert change == Retarget(
        table="order", form="order", column="buyer", old_target="customer", new_target="client", key="code"
    )


STANDALONE = """
# order.yaml
form: order
fields: {note: {type: text}}
# item.yaml
form: item
fields: {of: {type: ref, to: order}, qty: {type: integer}}
"""
AS_LINES = """
form: order
fields: {note: {type: text}, items: {type: lines, moved_from: item.of, fields: {qty: {type: integer}}}}
"""
AS_FORM = """
# order.yaml
form: order
fields: {note: {type: text}}
# item.yaml
form: item
fields: {of: {type: ref, to: order, moved_from: order.items.order}, qty: {type: integer}}
"""
LINES_BEFORE = """
form: order
fields: {note: {type: text}, items: {type: lines, fields: {qty: {type: integer}}}}
"""


def test_records_that_become_lines_keep_their_rows_and_get_a_place():
    found = described(STANDALONE, AS_LINES)
    assert "table item becomes lines order__items" in found
    assert "rename column order__items.of to order" in found
    assert "add column order__items.position" in found
    assert "alter column order__items.order" in found
    assert not any(each.startswith(("create table", "retire table")) for each in found)
    assert only(STANDALONE, AS_LINES, LinesFromForm).link == "of"


def test_lines_that_become_records_are_owned_as_their_parent_was():
    found = described(LINES_BEFORE, AS_FORM)
    assert "lines order__items become table item" in found
    assert "rename column item.order to of" in found
    assert "retire column item.position" in found
    filled = {
        change.column.name
        for change in difference(LINES_BEFORE, AS_FORM).changes
        if isinstance(change, AddColumn) and change.filled_by is not None
    }
    assert filled == {"owner", "created_at", "created_by", "updated_at", "updated_by"}


def test_a_formula_sees_what_else_changes():
    before = fields("a: {type: text}, b: {type: boolean, compute: 'a == keep'}")
    after = fields(
        "a: {type: text, required: true, backfill: keep}, b: {type: boolean, compute: 'a == keep'}"
    )
    assert described(before, after) == ["alter column order.a", "recompute order.b"]
    change = only(before, after, Recompute)
    assert isinstance(change, Recompute)
    assert change.before == change.formula


def test_another_reference_of_lines_changes_no_sum_over_them():
    """Adding a reference to a large table of lines must not rewrite every record that they belong to."""
    order = """
form: order
fields:
  lines: {{type: lines, fields: {{qty: {{type: integer}}{more}}}}}
  total: {{type: integer, compute: "sum(lines.qty)"}}
"""
    found = described(order.format(more=""), order.format(more=", of: {type: ref, to: order}"))
    assert found == [
        "add column order__lines.of",
        "add index order__lines__of_idx",
        "add foreign key order__lines__of_fkey",
    ]


def test_a_form_under_a_new_name_keeps_its_formulas():
    before = "form: order\nfields: {a: {type: integer}, b: {type: integer, compute: 'a * 2'}}"
    after = (
        "form: sale\nrenamed_from: order\nfields: {a: {type: integer}, b: {type: integer, compute: 'a * 2'}}"
    )
    assert described(before, after)[-1].startswith("add foreign key")
    assert not any(each.startswith("recompute") for each in described(before, after))


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        pytest.param(
            fields("a: {type: text}"), fields("b: {type: text}"), ["OK6102"], id="a field that goes"
        ),
        pytest.param(
            "form: order\nfields: {a: {type: text}}\n",
            "form: sale\nfields: {a: {type: text}}\n",
            ["OK6101"],
            id="a form that goes",
        ),
        pytest.param(choice("a: A", "b: B"), choice("a: A"), ["OK6103"], id="an option that goes"),
        pytest.param(
            fields("a: {type: date}"), fields("a: {type: integer}"), ["OK6120"], id="a type without a cast"
        ),
        pytest.param(
            fields("a: {type: date}"),
            fields("b: {type: boolean, renamed_from: a}"),
            ["OK6120"],
            id="a rename and a type without a cast",
        ),
        pytest.param(
            fields("a: {type: text}"),
            fields("c: {type: text, renamed_from: b}"),
            ["OK6110"],
            id="a chain of renames over several builds names its last link",
        ),
        pytest.param(
            fields("a: {type: text}, b: {type: text}"),
            fields("b: {type: text, renamed_from: a}, c: {type: text, renamed_from: b}"),
            ["OK6113"],
            id="a chain of renames at once",
        ),
        pytest.param(
            fields("a: {type: text}, b: {type: text}"),
            fields("a: {type: text, renamed_from: b}, b: {type: text, renamed_from: a}"),
            ["OK6113", "OK6113"],
            id="two names that are exchanged",
        ),
        pytest.param(
            fields("a: {type: text}"),
            fields("b: {type: text, renamed_from: a}, c: {type: text, renamed_from: a}"),
            ["OK6112"],
            id="two that were one",
        ),
        pytest.param(
            fields("a: {type: text}, b: {type: text}"),
            fields("b: {type: text, renamed_from: a}"),
            ["OK6113"],
            id="onto one that is there",
        ),
        pytest.param(
            choice("a: A"), choice("b: {label: B, renamed_from: x}"), ["OK6110"], id="an option from nothing"
        ),
        pytest.param(
            fields("a: {type: integer}, b: {type: integer}"),
            fields("a: {type: integer}, b: {type: integer, compute: a}"),
            ["OK6102"],
            id="a formula over what people entered",
        ),
        pytest.param(
            LINKED % ("", "", ""),
            LINKED % ("", "", ", memo: {type: text, moved_from: order.memo}"),
            ["OK6130"],
            id="moved from nothing",
        ),
    ],
)
def test_what_is_refused_has_one_finding_with_code_and_remedy(before, after, codes):
    problems = difference(before, after).problems
    assert [problem.known_as.id for problem in problems if problem.known_as] == codes
    for problem in problems:
        assert problem.path
        assert problem.message["zh"] != problem.message["en"]
        assert problem.help is not None
        assert problem.help["zh"] != problem.help["en"]


@pytest.mark.parametrize(
    ("before", "after", "allowed", "expected", "retires"),
    [
        pytest.param(
            fields("a: {type: text}"),
            fields(""),
            "order.a",
            ["retire column order.a"],
            ("order.a",),
            id="a field",
        ),
        pytest.param(
            choice("a: A", "b: B"),
            choice("a: A"),
            "order.kind.b",
            ["retire option b of order.kind"],
            ("order.kind.b",),
            id="an option",
        ),
        pytest.param(
            fields("a: {type: integer}, b: {type: integer}"),
            fields("a: {type: integer}, b: {type: integer, compute: a}"),
            "order.b",
            ["retire column order.b", "add column order.b", "recompute order.b"],
            ("order.b",),
            id="what people entered, for a formula of that name",
        ),
    ],
)
def test_what_people_allow_to_go_is_kept_in_a_shadow_table(before, after, allowed, expected, retires):
    assert described(before, after, allowed) == expected
    assert difference(before, after, allowed).retires == retires


def test_a_form_that_may_go_takes_its_lines_with_it():
    other = "\n# note.yaml\nform: note\nfields: {a: {type: text}}"
    found = described("# order.yaml\n" + LINES_BEFORE + other, other, "order")
    assert found == ["retire table order__items", "retire table order"]


@pytest.mark.parametrize(
    ("allowed", "code", "place"),
    [
        ("order.a", "OK6104", "first.yaml:2"),
        ("order.kind.x", "OK6104", "order.kind"),
        ("order.zzz", "OK6105", ""),
    ],
)
def test_what_is_allowed_in_vain_is_refused_with_its_places(allowed, code, place):
    text = fields("a: {type: text}, kind: {type: choice, options: [x]}")
    (problem,) = difference(text, text, allowed).problems
    assert problem.known_as is not None
    assert problem.known_as.id == code
    assert place in problem.message["en"]


def test_a_required_field_without_a_value_comes_optional_and_says_so():
    before, after = fields("a: {type: text}"), fields("a: {type: text}, b: {type: text, required: true}")
    found = difference(before, after)
    column = found.target["order"].column("b")
    assert column is not None
    assert column.is_nullable
    assert "order.b" in found.notes[0]["zh"]


@pytest.mark.parametrize(
    ("added", "formula", "said"),
    [
        ("off: {type: integer, default: 0}", "qty * 2 - off", ("order.off",)),
        ("off: {type: integer, required: true}", "-off", ("order.off", "order.off")),
        ("off: {type: integer, default: 0, backfill: 0}", "qty * 2 - off", ()),
        ("off: {type: integer, required: true, default: 0}", "qty * 2 - off", ()),
        ("off: {type: integer}", "qty * 2 - coalesce(off, 0)", ()),
        ("off: {type: integer}", "qty * 3", ()),
    ],
)
def test_a_formula_that_becomes_empty_by_a_new_field_is_told_before_totals_are_gone(added, formula, said):
    before = fields("qty: {type: integer}, total: {type: integer, compute: qty * 2}")
    after = fields(f'qty: {{type: integer}}, {added}, total: {{type: integer, compute: "{formula}"}}')
    notes = difference(before, after).notes
    assert len(notes) == len(said)
    assert all(
        name in note[language] for name, note in zip(said, notes, strict=True) for language in ("zh", "en")
    )
    assert all("order.total" in note["en"] for note in notes[-1:])


def test_a_required_field_gets_its_default_or_its_backfill():
    before = fields("a: {type: text}")
    with_default = fields("a: {type: text}, b: {type: text, required: true, default: x}")
    with_backfill = fields("a: {type: text}, b: {type: text, required: true, backfill: a}")
    first, second = only(before, with_default, AddColumn), only(before, with_backfill, AddColumn)
    assert isinstance(first, AddColumn)
    assert isinstance(second, AddColumn)
    assert (first.column.is_nullable, first.column.backfill, first.filled_by) == (False, "x", None)
    assert (second.column.is_nullable, second.filled_by is not None) == (False, True)


def test_the_first_revision_looks_at_no_past():
    model = project(fields("a: {type: text, renamed_from: gone}, b: {type: text, moved_from: gone.b}"))
    found = changes_between(None, model, built_in())
    assert found.problems == ()
    assert changes_between(snapshot(model), model, built_in()).changes == ()


@pytest.mark.parametrize(
    "change",
    [
        RenameOptions(table="t", form="t", column="c", mapping=(("a", "b"),)),
        MoveColumn(
            form="a", table="a", column="x", to_form="b", to_table="b", to_column="y", link="l", is_down=True
        ),
        Retarget(table="t", form="t", column="c", old_target="a", new_target="b", key="k"),
    ],
    ids=lambda change: type(change).__name__,
)
def test_undoing_twice_does_it_again(change):
    assert reverse(reverse(change)) == change
    assert reverse(change) != change


def test_formulas_of_before_are_computed_last_when_undoing():
    before = fields("a: {type: integer}, b: {type: integer, compute: a}")
    after = fields("c: {type: integer, renamed_from: a}, b: {type: integer, compute: 'c + 1'}")
    found = [describe(change) for change in reversed_changes(difference(before, after).changes)]
    assert found == ["rename column order.c to a", "recompute order.b as before"]


def test_a_split_is_undone_by_putting_the_options_together():
    split = only(
        choice("a: A"),
        choice("b: {label: B, renamed_from: a}", "c: C", more=", backfill: \"'c'\""),
        SplitOption,
    )
    assert describe(reverse(split)) == "merge options b, c of order.kind into a"


def test_a_field_keeps_its_values_by_convert_only_once():
    before = fields("a: {type: text}")
    after = fields("a: {type: integer, convert: 'number(value)'}")
    change = only(before, after, AlterColumn)
    assert isinstance(change, AlterColumn)
    assert change.convert is not None
    assert difference(after, after).changes == ()


def test_a_unique_field_that_a_formula_takes_over_is_unique_again_afterwards():
    before = fields("a: {type: integer}, b: {type: integer, unique: true}")
    after = fields("a: {type: integer}, b: {type: integer, unique: true, compute: a}")
    assert described(before, after, "order.b") == [
        "drop unique key order__b_key",
        "retire column order.b",
        "add column order.b",
        "recompute order.b",
        "add unique key order__b_key",
    ]
