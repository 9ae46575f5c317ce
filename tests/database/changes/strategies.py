"""Random models, and for each another that it might become: things come, go, change and are renamed."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Get, Literal, Root
from orderkit.model.expressions.types import Number, Record
from orderkit.model.forms import Field, Form
from orderkit.model.project import Project
from tests.database.models import CUSTOMER, field, form, shop

FORMS = ("x", "y", "z")
NAMES = ("a", "b", "c", "d", "e")
OPTIONS = ("p", "q", "r", "s")

_KINDS = st.sampled_from(
    ["text", "longtext", "integer", "decimal", "money", "boolean", "choice", "customer", "sum"]
)
_FIELD = st.fixed_dictionaries(
    {
        "kind": _KINDS,
        "scale": st.integers(0, 4),
        "unique": st.booleans(),
        "required": st.booleans(),
        "default": st.booleans(),
        "backfill": st.booleans(),
        "options": st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True),
        "plus": st.integers(1, 3),
    }
)
_FIELDS = st.dictionaries(st.sampled_from(NAMES), _FIELD, max_size=4)
_FORM = st.fixed_dictionaries({"fields": _FIELDS, "lines": st.one_of(st.none(), _FIELDS)})
_MODEL = st.dictionaries(st.sampled_from(FORMS), _FORM, min_size=1, max_size=2)
_MORE = st.dictionaries(st.sampled_from(FORMS), _FORM, max_size=1)
_MOSTLY = st.sampled_from([True, True, True, False])


Pair = tuple[Mapping[str, Any], Mapping[str, Any]]
"""A model and the next one, as short descriptions: models themselves are too long to be shown."""


def models_of(pair: Pair) -> tuple[Project, Project]:
    """Return the models of a pair."""
    return _project(pair[0]), _project(pair[1])


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Return a model and the next one; what is new there may say that it was something that is gone."""
    old = draw(_MODEL)
    new = {**draw(_MORE), **{name: _changed(draw, each) for name, each in old.items() if draw(_MOSTLY)}}
    forms = _renames(draw, old.keys(), new.keys())
    after = {}
    for name, spec in new.items():
        before = old.get(forms.get(name, name), {"fields": {}, "lines": None})
        names = _renames(draw, before["fields"].keys(), spec["fields"].keys())
        after[name] = {**spec, "names": names, "renamed_from": forms.get(name)}
    return old, after


def _changed(draw: st.DrawFn, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a form with some fields gone, others changed in one thing, and some new ones."""
    fields = {**draw(_FIELDS), **{n: _varied(draw, f) for n, f in spec["fields"].items() if draw(_MOSTLY)}}
    lines = spec["lines"]
    if lines is not None:
        lines = {name: _varied(draw, each) for name, each in lines.items() if draw(_MOSTLY)}
    return {"fields": fields, "lines": draw(st.sampled_from([lines, lines, None]))}


def _varied(draw: st.DrawFn, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    other, key = draw(_FIELD), draw(st.sampled_from(sorted(spec)))
    return {**spec, key: other[key]}


def paths_of(model: Project) -> frozenset[str]:
    """Return everything of a model that `--allow-drop` may name."""
    found = set()
    for each in model.forms:
        if each.is_built_in:
            continue
        found.add(each.id)
        for one in each.fields:
            found.add(f"{each.id}.{one.id}")
            options = getattr(one.options, "options", ())
            found |= {f"{each.id}.{one.id}.{option.value}" for option in options}
    return frozenset(found)


def _renames(draw: st.DrawFn, old: Any, new: Any) -> Mapping[str, str]:
    """Return for some of what is new which of those that are gone it was."""
    gone, come = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    count = draw(st.integers(0, min(len(gone), len(come))))
    return dict(zip(come[:count], gone[:count], strict=True))


def _project(spec: Mapping[str, Any]) -> Project:
    forms: list[Form] = [CUSTOMER]
    for name, each in spec.items():
        names = each.get("names", {})
        fields = _fields(name, each["fields"], names)
        if each["lines"] is not None:
            fields.append(field("rows", "lines"))
            forms.append(form(f"{name}.rows", *_fields(f"{name}.rows", each["lines"], {}), parent=name))
        forms.append(form(name, *fields, renamed_from=each.get("renamed_from")))
    return shop(*forms)


def _fields(form_id: str, spec: Mapping[str, Any], names: Mapping[str, str]) -> list[Field]:
    return [_field(form_id, name, each, names.get(name)) for name, each in sorted(spec.items())]


def _field(form_id: str, name: str, spec: Mapping[str, Any], renamed_from: str | None) -> Field:
    kind, rest = spec["kind"], {"renamed_from": renamed_from}
    if kind == "sum":
        return field(name, "integer", compute=_plus(form_id, spec["plus"]), **rest)
    if kind == "customer":
        return field(name, "ref", {"to": "customer"}, **rest)
    rest |= {"unique": spec["unique"], "required": spec["required"]}
    options: dict[str, Any] = {}
    if kind == "decimal":
        options["scale"] = spec["scale"]
    if kind == "choice":
        options["options"] = spec["options"]
    value = {"text": "x", "longtext": "x", "boolean": True, "choice": spec["options"][0]}.get(kind, 7)
    made = field(name, kind, options, **rest)
    if spec["default"]:
        return field(name, kind, options, default=value, **rest)
    if spec["backfill"]:
        return field(name, kind, options, backfill=Literal(value, made.value_type), **rest)
    return made


def _plus(form_id: str, number: int) -> Expression:
    revision = Get(Root("record", Record(form_id)), "id", Number())
    return Binary(BinaryOperator.ADD, revision, Literal(number, Number()), Number())
