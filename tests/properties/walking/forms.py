"""Steps that change forms: new ones, renamed, gone, with lines or keys over several fields."""

from typing import Any

from orderkit.language.spec.mentions import Target
from orderkit.model.forms import SystemRole
from tests.properties.walking.documents import fields_of, path_of, read
from tests.properties.walking.fields import renamed
from tests.properties.walking.scene import DoesNotFit, Edit, Row, Rows, Scene

NEW_FORM = """
form: {id}
label: {{zh: 新表, en: New form}}
title: "{{code}}"
fields:
  code: {{type: text, label: {{zh: 编码, en: Code}}, required: true, unique: true}}
  a{n}: {{type: integer, label: {{zh: 数, en: Number}}, index: true}}
  b{n}: {{type: ref, to: {target}, label: {{zh: 引用, en: Reference}}, on_delete: clear}}
  c{n}: {{type: decimal, scale: 2, label: {{zh: 量, en: Amount}}}}
"""
LINES = """
type: lines
label: {{zh: 行, en: Rows}}
fields:
  d{n}: {{type: text, label: {{zh: 文, en: Text}}, required: true}}
  e{n}: {{type: money, scale: 2, label: {{zh: 额, en: Sum}}}}
"""


def add_form(scene: Scene) -> Edit:
    name, target = scene.name("w"), scene.some_form(is_lines=False).id
    document = read(NEW_FORM.format(id=name, n=scene.number, target=target))
    forms = [name]
    if scene.random.random() < 0.5:
        document["fields"][scene.name("l")] = read(LINES.format(n=scene.number))
        forms.append(f"{name}.{scene.name('l')}")
    scene.documents[f"forms/{name}.yaml"] = document
    return scene.edit(
        f"add form {', '.join(forms)}", rows=lambda rows: {**rows, **{form: {} for form in forms}}
    )


def add_lines(scene: Scene) -> Edit:
    form, name = scene.some_form(is_lines=False), scene.name("l")
    fields_of(scene.documents, form.id)[name] = read(LINES.format(n=scene.number))
    return scene.edit(f"add lines {form.id}.{name}", rows=lambda rows: {**rows, f"{form.id}.{name}": {}})


def drop_lines(scene: Scene) -> Edit | None:
    found = [
        form for form in scene.forms if form.parent is not None and form.id.rsplit(".", 1)[1][1:].isdigit()
    ]
    if not found:
        return None
    form = scene.random.choice(found)
    parent, _, name = form.id.rpartition(".")
    del fields_of(scene.documents, parent)[name]
    return scene.edit(
        f"drop lines {form.id}",
        rows=lambda rows: {each: found for each, found in rows.items() if each != form.id},
        allow_drop=frozenset({form.id}),
        may_be_needed=True,
    )


def rename_form(scene: Scene) -> Edit | None:
    form, new = scene.some_form(is_lines=False), scene.name("w")

    def change(rows: Rows) -> Rows:
        found = {}
        for each, kept in rows.items():
            top, dot, lines = each.partition(".")
            if top != form.id:
                found[each] = kept
                continue
            link = _link(scene, each)
            found[f"{new}{dot}{lines}"] = {key: _linked(row, link, new) for key, row in kept.items()}
        return found

    return renamed(scene, Target("form", form.id), new, change)


def _link(scene: Scene, form: str) -> str | None:
    fields = scene.project.form_by_id[form].fields
    return next((each.id for each in fields if each.system is SystemRole.PARENT), None)


def _linked(row: Row, link: str | None, new: str) -> Row:
    return {new if name == link else name: value for name, value in row.items()}


def rename_lines(scene: Scene) -> Edit | None:
    form = scene.some_form(is_lines=True)
    parent, _, old = form.id.rpartition(".")
    new = scene.name("l")
    return renamed(
        scene,
        Target("field", f"{parent}.{old}"),
        new,
        lambda rows: {f"{parent}.{new}" if each == form.id else each: kept for each, kept in rows.items()},
    )


def drop_form(scene: Scene) -> Edit | None:
    found = [form for form in scene.forms if form.parent is None and form.id[1:].isdigit()]
    if not found:
        return None
    form = scene.random.choice(found)
    del scene.documents[path_of(scene.documents, form.id)]
    for path, document in scene.documents.items():
        if path.startswith("roles/"):
            document["forms"].pop(form.id, None)
        if path.startswith("menus/"):
            scene.documents[path] = _without_item(document, form.id)
    return scene.edit(
        f"drop form {form.id}",
        rows=lambda rows: {each: kept for each, kept in rows.items() if each.split(".")[0] != form.id},
        allow_drop=frozenset({form.id}),
        may_be_needed=True,
    )


def _without_item(node: Any, form: str) -> Any:
    if isinstance(node, dict):
        return {key: _without_item(value, form) for key, value in node.items()}
    if isinstance(node, list):
        return [
            _without_item(each, form)
            for each in node
            if not (isinstance(each, dict) and each.get("form") == form)
        ]
    return node


def change_key(scene: Scene) -> Edit | None:
    """Say or no longer say that two fields together are unique."""
    form = scene.some_form(is_lines=False)
    document = scene.documents[path_of(scene.documents, form.id)]
    if "unique" in document:
        del document["unique"]
        return scene.edit(f"{form.id} without its key")
    names = [
        each.id
        for each in form.stored_fields
        if each.system is SystemRole.NONE
        and each.type in {"text", "integer", "ref", "date"}
        and not each.is_derived
    ]
    if len(names) < 2:
        return None
    one, two = scene.random.sample(names, 2)
    document["unique"] = [[one, two]]

    def check(rows: Rows) -> Rows:
        pairs = [(row[one], row[two]) for row in rows[form.id].values()]
        whole = [pair for pair in pairs if None not in pair]
        if len(whole) != len(set(whole)):
            raise DoesNotFit(f"{form.id}.{one}, {two} has doubles")
        return rows

    return scene.edit(f"{form.id} with the key {one}, {two}", rows=check)
