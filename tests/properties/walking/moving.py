"""Steps that make lines records of their own, and records lines."""

from typing import Any

from orderkit.model.forms import Field, Form, SystemRole
from tests.properties.walking.documents import fields_of, path_of
from tests.properties.walking.scene import Edit, Row, Rows, Scene


def lines_to_form(scene: Scene) -> Edit | None:
    """Make lines that the walk has added a form, which refers to what they belonged to."""
    found = [
        form for form in scene.forms if form.parent is not None and form.id.rsplit(".", 1)[1][1:].isdigit()
    ]
    if not found:
        return None
    form, new, link = scene.random.choice(found), scene.name("w"), scene.name("r")
    parent, _, name = form.id.rpartition(".")
    fields = fields_of(scene.documents, parent).pop(name)["fields"]
    was = _system(form, SystemRole.PARENT)
    said = {
        "type": "ref",
        "to": parent,
        "required": "true",
        "label": {"zh": "所属", "en": "Belongs to"},
        "moved_from": f"{form.id}.{was.id}",
    }
    scene.documents[f"forms/{new}.yaml"] = {
        "form": new,
        "label": {"zh": "单列", "en": "Records"},
        "fields": {link: said, **fields},
    }
    return scene.edit(
        f"lines {form.id} become the form {new}",
        rows=lambda rows: _moved(rows, (form.id, new), (was.id, link), {"position"}),
        unknown=frozenset((new, each) for each in _OF_RECORDS),
    )


_OF_RECORDS = ("owner", "created_at", "created_by", "updated_at", "updated_by", "revision", "number")


def form_to_lines(scene: Scene) -> Edit | None:
    """Make a form that refers to another the lines of that other."""
    found = [
        (form, each)
        for form in scene.forms
        for each in form.fields
        if form.parent is None and form.id[1:].isdigit() and each.type == "ref" and each.required
        if each.target != form.id
    ]
    if not found:
        return None
    form, link = scene.random.choice(found)
    if any(other.parent == form.id for other in scene.forms):
        return None
    parent, name = link.target or "", scene.name("l")
    document = scene.documents.pop(path_of(scene.documents, form.id))
    fields: dict[str, Any] = document["fields"]
    del fields[link.id]
    if not fields:
        return None
    fields_of(scene.documents, parent)[name] = {
        "type": "lines",
        "label": {"zh": "行", "en": "Rows"},
        "moved_from": f"{form.id}.{link.id}",
        "fields": fields,
    }
    return scene.edit(
        f"form {form.id} becomes the lines {parent}.{name}",
        rows=lambda rows: _moved(rows, (form.id, f"{parent}.{name}"), (link.id, parent), {*_OF_RECORDS}),
        unknown=frozenset({(f"{parent}.{name}", "position")}),
        may_be_needed=True,
    )


def _moved(rows: Rows, forms: tuple[str, str], links: tuple[str, str], gone: set[str]) -> Rows:
    """Return rows of which those of one form are another's, with their link under another name."""
    (old, new), (link, new_link) = forms, links

    def turned(row: Row) -> Row:
        return {new_link if name == link else name: value for name, value in row.items() if name not in gone}

    kept = {key: turned(row) for key, row in rows[old].items()}
    return {form: found for form, found in rows.items() if form != old} | {new: kept}


def _system(form: Form, role: SystemRole) -> Field:
    return next(each for each in form.fields if each.system is role)
