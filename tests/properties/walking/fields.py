"""Steps that change fields: new ones, others, gone, required, in another type, at another place."""

from datetime import date
from decimal import Decimal
from typing import Any

from orderkit.catalog import built_in
from orderkit.fields.choice import ChoiceOptions
from orderkit.language.compile import analyse_project
from orderkit.language.editing import NotRenamed, rename
from orderkit.language.findings.edits import edited
from orderkit.language.source.directory import is_asset
from orderkit.language.spec.mentions import Target
from orderkit.model.forms import SystemRole
from tests.properties.walking.documents import Quoted, fields_of, path_of, read, without_mentions
from tests.properties.walking.scene import DoesNotFit, Edit, Row, Rows, Scene, each_row, each_value, filled

# By type: the words of a new field, a constant for `default:`, an expression that gives the same, and what it is.
KINDS: dict[str, tuple[str, str, str, Any]] = {
    "text": ("", "甲乙", "concat('甲', '乙')", "甲乙"),
    "longtext": ("", "丙", "'丙'", "丙"),
    "integer": ("", "7", "3 + 4", 7),
    "decimal": ("scale: 3", "1.5", "3 / 2", Decimal("1.500")),
    "money": ("scale: 2", "2.25", "4.5 / 2", Decimal("2.25")),
    "percent": ("", "0.5", "1 / 2", Decimal("0.5000")),
    "boolean": ("", "true", "1 < 2", True),
    "date": ("", "2026-01-31", "date(2026, 1, 31)", date(2026, 1, 31)),
    "choice": ("options: {red: {zh: 红, en: Red}, green: {zh: 绿, en: Green}}", "red", "'red'", "red"),
    "choices": ("options: {one: {zh: 一, en: One}, two: {zh: 二, en: Two}}", "", "", None),
    "user": ("", "", "", None),
}
MARKS = ("unique", "index")


def add_field(scene: Scene) -> Edit:
    form, kind = scene.some_form(), scene.random.choice(list(KINDS))
    more, default, backfill, value = KINDS[kind]
    name = scene.name("f")
    words = read(f"{{type: {kind}, label: {{zh: 新, en: New}}, {more}}}")
    gets: Any = False if kind == "boolean" else None
    match scene.random.randrange(4):
        case 0 if default:
            words |= {"required": "true", "default": default}
            gets = value
        case 1 if default:
            words |= {"required": "true", "backfill": Quoted(backfill)}
            gets = value
        case 2 if default:
            words["backfill"] = Quoted(backfill)
            gets = value
        case _ if kind in {"text", "integer"}:
            words[scene.random.choice(MARKS)] = "true"
    fields_of(scene.documents, form.id)[name] = words
    return scene.edit(
        f"add {form.id}.{name} {kind} {' '.join(words.keys() - {'type', 'label', 'options', 'scale'})}",
        rows=lambda rows: each_row(rows, form.id, lambda row: {**row, name: gets}),
    )


def add_reference(scene: Scene) -> Edit:
    form = scene.some_form()
    target = scene.some_form(is_lines=False)
    name = scene.name("f")
    words = {"type": "ref", "to": target.id, "label": {"zh": "引用", "en": "Reference"}}
    if scene.random.random() < 0.4:
        words["on_delete"] = "clear"
    fields_of(scene.documents, form.id)[name] = words
    return scene.edit(
        f"add {form.id}.{name} ref {target.id}",
        rows=lambda rows: each_row(rows, form.id, lambda row: {**row, name: None}),
    )


def retarget(scene: Scene) -> Edit | None:
    found = scene.some_field("ref", required=False)
    if found is None:
        return None
    form, each = found
    old, new = scene.project.form_by_id[each.target or ""], scene.some_form(is_lines=False)
    keys = {key.id for key in old.fields if key.unique} & {key.id for key in new.fields if key.unique}
    if old is new or keys != {"code"}:
        return None
    scene.words_of(form.id, each.id)["to"] = new.id

    def change(rows: Rows) -> Rows:
        by_code = {row["code"]: key for key, row in rows[new.id].items()}
        known = {key: by_code.get(row["code"]) for key, row in rows[old.id].items()}

        def moved(value: Any) -> Any:
            if value is not None and known[value] is None:
                raise DoesNotFit(f"{old.id} {value} is not in {new.id}")
            return value if value is None else known[value]

        return each_value(rows, form.id, each.id, moved)

    return scene.edit(f"retarget {form.id}.{each.id} to {new.id}", rows=change)


def rename_field(scene: Scene) -> Edit | None:
    form = scene.some_form()
    names = [each.id for each in form.fields if each.system is SystemRole.NONE and each.type != "lines"]
    old, new = scene.random.choice(names), scene.name("f")
    return renamed(
        scene,
        Target("field", f"{form.id}.{old}"),
        new,
        lambda rows: each_row(rows, form.id, lambda row: _called(row, old, new)),
    )


def renamed(scene: Scene, target: Target, new: str, rows: Any) -> Edit | None:
    """Return a rename wherever the name stands, as an editor makes it."""
    analysis = analyse_project(scene.files, built_in())
    found = rename(scene.files, built_in(), analysis, target, new)
    if isinstance(found, NotRenamed):
        return None
    files = {
        path: data
        if is_asset(path)
        else edited(data.decode(), [each for each in found if each.span.path == path]).encode()
        for path, data in scene.files.items()
    }
    return Edit(
        words=f"rename {target.kind} {target.id} to {target.id.rpartition('.')[0]}.{new}".replace(" .", " "),
        files=files,
        rows=rows,
    )


def _called(row: Row, old: str, new: str) -> Row:
    return {new if name == old else name: value for name, value in row.items()}


def drop_field(scene: Scene) -> Edit | None:
    found = scene.some_field()
    if found is None:
        return None
    form, each = found
    fields = fields_of(scene.documents, form.id)
    del fields[each.id]
    if not fields:
        return None
    path = path_of(scene.documents, form.id.split(".")[0])
    mentions = {each.id} if form.parent is None else {f"lines.{each.id}"}
    for name in (path, *(other for other in scene.documents if other.startswith("roles/"))):
        scene.documents[name] = without_mentions(scene.documents[name], mentions)
    return scene.edit(
        f"drop {form.id}.{each.id} {each.type}",
        rows=lambda rows: each_row(
            rows, form.id, lambda row: {name: value for name, value in row.items() if name != each.id}
        ),
        allow_drop=frozenset({f"{form.id}.{each.id}"}),
        may_be_needed=True,
    )


def mark(scene: Scene) -> Edit | None:
    """Turn `unique` or `index` on or off."""
    found = scene.some_field("text", "integer")
    if found is None:
        return None
    form, each = found
    word = scene.random.choice(MARKS)
    is_on = getattr(each, word)
    words = scene.words_of(form.id, each.id)
    words[word] = "false" if is_on else "true"

    def check(rows: Rows) -> Rows:
        values = [row[each.id] for row in rows[form.id].values() if row[each.id] is not None]
        if word == "unique" and not is_on and len(values) != len(set(values)):
            raise DoesNotFit(f"{form.id}.{each.id} has doubles")
        return rows

    return scene.edit(f"{form.id}.{each.id} {word}: {words[word]}", rows=check)


def demand(scene: Scene) -> Edit | None:
    """Make a field required, with what fills it; or a required one optional."""
    found = scene.some_field(*(kind for kind, known in KINDS.items() if known[1]), unique=False)
    # What is not always shown is not always there, whatever is said of it.
    if found is None or found[1].type == "boolean" or found[1].visible_if is not None:
        return None
    form, each = found
    words = scene.words_of(form.id, each.id)
    if each.required:
        words["required"] = "false"
        return scene.edit(f"{form.id}.{each.id} required: false")
    _, default, backfill, value = KINDS[each.type]
    if isinstance(each.options, ChoiceOptions):
        default = value = each.options.options[0].value
        backfill = f"'{value}'"
    if isinstance(value, Decimal):
        value = value.quantize(Decimal(1).scaleb(-getattr(each.options, "scale", 4)))
    by = scene.random.choice(["default", "backfill"])
    words |= {"required": "true", by: default if by == "default" else Quoted(backfill)}
    if by == "backfill":
        words.pop("default", None)
    return scene.edit(
        f"{form.id}.{each.id} required by {by}", rows=lambda rows: filled(rows, form.id, each.id, value)
    )


def move_field(scene: Scene) -> Edit | None:
    """Move a field of a form to its lines: each of them gets the value."""
    found = scene.some_field("text", "integer", "date", "money", unique=False, required=False)
    if found is None or found[0].parent is not None:
        return None
    form, each = found
    lines = [other for other in scene.forms if other.parent == form.id]
    if not lines:
        return None
    target, new = scene.random.choice(lines), scene.name("f")
    words = fields_of(scene.documents, form.id).pop(each.id)
    path = path_of(scene.documents, form.id)
    scene.documents[path] = without_mentions(scene.documents[path], {each.id})
    words["moved_from"] = f"{form.id}.{each.id}"
    words.pop("default", None)
    fields_of(scene.documents, target.id)[new] = words
    link = next(other.id for other in target.fields if other.system is SystemRole.PARENT)

    def change(rows: Rows) -> Rows:
        values = {key: row[each.id] for key, row in rows[form.id].items()}
        moved = each_row(rows, target.id, lambda row: {**row, new: values[row[link]]})
        return each_row(
            moved, form.id, lambda row: {name: value for name, value in row.items() if name != each.id}
        )

    return scene.edit(f"move {form.id}.{each.id} to {target.id}.{new}", rows=change, may_be_needed=True)
