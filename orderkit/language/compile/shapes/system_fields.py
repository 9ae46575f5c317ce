"""The fields that orderkit adds to every form: identity, ownership, times, revision, and the state."""

from collections.abc import Mapping
from typing import Any

from orderkit.catalog import Catalog
from orderkit.language.compile.names.settings import Settings
from orderkit.model.forms import Field, SystemRole
from orderkit.model.labels import Label, label

_TOP_LEVEL: tuple[tuple[SystemRole, str, Label], ...] = (
    (SystemRole.ID, "integer", label(zh="编号", en="Id")),
    (SystemRole.NUMBER, "text", label(zh="单号", en="Number")),
    (SystemRole.OWNER, "user", label(zh="负责人", en="Owner")),
    (SystemRole.CREATED_AT, "datetime", label(zh="创建时间", en="Created at")),
    (SystemRole.CREATED_BY, "user", label(zh="创建人", en="Created by")),
    (SystemRole.UPDATED_AT, "datetime", label(zh="修改时间", en="Updated at")),
    (SystemRole.UPDATED_BY, "user", label(zh="修改人", en="Updated by")),
    (SystemRole.REVISION, "integer", label(zh="版次", en="Revision")),
)
# Names that a field of the project cannot have, whether or not the form has a number.
RESERVED_TOP_LEVEL = frozenset(role.value for role, _, _ in _TOP_LEVEL if role is not SystemRole.NUMBER)
RESERVED_LINES = frozenset({"id", "position"})
# Addresses of the API that are not forms.
RESERVED_FORMS = frozenset({"files", "reports", "tasks"})
# Names that expressions give to other things, and words of the expression language.
RESERVED_WORDS = frozenset(
    [
        "this",
        "me",
        "old",
        "value",
        "item",
        "row",
        "body",
        "headers",
        "result",
        "submitter",
        "approver",
        "visit",
        "decisions",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "true",
        "false",
        "null",
    ]
)


class SystemFields:
    """Makes the fields that the system adds, from the types of the catalog."""

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self._catalog = catalog
        self._context = {"currency": settings.currency, "timezone": settings.timezone, "language": "en"}
        # Every form has the same ones.
        self._top_level = [
            self._field(role.value, type_name, text, role) for role, type_name, text in _TOP_LEVEL
        ]
        self._id = self._field("id", "integer", label(zh="编号", en="Id"), SystemRole.ID)
        self._position = self._field(
            "position", "integer", label(zh="行号", en="Position"), SystemRole.POSITION
        )

    def top_level(self, *, has_number: bool) -> list[Field]:
        """Return the fields of a form that is no lines form."""
        return [field for field in self._top_level if has_number or field.system is not SystemRole.NUMBER]

    def of_lines(self, parent_form: str, parent_label: Label) -> list[Field]:
        """Return the fields of a lines form: its id, the reference to its parent, its position."""
        name = parent_form.rsplit(".", 1)[-1]
        return [
            self._id,
            self._field(
                name,
                "ref",
                parent_label,
                SystemRole.PARENT,
                options={"to": parent_form, "on_delete": "cascade"},
            ),
            self._position,
        ]

    def state(self, name: str, workflow: str, text: Label, states: Mapping[str, Label]) -> Field:
        """Return the field that holds the state of a workflow."""
        options = {"options": {state: dict(each) for state, each in states.items()}}
        return self._field(name, "choice", text, SystemRole.STATE, options=options, workflow=workflow)

    def _field(
        self,
        name: str,
        type_name: str,
        text: Label,
        role: SystemRole,
        *,
        options: Mapping[str, object] | None = None,
        workflow: str | None = None,
    ) -> Field:
        field_type: Any = self._catalog.fields[type_name]
        read = field_type.Options.model_validate(dict(options or {}), context=self._context)
        return Field(
            id=name,
            type=type_name,
            options=read,
            value_type=field_type.value_type(read),
            label=text,
            required=role
            not in (SystemRole.CREATED_BY, SystemRole.UPDATED_BY, SystemRole.NUMBER, SystemRole.OWNER),
            readonly=True,
            system=role,
            workflow=workflow,
        )
