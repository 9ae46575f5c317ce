"""A way as a scenario file: the people, what is given, and each act with how the record stands after it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Verb
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Text
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label, text_of
from orderkit.model.workflow.workflows import Workflow
from orderkit.testing.exploring.searching import DO, WITHDRAW, Act, Way
from orderkit.testing.simulating.samples import Draft
from orderkit.testing.stage import Somebody

RECORD = "it"
_LEFT_BY: Mapping[str, Label] = {
    Verb.REJECT: label(zh="拒绝", en="rejected"),
    Verb.RETURN: label(zh="退回", en="returned"),
    WITHDRAW: label(zh="撤回", en="withdrawn"),
}
_PLAIN = re.compile(r"[A-Za-z0-9一-鿿_][A-Za-z0-9一-鿿_.\-]*")


class Untellable(ValueError):
    """A way has a value that no scenario can write; it is left out."""


class Writer:
    """Writes ways of one workflow. `given` are records of other forms that had to be made, by form and id."""

    def __init__(
        self, unit: Unit, workflow: Workflow, people: Sequence[Somebody], given: Sequence[tuple[Draft, int]]
    ) -> None:
        self._unit = unit
        self._workflow = workflow
        self._people = people
        self._given = given
        self._names = {
            (draft.form, record_id): f"given{number}"
            for number, (draft, record_id) in enumerate(given, start=1)
        }

    def story(self, name: str, way: Way) -> str:
        """Return the text of a scenario file. Raises Untellable."""
        form = self._unit.project.form_by_id[self._workflow.form]
        lines = [f"scenario: {name}", f"label: {json.dumps(self.title(way), ensure_ascii=False)}"]
        lines += ["people:", *(f"  {each.login}: {_person(each)}" for each in self._people)]
        if self._given:
            lines += ["given:", *(f"  - {self._made(draft, record_id)}" for draft, record_id in self._given)]
        lines.append("steps:")
        expect = _flow({self._workflow.state_field: way.begins})
        made = {
            "as": way.creator,
            "create": form.id,
            "name": RECORD,
            "set": self._set(way.draft),
            "expect": expect,
        }
        lines.append(f"  - {_flow(made)}")
        lines += [f"  - {self._step(each)}" for each in way.acts]
        return "\n".join(lines) + "\n"

    def title(self, way: Way) -> str:
        """Return what a way is called: its states, how they were left unless by approval, and the values it needs."""
        locale = self._unit.project.locale
        states = {each.id: text_of(each.label, locale) for each in self._workflow.states}
        found = states.get(way.begins, way.begins)
        here = way.begins
        for act in way.acts:
            if act.state != here:
                by = _LEFT_BY.get(act.verb)
                arrow = "→" if by is None else f"—{text_of(by, locale)}→"
                found += f" {arrow} {states.get(act.state, act.state)}"
                here = act.state
        form = self._unit.project.form_by_id[self._workflow.form]
        values = [
            f"{text_of(form.by_id[name].label, locale)} {shown(value)}" for name, value in way.variant.items()
        ]
        return f"{found}（{'，'.join(values)}）" if values else found

    def _step(self, act: Act) -> str:
        found: dict[str, str] = {"as": act.login}
        if act.verb == DO:
            found |= {"do": act.name, "on": RECORD}
            if act.answers:
                asks = {ask.field.id: ask.field for ask in self._workflow.transition_by_id[act.name].ask}
                found["with"] = _flow({k: self.text(asks[k], v) for k, v in act.answers.items()})
        else:
            found[act.verb] = RECORD
            if act.verb in {Verb.REJECT, Verb.RETURN}:
                found["comment"] = "说明"
        expect = {self._workflow.state_field: act.state}
        if act.tasks or act.verb != DO:
            expect["tasks"] = f"[{', '.join(act.tasks)}]"
        found["expect"] = _flow(expect)
        return _flow(found)

    def _made(self, draft: Draft, record_id: int) -> str:
        name = self._names[draft.form, record_id]
        return _flow({"create": draft.form, "name": name, "set": self._set(draft)})

    def _set(self, draft: Draft) -> str:
        form = self._unit.project.form_by_id[draft.form]
        found = {name: self.text(form.by_id[name], value) for name, value in draft.values.items()}
        for name, rows in draft.lines.items():
            inner = self._unit.project.form_by_id[form.collection_by_id[name].form]
            listed = (_flow({k: self.text(inner.by_id[k], v) for k, v in row.items()}) for row in rows)
            found[name] = f"[{', '.join(listed)}]"
        return _flow(found)

    def text(self, field: Field, value: object) -> str:
        """Return a value as a scenario writes it. Raises Untellable."""
        match value:
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case int() if field.target is not None:
                return self._reference(field.target, value)
            case int() | Decimal():
                return _number(value)
            case datetime():
                raise Untellable(field.id)
            case date():
                days = (value - self._unit.today).days
                return _quoted("=today()" if days == 0 else f"=add_days(today(), {days})")
            case str():
                return _scalar(value, is_text=isinstance(field.value_type, Text))
            case tuple():
                return f"[{', '.join(self.text(field, each) for each in value)}]"
            case _:
                raise Untellable(field.id)

    def _reference(self, target: str, record_id: int) -> str:
        name = self._names.get((target, record_id))
        if name is not None:
            return _quoted(f"={name}")
        form = self._unit.project.form_by_id[target]
        row = rows_of(self._unit).row(target, record_id)
        key = _natural_key(form)
        value = None if row is None or key is None else row.get(key)
        if not isinstance(value, str):
            raise Untellable(target)
        return _scalar(value, is_text=True)


def _natural_key(form: Form) -> str | None:
    """Return the field by which a value names a record of a form, as the compiler finds it."""
    for each in form.fields:
        if each.unique and isinstance(each.value_type, Text):
            return each.id
    for name in ("code", "name"):
        if name in form.by_id and form.by_id[name].required and isinstance(form.by_id[name].value_type, Text):
            return name
    return None


def _number(value: int | Decimal) -> str:
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _person(person: Somebody) -> str:
    found: dict[str, str] = {}
    if person.roles:
        found["roles"] = f"[{', '.join(person.roles)}]"
    if person.manager is not None:
        found["manager"] = person.manager
    return _flow(found)


def _flow(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return "{" + ", ".join(f"{name}: {value}" for name, value in items) + "}"


def _scalar(text: str, *, is_text: bool) -> str:
    looks_like_another = is_text and bool(
        re.fullmatch(r"[\d.+-]*|true|false|null|yes|no|on|off", text.lower())
    )
    return text if _PLAIN.fullmatch(text) and not looks_like_another else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def shown(value: Scalar) -> str:
    """Return a value of a variant for people."""
    return "—" if value is None else str(value)
