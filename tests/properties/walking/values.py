"""Steps that turn the values of a field into others: types, decimal places, options, formulas."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from orderkit.fields.choice import ChoiceOptions
from orderkit.model.forms import Field, Form
from tests.properties.walking.documents import Quoted, fields_of
from tests.properties.walking.scene import DoesNotFit, Edit, Rows, Scene, each_row, each_value

Turn = Callable[[Any], Any]


def text_of_number(value: Decimal) -> str:
    """Return the shortest exact text of a number."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _number(value: str) -> Decimal:
    try:
        return Decimal(value.strip())
    except ArithmeticError as error:
        raise DoesNotFit(value) from error


def _places(value: Decimal, scale: int) -> Decimal:
    found = value.quantize(Decimal(1).scaleb(-scale))
    if found != value:
        raise DoesNotFit(str(value))
    return found


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise DoesNotFit(value) from error


# Old type, new type, words of the new one, and what becomes of a value: what the reference promises, told plainly.
CASTS: tuple[tuple[str, str, dict[str, str], Turn], ...] = (
    ("integer", "text", {}, str),
    ("integer", "decimal", {"scale": "2"}, lambda value: Decimal(value).quantize(Decimal("0.01"))),
    ("decimal", "text", {}, text_of_number),
    ("decimal", "integer", {}, lambda value: int(_places(value, 0))),
    ("decimal", "money", {"scale": "2"}, lambda value: _places(value, 2)),
    ("money", "text", {}, text_of_number),
    ("date", "text", {}, lambda value: value.isoformat()),
    ("choice", "text", {}, str),
    ("text", "longtext", {}, str),
    ("longtext", "text", {}, str),
    ("text", "integer", {}, lambda value: int(_places(_number(value), 0))),
    ("text", "decimal", {"scale": "3"}, lambda value: _places(_number(value), 3)),
    ("text", "date", {}, _day),
    ("integer", "decimal", {"scale": "3", "convert": "value / 2"}, lambda value: Decimal(value * 500) / 1000),
    # An expression sees empty values too; joined to a text they would give one.
    (
        "integer",
        "text",
        {"convert": "null if value == null else concat('n', text(value))"},
        lambda value: f"n{value}",
    ),
)


def retype(scene: Scene) -> Edit | None:
    old, new, more, turn = scene.random.choice(CASTS)
    found = scene.some_field(old, required=False, unique=False)
    if found is None:
        return None
    form, each = found
    words = scene.words_of(form.id, each.id)
    for word in ("scale", "options", "default", "pattern", "min", "max"):
        words.pop(word, None)
    words |= {"type": new} | {
        word: Quoted(text) if word == "convert" else text for word, text in more.items()
    }
    return scene.edit(
        f"{form.id}.{each.id} {old} to {new}{' by convert' if 'convert' in more else ''}",
        rows=lambda rows: each_value(
            rows, form.id, each.id, lambda value: None if value is None else turn(value)
        ),
    )


def rescale(scene: Scene) -> Edit | None:
    found = scene.some_field("decimal", "money")
    if found is None:
        return None
    form, each = found
    places = scene.random.randrange(6)
    scene.words_of(form.id, each.id)["scale"] = str(places)
    return scene.edit(
        f"{form.id}.{each.id} with {places} places",
        rows=lambda rows: each_value(
            rows, form.id, each.id, lambda value: None if value is None else _places(value, places)
        ),
    )


def change_options(scene: Scene) -> Edit | None:
    """Rename, split, add, retire, drop or reorder the options of a field."""
    found = scene.some_field("choice", "choices")
    if found is None:
        return None
    form, each = found
    assert isinstance(each.options, ChoiceOptions)
    known = [option.value for option in each.options.options]
    change = scene.random.choice([_rename, _rename, _split, _add, _retire, _drop, _reorder])
    return change(scene, form, each, scene.random.choice(known))


def _rename(scene: Scene, form: Form, each: Field, old: str) -> Edit:
    new = _put_in_place(scene, form, each, old)

    def turn(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(new if one == old else one for one in value)
        return new if value == old else value

    return scene.edit(
        f"rename option {form.id}.{each.id}.{old} to {new}",
        rows=lambda rows: each_value(rows, form.id, each.id, turn),
    )


def _put_in_place(scene: Scene, form: Form, each: Field, old: str) -> str:
    words, new = scene.words_of(form.id, each.id), scene.name("o")
    words["options"] = {
        new if value == old else value: _map_of(said) | {"renamed_from": old} if value == old else said
        for value, said in words["options"].items()
    }
    if words.get("default") == old:
        words["default"] = new
    return new


def _map_of(said: Any) -> dict[str, Any]:
    return dict(said) if "label" in said else {"label": said}


def _split(scene: Scene, form: Form, each: Field, old: str) -> Edit | None:
    texts = [other.id for other in form.stored_fields if other.type in {"text", "date", "user", "integer"}]
    if each.type != "choice" or not texts:
        return None
    by = scene.random.choice(texts)
    new, other = _put_in_place(scene, form, each, old), scene.name("p")
    words = scene.words_of(form.id, each.id)
    words["options"][other] = {"zh": "另一", "en": "Other"}
    words["backfill"] = Quoted(f"'{other}' if {by} == null else '{new}'")

    def change(rows: Rows) -> Rows:
        return each_row(
            rows,
            form.id,
            lambda row: row if row[each.id] != old else {**row, each.id: other if row[by] is None else new},
        )

    return scene.edit(f"split option {form.id}.{each.id}.{old} by {form.id}.{by}", rows=change)


def _add(scene: Scene, form: Form, each: Field, _: str) -> Edit:
    scene.words_of(form.id, each.id)["options"][scene.name("o")] = {"zh": "更多", "en": "More"}
    return scene.edit(f"add an option to {form.id}.{each.id}")


def _retire(scene: Scene, form: Form, each: Field, old: str) -> Edit | None:
    options = scene.words_of(form.id, each.id)["options"]
    options[old] = _map_of(options[old]) | {"retired": "true"}
    return scene.edit(f"retire option {form.id}.{each.id}.{old}")


def _drop(scene: Scene, form: Form, each: Field, old: str) -> Edit | None:
    options = scene.words_of(form.id, each.id)["options"]
    if len(options) < 2 or each.required:
        return None
    del options[old]

    def turn(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(one for one in value if one != old) or None
        return None if value == old else value

    return scene.edit(
        f"drop option {form.id}.{each.id}.{old}",
        rows=lambda rows: each_value(rows, form.id, each.id, turn),
        allow_drop=frozenset({f"{form.id}.{each.id}.{old}"}),
    )


def _reorder(scene: Scene, form: Form, each: Field, _: str) -> Edit:
    words = scene.words_of(form.id, each.id)
    words["options"] = dict(reversed(words["options"].items()))
    return scene.edit(f"reorder the options of {form.id}.{each.id}")


FORMULAS = ("qty * price", "qty * price * (1 - discount)", "round(qty * price, 1)", "qty * price + 0")


def change_formula(scene: Scene) -> Edit | None:
    """Give a computed field another formula; what is computed from it is worked out anew too."""
    lines = next((form for form in scene.forms if {"qty", "price", "amount"} <= form.by_id.keys()), None)
    if lines is None:
        return None
    scene.words_of(lines.id, "amount")["compute"] = Quoted(scene.random.choice(FORMULAS))
    return scene.edit(f"{lines.id}.amount by another formula", unknown=_computed(scene))


def add_formula(scene: Scene) -> Edit | None:
    found = scene.some_field("integer", "decimal", "money")
    if found is None:
        return None
    form, each = found
    name = scene.name("f")
    fields_of(scene.documents, form.id)[name] = {
        "type": "decimal",
        "scale": "5",
        "label": {"zh": "两倍", "en": "Twice"},
        "compute": Quoted(f"{each.id} * 2"),
    }

    def change(rows: Rows) -> Rows:
        return each_row(
            rows,
            form.id,
            lambda row: {
                **row,
                name: None
                if row[each.id] is None
                else Decimal(row[each.id] * 2).quantize(Decimal("0.00001")),
            },
        )

    return scene.edit(f"add {form.id}.{name} computed from {form.id}.{each.id}", rows=change)


def derive(scene: Scene) -> Edit | None:
    """Let a formula give what people entered, or let people enter what a formula gave."""
    derived = [
        (form, each) for form in scene.forms for each in form.stored_fields if each.compute and _is_ours(each)
    ]
    if derived and scene.random.random() < 0.5:
        form, each = scene.random.choice(derived)
        del scene.words_of(form.id, each.id)["compute"]
        return scene.edit(f"{form.id}.{each.id} is entered by people")
    found, base = scene.some_field("decimal", required=False), scene.some_field("integer", "money")
    if found is None or base is None or found[0] is not base[0] or found[1] is base[1]:
        return None
    (form, each), (_, other) = found, base
    if not _is_ours(each):
        return None
    places = getattr(each.options, "scale", 0)
    words = scene.words_of(form.id, each.id)
    words.pop("default", None)
    words["compute"] = Quoted(f"round({other.id}, {places})")
    return scene.edit(
        f"{form.id}.{each.id} computed from {form.id}.{other.id}",
        allow_drop=frozenset({f"{form.id}.{each.id}"}),
        unknown=frozenset({(form.id, each.id)}),
        may_be_needed=True,
    )


def _is_ours(each: Field) -> bool:
    return each.id[1:].isdigit()


def _computed(scene: Scene) -> frozenset[tuple[str, str]]:
    return frozenset((form.id, each.id) for form in scene.forms for each in form.fields if each.compute)
