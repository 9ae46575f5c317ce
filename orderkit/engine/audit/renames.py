"""What fields and options of old entries are called today: the audit stays as it was written.

An entry names its form and fields as they were called then. Renames that revisions made after it are in
`ok_renaming`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from orderkit.database.schema.system_tables import audit, renaming, revision
from orderkit.engine.runtime import Unit

BeforeAfter = tuple[object, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rename:
    kind: str
    place: str
    old: str
    new: str
    at: datetime | None


class Renames:
    """The renames in one form and its lines, in the order in which they were made."""

    def __init__(self, form: str, made: tuple[_Rename, ...]) -> None:
        self._form = form
        self._made = made

    def today(self, changes: Mapping[str, BeforeAfter], at: datetime) -> dict[str, BeforeAfter]:
        """Return the changes of an entry written `at` under the names of today."""
        later = [each for each in self._made if each.at is None or each.at >= at]
        if not later:
            return dict(changes)
        return dict(self._renamed(path, pair, later) for path, pair in changes.items())

    def path(self, path: str, at: datetime) -> str:
        """Return a path written `at` under the names of today."""
        return next(iter(self.today({path: (None, None)}, at)))

    def _renamed(self, path: str, pair: BeforeAfter, later: list[_Rename]) -> tuple[str, BeforeAfter]:
        """Return `total`, or `lines.12.qty`, and its values; the place of a rename is always named as today."""
        parts = path.split(".")
        for each in later:
            if each.kind == "form" and parts[0] == each.old.rpartition(".")[2]:
                parts[0] = each.new.rpartition(".")[2]
        for each in later:
            if each.kind != "field":
                continue
            if each.place == self._form and parts[0] == each.old:
                parts[0] = each.new
            elif len(parts) > 2 and each.place == f"{self._form}.{parts[0]}" and parts[2] == each.old:
                parts[2] = each.new
        name = parts[2] if len(parts) > 2 else parts[0]
        place = f"{self._form}.{parts[0]}.{name}" if len(parts) > 2 else f"{self._form}.{name}"
        for each in later:
            if each.kind == "option" and each.place == place:
                pair = (_option(pair[0], each), _option(pair[1], each))
        return ".".join(parts), pair


class FormNames:
    """What forms are called today, whatever they were called when an entry was written."""

    def __init__(self, made: Sequence[tuple[str, str, datetime | None]]) -> None:
        self._made = made

    def today(self, form: str, at: datetime) -> str:
        """Return the name of today of a form that was called so at an instant."""
        for old, new, applied_at in self._made:
            if old == form and (applied_at is None or applied_at >= at):
                form = new
        return form


def form_names(unit: Unit) -> FormNames:
    """Return the renames of all forms, in the order in which they were made."""
    made = unit.connection.execute(
        select(renaming.c.old, renaming.c.new, revision.c.applied_at)
        .outerjoin(revision, and_(revision.c.line == "project", revision.c.number == renaming.c.number))
        .where(renaming.c.kind == "form")
        .order_by(renaming.c.id)
    ).all()
    return FormNames([(row.old, row.new, row.applied_at) for row in made])


def entries_of(unit: Unit, form: str) -> ColumnElement[bool]:
    """Return the condition for entries of a form, under whichever name it had when they were written."""
    made = unit.connection.execute(
        select(renaming.c.old, renaming.c.new, revision.c.applied_at)
        .outerjoin(revision, and_(revision.c.line == "project", revision.c.number == renaming.c.number))
        .where(renaming.c.kind == "form")
        .order_by(renaming.c.id.desc())
    ).all()
    # A form that has had this name before and has another one now keeps its entries.
    passed_on = [row.applied_at for row in made if row.old == form and row.applied_at is not None]
    mine = audit.c.form == form
    if passed_on:
        mine &= audit.c.at > max(passed_on)
    found, name, known = [mine], form, {form}
    for row in made:
        if row.new == name and row.old not in known:
            name = row.old
            known.add(name)
            former = audit.c.form == name
            found.append(former if row.applied_at is None else former & (audit.c.at <= row.applied_at))
    return or_(*found)


def renames_in(unit: Unit, form: str) -> Renames:
    """Return the renames that old entries of a form's records have to be read with."""
    of_form = or_(renaming.c.place == form, renaming.c.place.startswith(f"{form}.", autoescape=True))
    of_lines = and_(renaming.c.kind == "form", renaming.c.new.startswith(f"{form}.", autoescape=True))
    made = unit.connection.execute(
        select(renaming, revision.c.applied_at)
        .outerjoin(revision, and_(revision.c.line == "project", revision.c.number == renaming.c.number))
        .where(or_(of_form, of_lines))
        .order_by(renaming.c.id)
    )
    return Renames(
        form,
        tuple(
            _Rename(kind=row.kind, place=row.place or "", old=row.old, new=row.new, at=row.applied_at)
            for row in made
        ),
    )


def _option(value: object, made: _Rename) -> object:
    if isinstance(value, list):
        return [_option(each, made) for each in value]
    return made.new if value == made.old else value
