"""Views under a name: what of a list was looked at and how, kept for oneself or shared.

A shared view is offered to everybody who may see the form; what they find with it their own rights
decide. Sharing is for administrators and for those who may export the form: whoever is trusted with the
list as a whole. A view is changed by its owner, a shared one by administrators too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as made_by

from sqlalchemy import BindParameter, False_, Row, bindparam, delete, func, insert, or_, select, update

from orderkit.database.schema.system_tables import list_arrangement, list_default, list_view
from orderkit.engine.access import Action, RefusedAccess, decide, row_condition
from orderkit.engine.access.grants import grants_of
from orderkit.engine.lists.arranging import Arrangement, columns_in, forget_arrangement, settings_of, written
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.forms import FieldId, Form, FormId
from orderkit.model.labels import Label, label

LONGEST_NAME = 60
LONGEST_QUERY = 8000
MOST_VIEWS = 100
# With every other view a list may open; this one says that it opens with everything.
EVERYTHING = ""

# Put together once: every list asks it.
_ME: BindParameter[int | None] = bindparam("me")
_FORM: BindParameter[str] = bindparam("of_form")
_VIEWS = (
    select(list_view)
    .where(list_view.c.form == _FORM, or_(list_view.c.owner_id == _ME, list_view.c.is_shared))
    .limit(2 * MOST_VIEWS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """A view. `query` is what stands behind the `?`; without `arrangement` the reader's columns show."""

    id: int
    name: str
    query: str
    arrangement: Arrangement | None
    is_shared: bool
    is_mine: bool
    may_change: bool


@dataclass(slots=True)
class _Known:
    """What a unit that only reads has read already, by person and form: a page asks for it in several places."""

    views: dict[tuple[int | None, FormId], tuple[KeptView, ...]] = made_by(default_factory=dict)


def kept_views(unit: Unit, form: Form) -> tuple[KeptView, ...]:
    """Return the views of this person on a form, then those that others share, each by name."""
    if unit.is_writing:
        return _kept_views(unit, form)
    known = unit.keep(_Known, _Known).views
    key = (unit.person.id, form.id)
    if key not in known:
        known[key] = _kept_views(unit, form)
    return known[key]


def _kept_views(unit: Unit, form: Form) -> tuple[KeptView, ...]:
    rows = unit.connection.execute(_VIEWS, {"me": unit.person.id, "of_form": form.id})
    found = (_view(unit, row) for row in rows)
    return tuple(sorted(found, key=lambda each: (not each.is_mine, each.name, each.id)))


def may_share(unit: Unit, form: Form) -> bool:
    """Return whether this person may offer a view to the others."""
    return grants_of(unit, unit.person).is_free or bool(
        decide(unit.person, Action.EXPORT, form.id, unit=unit)
    )


def may_compare(unit: Unit, form: Form, field: FieldId) -> bool:
    """Return whether there may be records that this person could find by a field."""
    table = unit.runtime.database.tables[form.id]
    return not isinstance(row_condition(unit, form.id, Action.READ, table, field=field), False_)


def keep_view(
    unit: Unit, form: Form, name: str, query: str, arrangement: Arrangement, *, is_shared: bool
) -> int:
    """Keep a new view and return its number. Raises Denied, Refused (a name that will not do, too many)."""
    _require_read(unit, form)
    if is_shared and not may_share(unit, form):
        raise Denied(_NO_SHARING)
    counted = select(func.count()).where(list_view.c.form == form.id, list_view.c.owner_id == unit.person.id)
    if unit.connection.execute(counted).scalar_one() >= MOST_VIEWS:
        raise _refused(
            f"每个列表最多保存 {MOST_VIEWS} 个视图，请先删除不用的",
            f"at most {MOST_VIEWS} views are kept of a list: delete one that is not used first",
        )
    values = {"name": _name(unit, form, name), "is_shared": is_shared, **_state(unit, query, arrangement)}
    result = unit.connection.execute(
        insert(list_view).values(form=form.id, owner_id=unit.person.id, **values)
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def replace_view(unit: Unit, form: Form, number: int, query: str, arrangement: Arrangement) -> None:
    """Let a view show something else. Raises NotFound, Denied."""
    view = _changeable(unit, form, number)
    unit.connection.execute(
        update(list_view).where(list_view.c.id == view.id).values(_state(unit, query, arrangement))
    )
    forget_arrangement(unit, form.id, view=view.id)


def rename_view(unit: Unit, form: Form, number: int, name: str, *, is_shared: bool) -> None:
    """Give a view another name, and share it or no longer. Raises NotFound, Denied, Refused."""
    view = _changeable(unit, form, number)
    if is_shared and not view.is_shared and not may_share(unit, form):
        raise Denied(_NO_SHARING)
    values = {"name": _name(unit, form, name, but=view.id), "is_shared": is_shared, "changed_at": unit.now}
    unit.connection.execute(update(list_view).where(list_view.c.id == view.id).values(values))


def delete_view(unit: Unit, form: Form, number: int) -> None:
    """Delete a view, and what others have set on it. Raises NotFound, Denied."""
    view = _changeable(unit, form, number)
    unit.connection.execute(delete(list_view).where(list_view.c.id == view.id))
    unit.connection.execute(delete(list_arrangement).where(list_arrangement.c.view == view.id))
    opens_with = (list_default.c.form == form.id, list_default.c.view == str(view.id))
    unit.connection.execute(delete(list_default).where(*opens_with))


def default_view(unit: Unit, form: Form) -> str:
    """Return with which view the list opens for this person: the id of one of the YAML, or a number."""
    found = settings_of(unit, form.id).opens_with
    return found if found is not None else EVERYTHING


def open_with(unit: Unit, form: Form, view: str) -> None:
    """Let the list open with a view for this person, or with EVERYTHING. Raises NotFound, Denied."""
    _require_read(unit, form)
    is_kept = any(str(each.id) == view for each in kept_views(unit, form))
    if view and not is_kept and not any(each.id == view for each in form.list.views):
        raise NotFound
    mine = (list_default.c.user_id == unit.person.id, list_default.c.form == form.id)
    unit.connection.execute(delete(list_default).where(*mine))
    if view:
        unit.connection.execute(insert(list_default).values(user_id=unit.person.id, form=form.id, view=view))


_NO_SHARING = label(
    zh="只有管理员和可以导出此表单的人才能共享视图；可以先保存为自己的视图",
    en="Only administrators and those who may export this form share views; keep it as your own instead",
)


def _view(unit: Unit, row: Row[tuple[object, ...]]) -> KeptView:
    is_mine = row.owner_id == unit.person.id
    columns = columns_in(row._mapping[list_view.c["columns"]])  # noqa: SLF001 - the public name of a row's mapping
    return KeptView(
        id=row.id,
        name=row.name,
        query=row.query,
        arrangement=Arrangement(columns=columns, frozen=row.frozen) if columns else None,
        is_shared=row.is_shared,
        is_mine=is_mine,
        may_change=is_mine or (row.is_shared and grants_of(unit, unit.person).is_free),
    )


def _changeable(unit: Unit, form: Form, number: int) -> KeptView:
    _require_read(unit, form)
    view = next((each for each in kept_views(unit, form) if each.id == number), None)
    if view is None:
        raise NotFound
    if not view.may_change:
        raise Denied(
            label(
                zh="只有保存者和管理员能修改共享的视图；可以另存为自己的视图",
                en="Only its owner and administrators change a shared view; keep it as your own instead",
            )
        )
    return view


def _require_read(unit: Unit, form: Form) -> None:
    decision = decide(unit.person, Action.READ, form.id, unit=unit)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)


def _state(unit: Unit, query: str, arrangement: Arrangement) -> dict[str, object]:
    if len(query) > LONGEST_QUERY:
        raise _refused("筛选条件太长，无法保存", "the filters are too long to be kept")
    columns: Sequence[object] = written(arrangement.columns)
    return {"query": query, "columns": columns, "frozen": arrangement.frozen, "changed_at": unit.now}


def _name(unit: Unit, form: Form, text: str, *, but: int = 0) -> str:
    name = " ".join(text.split())
    if not name:
        raise _refused("请给视图起个名字", "give the view a name")
    if len(name) > LONGEST_NAME:
        raise _refused(
            f"视图名最多 {LONGEST_NAME} 个字", f"the name of a view has at most {LONGEST_NAME} characters"
        )
    if any(each.is_mine and each.name == name and each.id != but for each in kept_views(unit, form)):
        raise _refused(
            f"您已有名为“{name}”的视图，请换个名字，或更新那个视图",
            f"you have a view “{name}” already: choose another name, or update that one",
        )
    return name


def _refused(zh: str, en: str) -> Refused:
    message: Label = label(zh=zh, en=en)
    return Refused([Problem(path="name", code="bad_view", message=message)])
