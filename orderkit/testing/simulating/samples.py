"""A record that the rules of a form accept: what must be there is filled with the plainest value of its type."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal

import sqlalchemy as sa

from orderkit.engine.records import Create, LineChange, apply
from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import SYSTEM, Person, Unit
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    Many,
    Number,
    Record,
    Text,
    Time,
)
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import label

MOST_TRIES = 8
MOST_DEEP = 3
_LOOKED_AT = 50
REQUIRED = "required"


@dataclass(slots=True, kw_only=True)
class Draft:
    """A record to be made; rows of lines by collection."""

    form: str
    values: dict[str, Scalar] = field(default_factory=dict)
    lines: dict[str, list[dict[str, Scalar]]] = field(default_factory=dict)

    def copy(self) -> "Draft":
        """Return another one that may be changed."""
        rows = {name: [dict(row) for row in some] for name, some in self.lines.items()}
        return Draft(form=self.form, values=dict(self.values), lines=rows)


@dataclass(slots=True, kw_only=True)
class Sampler:
    """Makes drafts; `made` has the records of other forms that had to be made for them, in order, with their ids.

    Dates lie `ahead`, so that they are not past when time goes on.
    """

    unit: Unit
    ahead: timedelta = timedelta()
    made: list[tuple[Draft, int]] = field(default_factory=list)

    def draft(self, form: Form, *, besides: Iterable[str] = (), depth: int = 0) -> Draft:
        """Return a draft with everything that is required of a form, and `besides`."""
        wanted = frozenset(besides)
        found = Draft(form=form.id)
        for each in form.fields:
            if each.id in wanted or _is_needed(each):
                self.fill(found.values, each, depth=depth)
        for collection in form.lines:
            rows = self.unit.project.form_by_id[collection.form]
            row: dict[str, Scalar] = {}
            for each in rows.fields:
                if _is_needed(each):
                    self.fill(row, each, depth=depth)
            found.lines[collection.id] = [row]
        return found

    def fill(self, values: dict[str, Scalar], field_: Field, *, depth: int = 0) -> None:
        """Give a field the plainest value of its type; one whose type has none is left out."""
        value = self.plainest(field_, depth=depth)
        if value is not None:
            values[field_.id] = value

    def plainest(self, field_: Field, *, depth: int = 0) -> Scalar:
        """Return the plainest value of a field; None where there is none."""
        match field_.value_type:
            case Text():
                return _text(field_)
            case Number():
                return 1
            case Boolean():
                return True
            case Choice(options=options):
                return options[0] if options else None
            case Date():
                return self.unit.today + self.ahead
            case DateTime():
                return self.unit.now + self.ahead
            case Time():
                return time(9)
            case Duration():
                return timedelta(hours=1)
            case Record(form=form):
                return self._reference(field_, form, depth)
            case Many(of=Record(form=form)):
                found = self._reference(field_, form, depth)
                return None if found is None else (found,)
            case Many(of=Choice(options=options)):
                return options[:1] or None
            case _:
                return None

    def _reference(self, field_: Field, target: str, depth: int) -> int | None:
        form = self.unit.project.form_by_id[target]
        table = self.unit.runtime.database.tables[form.id]
        ids = self.unit.connection.execute(sa.select(table.c.id).order_by(table.c.id).limit(_LOOKED_AT))
        fitting: Iterable[int] = (each for each in ids.scalars().all() if self._fits(field_, form, each))
        found = next(iter(fitting), None)
        if found is not None:
            return found
        if depth >= MOST_DEEP or form.is_built_in:
            return None
        draft = self.draft(form, depth=depth + 1)
        try:
            made_id = create(self.unit, SYSTEM, draft, self)
        except OrderkitError:
            return None
        self.made.append((draft, made_id))
        return made_id

    def _fits(self, field_: Field, form: Form, record_id: int) -> bool:
        if field_.where is None:
            return True
        row = rows_of(self.unit).row(form.id, record_id)
        if row is None:
            return False
        try:
            roots = {"candidate": row, "this": None}
            return evaluate(field_.where, environment_of(self.unit, roots=roots)) is True
        except OrderkitError:
            return False


def create(unit: Unit, person: Person, draft: Draft, sampler: Sampler) -> int:
    """Make the record of a draft as a person, filling in what turns out to be required; return its id.

    Raises: Denied, or Refused for what cannot be filled in.
    """
    for _ in range(MOST_TRIES):
        try:
            with unit.acting_as(person).within() as inner:
                (made,) = apply(inner, [change_of(draft)])
                return made.id
        except Refused as refused:
            missing = [each.path for each in refused.problems if each.code == REQUIRED]
            added = [_add(unit, draft, path, sampler) for path in missing]
            if not any(added):
                raise
    raise Refused((), label(zh="样例记录填不完整", en="the sample record cannot be filled in"))


def change_of(draft: Draft) -> Create:
    """Return the change that makes the record of a draft."""
    lines: Mapping[str, Sequence[LineChange]] = {
        name: [LineChange(values=row) for row in rows] for name, rows in draft.lines.items()
    }
    return Create(form=draft.form, values=draft.values, lines=lines)


def _add(unit: Unit, draft: Draft, path: str, sampler: Sampler) -> bool:
    """Fill in a field that a refusal names; return whether that was possible."""
    form = unit.project.form_by_id[draft.form]
    name, _, rest = path.partition(".")
    if not rest:
        return _filled(draft.values, form.by_id.get(name), sampler)
    number, _, inner = rest.partition(".")
    collection = form.collection_by_id.get(name)
    rows = draft.lines.get(name, [])
    if collection is None or not number.isdecimal() or int(number) >= len(rows):
        return False
    return _filled(rows[int(number)], unit.project.form_by_id[collection.form].by_id.get(inner), sampler)


def _filled(values: dict[str, Scalar], field_: Field | None, sampler: Sampler) -> bool:
    if field_ is None or field_.id in values:
        return False
    sampler.fill(values, field_)
    return field_.id in values


def is_given(field_: Field) -> bool:
    """Return whether people may give a field its value."""
    return (
        field_.system in {SystemRole.NONE, SystemRole.OWNER}
        and not field_.is_derived
        and not field_.readonly
        and field_.is_stored
    )


def _is_needed(field_: Field) -> bool:
    has_own = field_.default is not None or field_.copy is not None
    return is_given(field_) and field_.system is SystemRole.NONE and field_.required and not has_own


def _text(field_: Field) -> str:
    """Return a text that says what it is; the types that are texts of a certain kind have one that fits."""
    return {
        "email": "sample@example.com",
        "phone": "13800138000",
        "url": "https://example.com",
        "color": "#336699",
    }.get(field_.type, "样例")


def as_decimal(value: Scalar) -> Decimal | None:
    """Return a number exactly; None for anything else."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
