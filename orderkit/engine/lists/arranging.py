"""How a person has arranged the columns of a list, and which columns there are to choose from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, insert, literal, select

from orderkit.database.schema.system_tables import list_arrangement, list_default
from orderkit.engine.access import Action, decide
from orderkit.engine.runtime import Person, Unit
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole

MOST_COLUMNS = 40
MOST_FROZEN = 3
LEAST_WIDTH, MOST_WIDTH = 56, 900
_OF_NO_USE = frozenset({SystemRole.ID, SystemRole.REVISION, SystemRole.PARENT, SystemRole.POSITION})
# Put together once: every list asks it. One row at least, so that one question answers for both tables.
_ME: BindParameter[int | None] = bindparam("me")
_FORM: BindParameter[str] = bindparam("of_form")
_ONE = select(literal(1).label("one")).subquery()
_SETTINGS = select(
    list_default.c.view.label("opens_with"),
    list_arrangement.c.view.label("of_view"),
    list_arrangement.c["columns"],
    list_arrangement.c.frozen,
).select_from(
    _ONE.outerjoin(list_default, and_(list_default.c.user_id == _ME, list_default.c.form == _FORM)).outerjoin(
        list_arrangement, and_(list_arrangement.c.user_id == _ME, list_arrangement.c.form == _FORM)
    )
)


@dataclass(frozen=True, slots=True)
class ColumnWidth:
    """One column. `width` is in pixels; None leaves it to what stands in it."""

    field: FieldId
    width: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The columns of a list in order. The first `frozen` stay in sight; `is_own`: this person chose so."""

    columns: tuple[ColumnWidth, ...]
    frozen: int = 1
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person has set of a list: the view that it opens with, and their columns by the number of a kept view."""

    opens_with: str | None
    arrangements: Mapping[int, Arrangement]


class _Known(dict[tuple[int | None, FormId], Settings]):
    """What a unit that only reads has read already: a page asks for it in several places."""


def settings_of(unit: Unit, form_id: FormId) -> Settings:
    """Return what this person has set of the list of a form."""
    if unit.is_writing:
        return _settings(unit, form_id)
    known = unit.keep(_Known, _Known)
    key = (unit.person.id, form_id)
    if key not in known:
        known[key] = _settings(unit, form_id)
    return known[key]


def _settings(unit: Unit, form_id: FormId) -> Settings:
    rows = unit.connection.execute(_SETTINGS, {"me": unit.person.id, "of_form": form_id}).all()
    arrangements = {
        row.of_view: Arrangement(columns=columns_in(row[2]), frozen=row.frozen, is_own=True)
        for row in rows
        if row.of_view is not None
    }
    return Settings(opens_with=rows[0].opens_with, arrangements=arrangements)


class _Offered(dict[tuple[Person, FormId], tuple[Field, ...]]):
    pass


def offered(unit: Unit, form: Form) -> tuple[Field, ...]:
    """Return what may stand in a column for this reader: what they may see of the form, its own columns first."""
    known = unit.keep(_Offered, _Offered)
    key = (unit.person, form.id)
    found = known.get(key)
    if found is None:
        found = known[key] = _offered(unit, form)
    return found


def _offered(unit: Unit, form: Form) -> tuple[Field, ...]:
    listed = [form.by_id[name] for name in form.list.columns]
    names = frozenset(form.list.columns)
    rest = [each for each in form.fields if each.id not in names and each.system not in _OF_NO_USE]
    own = [each for each in rest if each.system is SystemRole.NONE]
    others = [each for each in rest if each.system is not SystemRole.NONE]
    return tuple(each for each in (*listed, *own, *others) if _may_see(unit, form, each))


def arranged(unit: Unit, form: Form, *, view: int = 0, written: Arrangement | None = None) -> Arrangement:
    """Return the columns as this reader sees them: as they set them, else as `written`, else as in the YAML.

    `view` is the number of a kept view, whose columns are `written`. Fields that are gone, or that the
    reader may not see, are left out.
    """
    seen = {each.id for each in offered(unit, form)}
    plain = Arrangement(columns=tuple(ColumnWidth(name) for name in form.list.columns))
    own = settings_of(unit, form.id).arrangements
    for found in (own.get(view), written, own.get(0) if view else None):
        if found is not None:
            shown = tuple(each for each in found.columns if each.field in seen)
            if shown:
                return replace(found, columns=shown)
    return replace(plain, columns=tuple(each for each in plain.columns if each.field in seen))


def keep_arrangement(
    unit: Unit, form: Form, columns: Iterable[ColumnWidth], *, frozen: int, view: int = 0
) -> None:
    """Keep the columns of this person. What they may not see is dropped; without any column it is as written."""
    seen = {each.id for each in offered(unit, form)}
    wanted = {each.field: each for each in columns if each.field in seen}
    forget_arrangement(unit, form.id, view=view)
    if wanted:
        unit.connection.execute(
            insert(list_arrangement).values(
                user_id=unit.person.id,
                form=form.id,
                view=view,
                columns=written(list(wanted.values())[:MOST_COLUMNS]),
                frozen=min(max(frozen, 0), MOST_FROZEN),
            )
        )


def forget_arrangement(unit: Unit, form_id: FormId, *, view: int = 0) -> None:
    """Leave the columns of this person as the list is written again."""
    unit.connection.execute(delete(list_arrangement).where(*_of(unit, form_id, view)))


def written(columns: Sequence[ColumnWidth]) -> list[list[str | int | None]]:
    """Return columns as they are stored."""
    return [[each.field, each.width] for each in columns]


def columns_in(stored: object) -> tuple[ColumnWidth, ...]:
    """Return the columns of what is stored, as far as it can be read."""
    return tuple(_columns(stored))


def _columns(stored: object) -> Iterator[ColumnWidth]:
    for each in stored if isinstance(stored, list) else ():
        match each:
            case [str(field), int(width)]:
                yield ColumnWidth(field, min(max(width, LEAST_WIDTH), MOST_WIDTH))
            case [str(field), *_]:
                yield ColumnWidth(field)


def _of(unit: Unit, form_id: FormId, view: int) -> tuple[ColumnElement[bool], ...]:
    return (
        list_arrangement.c.user_id == unit.person.id,
        list_arrangement.c.form == form_id,
        list_arrangement.c.view == view,
    )


def _may_see(unit: Unit, form: Form, field: Field) -> bool:
    is_column = field.type != "lines"
    return is_column and bool(decide(unit.person, Action.READ, form.id, field=field.id, unit=unit))
