"""What people may see and do, said a second time and simply: from the roles as they were compiled, over all records in memory.

Nothing of `orderkit.engine.access` is used here, which is what the walk examines: no SQL, no caches, no
tokens. It follows `docs/explanation/access.md` sentence by sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderkit.model.errors import OrderkitError
from orderkit.model.expressions.evaluation import Environment, Value, evaluate
from orderkit.model.expressions.nodes import Expression, Find, Scalar
from orderkit.model.expressions.types import Number
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import text_of
from orderkit.model.people import AnyOf, HasRole, Who
from orderkit.model.project import Project
from orderkit.model.rights import Right
from orderkit.model.roles import FormGrant
from orderkit.model.values.numbers import round_half_up
from tests.support.office import Office

Key = tuple[str, int]


class Row:
    """A record in memory."""

    def __init__(self, memory: "Memory", form: str, record_id: int) -> None:
        self.memory, self.form, self.id = memory, form, record_id

    def get(self, field: str) -> Any:
        """Return a value; one that is worked out at each read is worked out."""
        if field == "id":
            return self.id
        return self.memory.value(self.form, self.id, field)

    def rows(self, collection: str) -> Sequence["Row"]:
        """Return lines in their order, or the records that refer to this one."""
        found = self.memory.project.form_by_id[self.form].collection_by_id[collection]
        table = self.memory.tables[found.form]
        ids = [key for key, values in sorted(table.items()) if values[found.via] == self.id]
        if found.is_lines:
            ids.sort(key=lambda key: (table[key]["position"], key))
        return [Row(self.memory, found.form, each) for each in ids]


class Memory:
    """All records of a database as they stand, and what expressions come to on them."""

    def __init__(self, office: Office, before: "Memory | None" = None) -> None:
        """Read everything; of `before` keep what is there no more."""
        self.project: Project = office.runtime.project
        self.now: datetime = office.runtime.clock.now()
        self.zone: ZoneInfo = office.runtime.timezone
        tables = office.runtime.database.tables
        with office.runtime.database.read() as connection:
            self.tables: Mapping[str, dict[int, dict[str, Any]]] = {
                form.id: {
                    row.id: dict(row._mapping) for row in connection.execute(sa.select(tables[form.id]))
                }
                for form in self.project.forms
            }
        for form_id, rows in ({} if before is None else before.tables).items():
            self.tables[form_id].update(
                {key: row for key, row in rows.items() if key not in self.tables[form_id]}
            )

    @cached_property
    def shown_forms(self) -> tuple[Form, ...]:
        """The forms that have lists of their own and are no form of orderkit's."""
        own = {"user", "department"}
        return tuple(form for form in self.project.forms if form.parent is None and form.id not in own)

    def row(self, form: str, record_id: int) -> Row | None:
        """Return a record."""
        return Row(self, form, record_id) if record_id in self.tables[form] else None

    def find(self, wanted: Find, environment: Environment) -> Row | None:
        """No rule of the walked projects looks records up."""
        raise AssertionError("no rule of the walked projects looks records up")

    def title(self, form: str, record_id: int) -> str:
        """Return what a record is called."""
        row = self.row(form, record_id)
        template = self.project.form_by_id[form].title
        if row is None or template is None:
            return ""
        return str(evaluate(template, self.environment(row)) or "")

    def value(self, form: str, record_id: int, name: str) -> Scalar:
        """Return a value, as its field keeps it."""
        field = self.project.form_by_id[form].by_id[name]
        if field.virtual is None:
            found: Scalar = self.tables[form][record_id].get(name)
            return found
        try:
            value: Any = evaluate(field.virtual, self.environment(Row(self, form, record_id)))
        except OrderkitError:
            return None
        if isinstance(field.value_type, Number) and value is not None:
            value = round_half_up(value, field.value_type.scale)
        return value

    def environment(self, record: Row, person_id: int | None = None) -> Environment:
        """Return the surroundings of one record, and of whoever looks at it."""
        me: Value = None if person_id is None else self.row("user", person_id)
        return Environment(
            roots={"record": record, "this": record, "me": me},
            store=self,
            now=self.now,
            timezone=self.zone,
            choice_label=lambda form, name, value: text_of(
                self.project.form_by_id[form].by_id[name].options.by_value[value].label, "zh"
            ),
        )


@dataclass(frozen=True, slots=True)
class Path:
    """A field as roles name it: `total`, or `lines.cost` in the rows of `collection`."""

    text: str
    field: Field
    collection: str | None

    @property
    def may_be_written(self) -> bool:
        """Whether people write it, if they may: what the engine fills nobody does."""
        field = self.field
        is_taken = field.copy is not None and not field.editable
        is_made = field.compute is not None or field.virtual is not None
        return not (is_made or is_taken or field.readonly or field.system is not SystemRole.NONE)


def paths_of(project: Project, form: Form) -> Iterator[Path]:
    """Yield the fields of a form and those of its lines."""
    for field in form.fields:
        yield Path(field.id, field, None)
    for collection in form.lines:
        for field in project.form_by_id[collection.form].fields:
            yield Path(f"{collection.id}.{field.id}", field, collection.id)


@dataclass(frozen=True, eq=False)
class Sight:
    """One person before all records."""

    memory: Memory
    login: str
    person_id: int
    roles: frozenset[str]

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles

    def grants(self, form: str) -> Iterator[FormGrant]:
        """Yield what the roles of this person say of a form; `everyone` is a role of everybody's."""
        for role in self.memory.project.roles:
            if role.id in {*self.roles, "everyone"}:
                yield from (grant for grant in role.forms if grant.form == form)

    def _holds(self, rule: bool | Expression, form: str, record_id: int) -> bool:
        if isinstance(rule, bool):
            return rule
        environment = self.memory.environment(Row(self.memory, form, record_id), self.person_id)
        return evaluate(rule, environment) is True

    @cached_property
    def _known(self) -> dict[tuple[str, str, int], list[FormGrant]]:
        return {}

    def granting(self, action: str, form: str, record_id: int) -> list[FormGrant]:
        """Return the grants whose rule for an action holds on a record."""
        key = (action, form, record_id)
        if key not in self._known:
            self._known[key] = [
                each for each in self.grants(form) if self._holds(getattr(each, action), form, record_id)
            ]
        return self._known[key]

    def reads(self, form: str, record_id: int) -> bool:
        return self.is_admin or bool(self.granting("read", form, record_id))

    def may_ever_read(self, form: str) -> bool:
        """Return whether some record of a form might be read, so that there is a list of it."""
        return self.is_admin or any(each.read is not False for each in self.grants(form))

    def exports(self, form: str, record_id: int) -> bool:
        return self.is_admin or any(each.export for each in self.granting("read", form, record_id))

    def prints(self, form: str, record_id: int) -> bool:
        return self.is_admin or any(each.print for each in self.granting("read", form, record_id))

    def deletes(self, form: str, record_id: int) -> bool:
        return self.is_admin or bool(self.granting("delete", form, record_id))

    def sees(self, form: str, record_id: int, path: str) -> Right:
        """Return how a field is shown: where one single role grants both the record and the field."""
        if self.is_admin:
            return Right.READ
        grants = self.granting("read", form, record_id)
        if any(not _named(each.hide, path) and not _named(each.mask, path) for each in grants):
            return Right.READ
        return Right.MASKED if any(not _named(each.hide, path) for each in grants) else Right.HIDDEN

    def writes(self, form: str, record_id: int, path: Path) -> bool:
        """Return whether a field may be written by this person, who sees it."""
        if not path.may_be_written or self.sees(form, record_id, path.text) is not Right.READ:
            return False
        limit, granted = self.of_states(form, record_id)
        if granted is not None and _named(granted, path.text):
            return True
        return self._is_granted_to_write(form, record_id, path) and (
            limit is None or _named(limit, path.text)
        )

    def writes_blindly(self, form: str, record_id: int, path: Path) -> bool:
        """Return whether a field may be written on a record that this person may not read."""
        if self.reads(form, record_id) or not path.may_be_written:
            return False
        limit, _ = self.of_states(form, record_id)
        is_open = limit is None or _named(limit, path.text)
        return is_open and self._is_granted_to_write(form, record_id, path)

    def _is_granted_to_write(self, form: str, record_id: int, path: Path) -> bool:
        return self.is_admin or any(
            not _named(each.hide | each.mask | each.readonly, path.text)
            and (each.write is None or _named(each.write, path.text))
            for each in self.granting("update", form, record_id)
        )

    def of_states(self, form: str, record_id: int) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        """Return what states leave to be written (None: everything), and what they give this person besides."""
        (*flows,) = self.memory.project.workflows_by_form.get(form, ())
        if not flows:
            return None, None
        (flow,) = flows
        state = flow.state_by_id[str(self.memory.value(form, record_id, flow.state_field))]
        if state.edit is None:
            return (None if state.id == flow.initial else frozenset()), None
        open_: frozenset[str] = frozenset()
        given: frozenset[str] = frozenset()
        for each in state.edit:
            if each.who is None:
                open_ |= frozenset(each.fields)
            elif self._is_one_of(each.who):
                given |= frozenset(each.fields)
        return open_ | given, given

    def _is_one_of(self, who: Who) -> bool:
        match who:
            case HasRole():
                return who.role in self.roles
            case AnyOf():
                return any(map(self._is_one_of, who.people))
            case _:
                raise AssertionError(f"the walked projects name nobody so: {who}")


def _named(paths: frozenset[str], path: str) -> bool:
    return path in paths or path.partition(".")[0] in paths


def everybody(office: Office, memory: Memory) -> list[Sight]:
    """Return every person there is."""
    return [
        Sight(memory, login, number, office.person(login).roles)
        for login, number in sorted(office.ids.items())
    ]
