"""Letting somebody go in one transaction: tasks, records, sessions, each step in timeline and audit; and back."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from orderkit.engine import accounts, records
from orderkit.engine.access.people import person_of
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.people import require_manager_of_users
from orderkit.engine.leaving.holdings import USER, Holding, held, holdings_of
from orderkit.engine.runtime import Person, Unit
from orderkit.engine.workflow.approvals.handing_over import hand_over_tasks
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.labels import Label, label, text_of

# Other writers wait for all of it.
MOST_RECORDS = 5000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """What was handed over."""

    tasks: int
    records: int


def let_go(
    unit: Unit, user_id: int, *, successor: Person | None = None, holdings: Collection[str] = ()
) -> LetGo:
    """Let a person go and hand over what they hold; `holdings` are paths of `Holding`.

    Without a successor open tasks go to whom their workflows say.
    Raises: Denied, NotFound, and Refused for the last administrator, for a successor who is none, and where a
    record may not be the successor's; then nothing has happened.
    """
    require_manager_of_users(unit)
    records.readable_row(unit, "user", user_id)
    if successor is not None and successor.id == user_id:
        raise _refused("same_person", label(zh="接手人不能是本人", en="the successor must be somebody else"))
    chosen = [each for each in holdings_of(unit, user_id) if each.path in holdings]
    if chosen and (successor is None or successor.id is None):
        raise _refused("required", label(zh="移交记录要选接手人", en="choose who takes the records over"))
    _keep_bounded(chosen)
    tasks = hand_over_tasks(unit, user_id, None if successor is None else successor.id)
    moved = 0
    for each in chosen:
        assert successor is not None
        moved += _hand_over(unit, each, user_id, successor)
    accounts.deactivate(unit, user_id)
    if tasks or moved:
        facts = {"tasks": str(tasks), "records": str(moved)}
        if successor is not None:
            facts["successor"] = successor.login
        note(unit, AccountEvent.HANDED_OVER, user_id, facts)
    return LetGo(tasks=tasks, records=moved)


def take_back(unit: Unit, user_id: int) -> None:
    """Let a person who was let go come in again, with the roles they had. Raises Denied, NotFound."""
    require_manager_of_users(unit)
    records.apply(unit, [records.Update(form="user", id=user_id, values={"active": True})])


def successor_named(unit: Unit, user_id: int) -> Person:
    """Return the active person who shall take over. Raises Refused."""
    found = person_of(unit, user_id)
    if found is None:
        raise _refused(
            "unknown", label(zh="接手人不存在或已停用", en="the successor is nobody who may sign in")
        )
    return found


def id_of_login(unit: Unit, login: str) -> int:
    """Return whose login name this is, also of one who was let go. Raises NotFound."""
    user = unit.runtime.database.tables["user"]
    found: int | None = unit.connection.scalar(select(user.c.id).where(user.c.login == login))
    if found is None:
        raise NotFound(label(zh=f"没有用户“{login}”", en=f"there is no user `{login}`"))
    return found


def _hand_over(unit: Unit, holding: Holding, user_id: int, successor: Person) -> int:
    form = unit.project.form_by_id[holding.form]
    table = unit.runtime.database.tables[form.id]
    is_held = held(unit, form, form.by_id[holding.field], user_id)
    ids = unit.connection.execute(select(table.c.id).where(is_held).order_by(table.c.id)).scalars().all()
    # Whose manager was the one who leaves comes under that one's manager, not under themselves.
    above = None
    if form.id == USER:
        above = unit.connection.scalar(select(table.c[holding.field]).where(table.c.id == user_id))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        changes = [
            records.Update(
                form=form.id,
                id=each,
                values={holding.field: above if (form.id, each) == (USER, successor.id) else successor.id},
            )
            for each in some
        ]
        try:
            records.apply(unit, changes, by_rule=True)
        except records.ChangesRefused as error:
            first = min(error.by_change)
            raise _kept_by(unit, holding, some[first], error.by_change[first][0]) from error
    return len(ids)


def _keep_bounded(chosen: Collection[Holding]) -> None:
    count = sum(each.count for each in chosen)
    if count > MOST_RECORDS:
        raise _refused(
            "too_many",
            label(
                zh=f"共 {count} 条记录，一次最多移交 {MOST_RECORDS} 条：请先在列表里按负责人筛选并批量修改",
                en=f"these are {count} records, and {MOST_RECORDS} are handed over at once: "
                "filter the list by the person and change the field in bulk first",
            ),
        )


def _kept_by(unit: Unit, holding: Holding, record_id: int, problem: Problem) -> Refused:
    form = unit.project.form_by_id[holding.form]
    title = records.titles(unit, form.id, [record_id]).get(record_id, "") or str(record_id)
    zh, en = text_of(form.label, "zh"), text_of(form.label, "en")
    return _refused(
        problem.code,
        label(
            zh=f"{zh}“{title}”不能移交：{text_of(problem.message, 'zh')}",
            en=f"{en} “{title}” cannot be handed over: {text_of(problem.message, 'en')}",
        ),
    )


def _refused(code: str, message: Label) -> Refused:
    return Refused([Problem(path="successor", code=code, message=message)])
