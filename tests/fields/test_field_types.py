"""Every type's examples hold, and what one side writes the other side reads back."""

from decimal import Decimal

import pytest

from orderkit.catalog import built_in
from orderkit.fields.field_type import Accepts, Invalid, Rejects

TYPES = built_in().fields
CONTEXT = {"currency": "CNY", "timezone": "Asia/Shanghai", "language": "zh"}


def options_of(field_type):
    return field_type.Options.model_validate(dict(field_type.example_options), context=CONTEXT)


EXAMPLES = [
    pytest.param(field_type, example, id=f"{field_type.name} {example.text!r}")
    for field_type in TYPES.values()
    for example in field_type.examples
]


def test_every_type_of_the_language_is_there():
    names = """
    text longtext richtext integer decimal money percent boolean date time datetime duration choice choices ref
    refs lines user users department email phone url address location file files image images signature barcode
    color rating json
    """
    assert set(TYPES) == set(names.split())


@pytest.mark.parametrize(("field_type", "example"), EXAMPLES)
def test_an_example_is_read_and_shown_as_it_says(field_type, example):
    options = options_of(field_type)
    found = field_type.parse(options, example.text)
    if isinstance(example, Rejects):
        assert isinstance(found, Invalid)
        assert set(found.message) == {"zh", "en"}
        return
    assert isinstance(example, Accepts)
    assert found == example.value
    assert type(found) is type(example.value)
    if example.shown is not None:
        assert field_type.show(options, found, "zh-CN") == example.shown


@pytest.mark.parametrize(("field_type", "example"), EXAMPLES)
def test_what_is_written_for_an_input_or_the_api_reads_back_the_same(field_type, example):
    if isinstance(example, Rejects):
        return
    options = options_of(field_type)
    assert field_type.parse(options, field_type.edit_text(options, example.value)) == example.value
    assert field_type.from_json(options, field_type.to_json(options, example.value)) == example.value


@pytest.mark.parametrize("field_type", TYPES.values(), ids=list(TYPES))
@pytest.mark.parametrize("value", [[], {}, 1e400, "\ud800", "9" * 500, float("nan")], ids=repr)
def test_nonsense_from_outside_is_refused_or_read_and_never_raises(field_type, value):
    options = options_of(field_type)
    field_type.from_json(options, value)
    field_type.read_cell(options, value)
    if isinstance(value, str):
        field_type.parse(options, value)


@pytest.mark.parametrize("field_type", TYPES.values(), ids=list(TYPES))
def test_options_survive_the_stored_model(field_type):
    options = options_of(field_type)
    assert field_type.Options.model_validate(options.model_dump(mode="json")) == options


@pytest.mark.parametrize(
    ("name", "given", "value", "path"),
    [
        ("text", {"pattern": r"\d{3}"}, "12", None),
        ("text", {"max_length": "3"}, "1234", None),
        ("text", {"min_length": "3"}, "12", None),
        ("longtext", {"max_length": "1"}, "12", None),
        ("integer", {"min": "1"}, 0, None),
        ("integer", {"max": "1"}, 2, None),
        ("money", {"min": "0.01"}, Decimal("0.00"), None),
        ("percent", {"max": "1"}, Decimal("1.0001"), None),
        ("lines", {"min": "1"}, 0, None),
        ("choice", {"options": ["a"]}, "b", None),
    ],
)
def test_a_value_outside_its_limits_is_refused(name, given, value, path):
    field_type = TYPES[name]
    options = field_type.Options.model_validate(given, context=CONTEXT)
    assert isinstance(field_type.check(options, value), Invalid)


@pytest.mark.parametrize(
    ("name", "given", "where"),
    [
        ("text", {"pattern": "("}, ("pattern",)),
        ("text", {"pattern": "(a+)+$"}, ("pattern",)),
        ("text", {"pattern": "((a|b*)c)*"}, ("pattern",)),
        ("text", {"pattern": "x" * 201}, ("pattern",)),
        ("text", {"max_length": "many"}, ("max_length",)),
        ("integer", {"min": "2", "max": "1"}, ()),
        ("decimal", {"scale": "13"}, ("scale",)),
        ("money", {"currency": "yuan"}, ("currency",)),
        ("money", {"colour": "red"}, ("colour",)),
        ("date", {"min": "soon"}, ("min",)),
        ("datetime", {"timezone": "Mars/Base"}, ("timezone",)),
        ("choice", {"options": []}, ("options",)),
        ("choice", {"options": ["a", "a"]}, ("options",)),
        ("choice", {}, ("options",)),
        ("ref", {"to": "Order"}, ("to",)),
        ("ref", {"to": "order", "on_delete": "ignore"}, ("on_delete",)),
        ("file", {"max_size": "big"}, ("max_size",)),
        ("file", {"accept": ["../x"]}, ("accept",)),
    ],
)
def test_wrong_options_are_refused_at_their_key(name, given, where):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - pydantic's error is a ValueError
        TYPES[name].Options.model_validate(given)
    assert refused.value.errors()[0]["loc"][: len(where)] == where


def test_patterns_that_people_write_are_allowed():
    for pattern in (r"\d{3}-\d{4}", r"(SO|PO)\d+", r"[^()+*]+", r"(\d{4})?", r"[]+]*", r"(ab)+c"):
        TYPES["text"].Options.model_validate({"pattern": pattern})


def test_choice_options_are_written_as_list_map_or_full_map():
    options = TYPES["choice"].Options
    short = options.model_validate({"options": ["微信", "电话"]}, context=CONTEXT)
    assert [(o.value, o.label) for o in short.options] == [("微信", {"zh": "微信"}), ("电话", {"zh": "电话"})]
    full = options.model_validate(
        {
            "options": {
                "a": "甲",
                "b": {"zh": "乙", "en": "B"},
                "c": {"label": {"en": "C"}, "color": "red", "retired": "true", "renamed_from": "d"},
            }
        },
        context=CONTEXT,
    )
    assert [o.label for o in full.options] == [{"zh": "甲"}, {"zh": "乙", "en": "B"}, {"en": "C"}]
    assert full.by_value["c"].retired
    assert full.by_value["c"].renamed_from == "d"


def test_a_number_in_a_sheet_is_a_ratio_and_a_text_is_a_percentage():
    percent = TYPES["percent"]
    options = options_of(percent)
    assert percent.read_cell(options, 0.15) == Decimal("0.1500")
    assert percent.read_cell(options, "15") == Decimal("0.1500")


def test_a_float_in_a_sheet_is_read_by_its_digits():
    assert TYPES["money"].read_cell(options_of(TYPES["money"]), 0.1 + 0.2) == Decimal("0.30")
    assert TYPES["text"].read_cell(options_of(TYPES["text"]), 12.0) == "12"
    assert TYPES["integer"].read_cell(options_of(TYPES["integer"]), 12.0) == 12


@pytest.mark.parametrize(
    ("name", "value", "locale", "shown"),
    [
        ("money", Decimal("1234567.5"), "en", "1,234,567.50"),
        ("money", Decimal("1234567.5"), "de", "1.234.567,50"),
        ("money", Decimal("1234567.5"), "en-IN", "12,34,567.50"),
        ("money", Decimal("-0.005"), "zh-CN", "-0.01"),
        ("percent", Decimal("0.1250"), "en", "12.5%"),
        ("boolean", False, "en", "No"),
        ("choice", "prepaid", "en", "Prepaid"),
        ("choice", "gone", "en", "gone"),
    ],
)
def test_a_value_is_shown_in_the_way_of_the_locale(name, value, locale, shown):
    assert TYPES[name].show(options_of(TYPES[name]), value, locale) == shown
