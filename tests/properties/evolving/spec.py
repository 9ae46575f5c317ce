"""A project small enough to be changed at random: forms with fields, as plain values."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from orderkit.model.forms import Field, Form
from orderkit.model.project import Project
from tests.database import models

KINDS = ("text", "integer", "decimal", "money", "boolean", "date", "choice", "ref")
DEFAULTS: dict[str, Any] = {
    "text": "-",
    "integer": 7,
    "decimal": Decimal("1.5"),
    "money": Decimal("2.25"),
    "boolean": True,
    "date": date(2026, 1, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field. `options` are those of a choice, by value before and now."""

    id: str
    kind: str
    scale: int = 2
    target: str = ""
    options: tuple[str, ...] = ()
    was: tuple[tuple[str, str], ...] = ()
    required: bool = False
    default: bool = False
    unique: bool = False
    index: bool = False
    renamed_from: str | None = None

    def model(self) -> Field:
        options: dict[str, Any] = {}
        match self.kind:
            case "decimal" | "money":
                options["scale"] = self.scale
            case "choice":
                before = dict(self.was)
                options["options"] = [
                    {"value": each, "label": {"en": each}, "renamed_from": before.get(each)}
                    for each in self.options
                ]
            case "ref":
                options["to"] = self.target
        rest: dict[str, Any] = {"required": self.required, "unique": self.unique, "index": self.index}
        if self.default:
            rest["default"] = self.default_value
        return models.field(self.id, self.kind, options, renamed_from=self.renamed_from, **rest)

    @property
    def default_value(self) -> Any:
        """What a new record gets, and older ones where it is required."""
        if self.kind == "choice":
            return self.options[0]
        value = DEFAULTS[self.kind]
        return value if not isinstance(value, Decimal) else value.quantize(Decimal(1).scaleb(-self.scale))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """One form."""

    id: str
    fields: tuple[FieldSpec, ...]
    renamed_from: str | None = None

    def field(self, name: str) -> FieldSpec:
        return next(each for each in self.fields if each.id == name)

    def with_field(self, name: str, **changed: Any) -> "FormSpec":
        return replace(
            self,
            fields=tuple(replace(each, **changed) if each.id == name else each for each in self.fields),
        )

    def model(self) -> Form:
        return models.form(self.id, *(each.model() for each in self.fields), renamed_from=self.renamed_from)


Spec = tuple[FormSpec, ...]


def form_of(spec: Spec, name: str) -> FormSpec:
    return next(each for each in spec if each.id == name)


def replaced(spec: Spec, name: str, form: FormSpec | None) -> Spec:
    """Return the spec with another form in place of one, or without it."""
    return tuple(made for each in spec if (made := form if each.id == name else each) is not None)


def settled(spec: Spec) -> Spec:
    """Return the spec as it is written once its renames have been built."""
    return tuple(
        replace(
            form,
            renamed_from=None,
            fields=tuple(replace(each, renamed_from=None, was=()) for each in form.fields),
        )
        for form in spec
    )


def project_of(spec: Spec) -> Project:
    return models.shop(*(form.model() for form in spec))


def referring(spec: Spec, name: str) -> list[tuple[str, str]]:
    """Return the fields that refer to a form."""
    return [(form.id, each.id) for form in spec for each in form.fields if each.target == name]
