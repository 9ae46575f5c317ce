"""What a page needs to follow its own rules while somebody types: trees, values, and how texts are read.

It is JSON in the page, read by `frontend/src/forms/live.ts`. Which rules may stand there the engine has
decided; here those are left to the server whose result this page could not print as the server does.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from orderkit.catalog import Catalog
from orderkit.engine.records import Aspect, Draft, Live, LiveRule
from orderkit.engine.runtime import Unit
from orderkit.fields.numerals import number_marks
from orderkit.model.expressions.browser import browser_calendar, browser_tree, browser_value
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.stored import part_to_json

NEW_RECORD = -1
_NUMBERS = frozenset({"number", "percent", "whole"})
_SHOWN = _NUMBERS | {"line", "text"}
# What is filled in is written as it is typed; a reference would need the title of its record.
_TYPED = _SHOWN | {"choice", "boolean", "date"}
_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


def live_page(
    unit: Unit, form: Form, draft: Draft, live: Live, keys: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Return what the page of this draft holds. `keys` are the page's names of the rows."""
    catalog = unit.runtime.catalog
    marks = number_marks(unit.locale)
    readers = {
        each.id: {name: catalog.fields[each.by_id[name].type].reader for name in live.held[each.id]}
        for each in _forms(unit, form)
    }
    unshown = (
        rule for rule in live.rules if not _may_show(rule, readers[rule.form][rule.field], marks is not None)
    )
    live = live.without(*unshown)
    return {
        "form": form.id,
        "id": draft.id or NEW_RECORD,
        "isNew": draft.id is None,
        "me": unit.person.id,
        "now": unit.now.isoformat(),
        "timezone": str(unit.runtime.timezone),
        "yesNo": _YES_NO["zh" if unit.locale.startswith("zh") else "en"],
        "calendar": browser_calendar(unit.project.working_days),
        "marks": marks,
        "fields": {
            each.id: dict(_fields(each, live.held[each.id], readers[each.id], catalog))
            for each in _forms(unit, form)
        },
        "collections": {
            each.id: {"form": each.form, "parent": each.via} for each in form.lines if each.id in draft.lines
        },
        "values": _values(draft.values, live.held[form.id]),
        "rows": {
            each.id: [
                {"key": key, "id": row.id, "values": _values(row.values, live.held[each.form])}
                for key, row in zip(keys.get(each.id, ()), draft.lines[each.id], strict=True)
            ]
            for each in form.lines
            if each.id in draft.lines
        },
        "rules": [_rule(rule) for rule in live.rules],
        "asks": sorted(f"{place}.{name or ''}" for place, name in live.asks),
    }


def live_script(page: Mapping[str, Any]) -> Markup:
    """Return the JSON as it may stand in a template of the page: nothing in it is a tag."""
    text = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - no tag gets through


def _forms(unit: Unit, form: Form) -> tuple[Form, ...]:
    return (form, *(unit.project.form_by_id[each.form] for each in form.lines))


def _may_show(rule: LiveRule, reader: str, has_marks: bool) -> bool:  # noqa: FBT001 - read at its one call
    if not rule.is_value:
        return True
    if reader in _NUMBERS and not has_marks:
        return False
    return reader in (_SHOWN if rule.aspect is Aspect.COMPUTE else _TYPED)


def _fields(
    form: Form, held: frozenset[FieldId], readers: Mapping[FieldId, str], catalog: Catalog
) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in form.fields:
        if field.id in held and field.type != "lines":
            yield field.id, _field(field, readers[field.id], catalog)


def _field(field: Field, reader: str, catalog: Catalog) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": part_to_json(field.value_type), "reader": reader}
    scale = catalog.fields[field.type].scale(field.options)
    if scale is not None:
        found["scale"] = scale
    if field.type == "money":
        found["places"] = 2
    if field.system is SystemRole.PARENT:
        found["isParent"] = True
    return found


def _values(values: Mapping[FieldId, Scalar], held: frozenset[FieldId]) -> dict[str, Any]:
    return {name: browser_value(value) for name, value in values.items() if name in held}


def _rule(rule: LiveRule) -> dict[str, Any]:
    return {
        "form": rule.form,
        "field": rule.field,
        "aspect": rule.aspect.value,
        "tree": browser_tree(rule.expression),
        "reads": sorted(f"{form}.{name or ''}" for form, name in rule.reads),
        "hasSiblings": rule.has_siblings,
    }
