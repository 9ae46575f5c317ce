"""Fills projects with records of which every value is a marker, and with what happens around records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema.system_tables import user_role
from orderkit.engine import comments, following, records
from orderkit.engine.records import Create, Delete, LineChange, Update
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import NotFound
from orderkit.model.forms import Field, Form, SystemRole
from tests.support.office import Office
from tests.web.permissions.markers import Markers, Mint
from tests.web.permissions.oracle import Memory

RECORDS_OF_A_FORM = 5


@dataclass
class Traces:
    """What was left around records: markers that are no values, with the form, the record and the path they belong to."""

    markers: list[tuple[str, str, int, str]] = field(default_factory=list)
    deleted: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Filler:
    """Fills one office."""

    office: Office
    mint: Mint
    random: Random
    traces: Traces = field(default_factory=Traces)
    made: dict[str, list[int]] = field(default_factory=dict)

    def people(self, roles: Sequence[str], count: int) -> None:
        """Make people of two departments with up to three roles each, and an administrator."""
        draw, office = self.random, self.office
        teams = [office.create(None, "department", {"name": f"team {each}"}) for each in (1, 2)]
        self.made["department"] = teams
        for number in range(count):
            held = draw.sample(list(roles), draw.choice([0, 1, 1, 2, 2, 3])) if number else list(roles[:1])
            self._person(f"p{number}", held, draw.choice([*teams, None]))
        self._person("root", ["admin"], None)

    def _person(self, login: str, roles: Sequence[str], team: int | None) -> None:
        made = self.office.create(None, "user", {"login": login, "name": login, "department": team})
        self.office.ids[login] = made
        with self.office.act(None) as unit:
            for role in roles:
                unit.connection.execute(sa.insert(user_role).values(user_id=made, role=role))

    def forms(self, forms: Sequence[Form]) -> None:
        """Make records of each form, those first that others refer to; change some and delete one of each."""
        for form in forms:
            self.made[form.id] = [self._record(form) for _ in range(RECORDS_OF_A_FORM)]
        self._remember(forms)
        for form in forms:
            self._around(form, self.made[form.id])

    def _remember(self, forms: Sequence[Form]) -> None:
        """Note all values as they are before they change, computed ones too: those of the history of their fields."""
        for cell, value in Markers(Memory(self.office)).all_values():
            if cell.form in {form.id for form in forms}:
                self.traces.markers.append((str(value), cell.form, cell.id, cell.path))

    def _record(self, form: Form) -> int:
        project = self.office.runtime.project
        lines = {
            collection.id: [
                LineChange(values=self._values(project.form_by_id[collection.form]))
                for _ in range(self.random.randint(1, 3))
            ]
            for collection in form.lines
        }
        values = self._values(form)
        states = project.workflows_by_form.get(form.id, ())
        if states:
            values[states[0].state_field] = self.random.choice(states[0].states).id
        with self.office.act(None) as unit:
            change = Create(form=form.id, values=values, lines=lines)
            (made,) = records.apply(unit, [change], history=True)
        self._owner(form, made.id)
        return made.id

    def _owner(self, form: Form, record_id: int) -> None:
        """Give what the system made to somebody: it is their record from then on."""
        table = self.office.runtime.database.tables[form.id]
        names = [each.id for each in form.fields if each.system in {SystemRole.OWNER, SystemRole.CREATED_BY}]
        someone = self.random.choice(list(self.office.ids.values()))
        if names:
            with self.office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
                given = dict.fromkeys(names, someone)
                unit.connection.execute(sa.update(table).where(table.c.id == record_id).values(**given))

    def _values(self, form: Form) -> dict[str, Any]:
        return {
            each.id: value
            for each in form.fields
            if each.system is SystemRole.NONE and not each.is_derived and each.type != "lines"
            if (value := self.value(form, each)) is not None
        }

    def value(self, form: Form, field_: Field) -> Any:
        """Return a value that is like no other, or for a choice some value."""
        draw = self.random
        match field_.type:
            case "text" | "longtext":
                return self.mint.word()
            case "money" | "decimal":
                return self.mint.number(getattr(field_.options, "scale", 2))
            case "integer":
                return self.mint.integer()
            case "date":
                return self.mint.day()
            case "choice":
                return draw.choice([*field_.options.by_value])
            case "boolean":
                return draw.random() < 0.5
            case "file":
                return self.upload(form, field_)
            case "user":
                return draw.choice([*self.office.ids.values(), None])
            case "department" | "ref":
                assert field_.target is not None
                return draw.choice([*self.made[field_.target], *self.made[field_.target], None])
        raise AssertionError(field_.type)

    def upload(self, form: Form, field_: Field) -> int:
        """Upload a file whose name and words are markers."""
        stored = records.upload(
            self.office.runtime,
            SYSTEM,
            Channel.PAGE,
            form.id,
            field_.id,
            name=f"{self.mint.word()}.pdf",
            chunks=[b"%PDF-1.7\n%", self.mint.word().encode(), b"\n%%EOF\n"],
        )
        return stored.id

    def _around(self, form: Form, ids: Sequence[int]) -> None:
        """Let values have a past, people talk, follow and lose sight, and a record go to the bin."""
        for record_id in ids[:2]:
            self.change(form, record_id)
        for record_id in ids[:3]:
            self.talk(form.id, record_id)
        (extra,) = [self._record(form)]
        self.traces.deleted.append((form.id, extra))

    def change(self, form: Form, record_id: int) -> None:
        """Write every plain value anew."""
        values: dict[str, Any] = {}
        for each in form.fields:
            is_plain = each.system is SystemRole.NONE and not each.is_derived
            if not is_plain or each.type not in {"text", "money", "integer", "date"} or each.unique:
                continue
            values[each.id] = self.value(form, each)
        with self.office.act(None) as unit:
            records.apply(unit, [Update(form=form.id, id=record_id, values=values)], by_rule=True)

    def talk(self, form: str, record_id: int) -> None:
        """Let one who sees a record say something, and turn to everybody."""
        for login in self.office.ids:
            said = self.mint.word()
            everybody = list(self.office.ids.values())
            names = " ".join(f"@{each}" for each in self.office.ids)
            try:
                with self.office.act(login) as unit:
                    comments.add(unit, form, record_id, f"{said} {names}", chosen=everybody)
                    following.follow(unit, form, record_id)
            except NotFound:
                continue
            self.traces.markers.append((said, form, record_id, "*"))

    def delete(self) -> None:
        """Put records into the bin. What is there is known from before."""
        for form, record_id in self.traces.deleted:
            with self.office.act(None) as unit:
                records.apply(unit, [Delete(form=form, id=record_id)])
