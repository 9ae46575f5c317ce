"""The second pass: what each form consists of, types and names only.

A `FormShape` is a form before its expressions are read; `scopes` makes from it what expressions may
name, `forms` the form of the model. A broken field keeps its name, so that nobody else complains.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orderkit.fields.choice import ChoiceOptions
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.findings import by_label
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.model.expressions.types import Json, Rows, Type
from orderkit.model.forms import Collection, Field, FieldId
from orderkit.model.labels import Label

BROKEN = Json(is_broken=True)


@dataclass(slots=True, kw_only=True)
class FieldShape:
    """A field with its type; `field` is None where it is broken, `written` None where the system adds it.

    `arguments` are those that `field` was made with, so that it can be made again with its expressions.
    """

    id: FieldId
    field: Field | None
    written: Written | None = None
    id_node: ScalarNode | None = None
    arguments: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def type(self) -> Type:
        """The type that expressions see; of a broken field they may say anything."""
        return BROKEN if self.field is None else self.field.value_type

    @property
    def option_labels(self) -> Mapping[str, str]:
        """Label → value of the options of a choice, in every language."""
        options = None if self.field is None else self.field.options
        if not isinstance(options, ChoiceOptions):
            return {}
        return by_label((text, each.value) for each in options.options for text in each.label.values())

    @property
    def label(self) -> Label:
        """What people call it."""
        return {"en": self.id} if self.field is None else self.field.label


@dataclass(slots=True, kw_only=True)
class FormShape:
    """A form with its fields' types. A broken one accepts every name."""

    id: str
    label: Label
    parent: str | None = None
    declared: Declared | None = None
    fields: dict[FieldId, FieldShape] = dataclasses.field(default_factory=dict)
    collections: dict[str, Collection] = dataclasses.field(default_factory=dict)
    is_broken: bool = False
    is_built_in: bool = False
    has_number: bool = False

    def is_broken_field(self, name: str) -> bool:
        """Whether a field of this name was written, but could not be read."""
        found = self.fields.get(name)
        return found is not None and found.field is None

    @property
    def has_broken_fields(self) -> bool:
        """Whether a field could not be read."""
        return any(each.field is None for each in self.fields.values())

    @property
    def rows_by_field(self) -> Mapping[FieldId, str]:
        """The form of the rows of each `lines` field."""
        return {shape.id: shape.type.form for shape in self.fields.values() if isinstance(shape.type, Rows)}

    def labels(self) -> Mapping[str, str]:
        """Return label → id in every language, for people who wrote what they read."""
        return by_label((text, shape.id) for shape in self.fields.values() for text in shape.label.values())

    def own_fields(self) -> list[FieldShape]:
        """Return the fields that the project declares."""
        return [shape for shape in self.fields.values() if shape.written is not None]
