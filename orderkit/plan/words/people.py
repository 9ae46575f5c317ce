"""People as a workflow names them, in words."""

from collections.abc import Iterable
from typing import assert_never

from orderkit.model.labels import Label, label
from orderkit.model.people import (
    AnyOf,
    ChosenBy,
    FieldUser,
    HasRole,
    HeadOf,
    ManagerOf,
    NamedPerson,
    NamedUser,
    Who,
)
from orderkit.model.project import Project
from orderkit.model.roles import ADMIN, EVERYONE
from orderkit.plan.words.expressions import written
from orderkit.plan.words.filling import code, filled, listed, same

_NAMED = {
    "owner": label(zh="记录负责人", en="the owner"),
    "submitter": label(zh="提交人", en="the submitter"),
    "approver": label(zh="审批人", en="the approver"),
    "previous": label(zh="上一审批人", en="the previous approver"),
    "holder": label(zh="当前处理人", en="the holder"),
    "followers": label(zh="关注者", en="followers"),
    "everyone": label(zh="所有人", en="everyone"),
    "system": label(zh="系统", en="the system"),
}
_BUILT_IN = {
    ADMIN: label(zh="管理员", en="administrators"),
    EVERYONE: label(zh="所有人", en="everyone"),
}
NOBODY = label(zh="只有系统", en="only the system")


def role_called(role: str, project: Project) -> Label:
    """Return how people call a role."""
    known = project.role_by_id.get(role)
    return _BUILT_IN.get(role) or (same(role) if known is None else known.label)


def called(who: Who | None, project: Project) -> Label:
    """Return whom a place of a workflow names."""
    return listed(_called(each, project) for each in each_of(who)) if who is not None else NOBODY


def each_of(who: Who | None) -> Iterable[Who]:
    """Yield those of a list, or the one."""
    match who:
        case None:
            return
        case AnyOf(people=people):
            for each in people:
                yield from each_of(each)
        case _:
            yield who


def _called(who: Who, project: Project) -> Label:
    match who:
        case HasRole(role=role):
            return role_called(role, project)
        case NamedUser(login=login):
            return filled(label(zh="用户 {login}", en="user {login}"), login=code(login))
        case FieldUser(expression=expression):
            return code(written(expression))
        case NamedPerson(name=name):
            return _NAMED.get(name, same(name))
        case ManagerOf(who=of, is_chain=True, until=until):
            end = (
                same("")
                if until is None
                else filled(label(zh="（直到 {role}）", en=" up to {role}"), role=until)
            )
            return filled(
                label(zh="{who}的各级主管{end}", en="the managers of {who}{end}"),
                who=called(of, project),
                end=end,
            )
        case ManagerOf(who=of, level=1):
            return filled(label(zh="{who}的主管", en="the manager of {who}"), who=called(of, project))
        case ManagerOf(who=of, level=level):
            return filled(
                label(zh="{who}的第 {level} 级主管", en="the manager {level} levels above {who}"),
                who=called(of, project),
                level=level,
            )
        case HeadOf(department=department):
            return filled(label(zh="{of} 的负责人", en="the head of {of}"), of=code(written(department)))
        case ChosenBy(who=by):
            return filled(label(zh="由{who}选定的人", en="whom {who} chooses"), who=called(by, project))
        case AnyOf():
            return called(who, project)
        case _:
            assert_never(who)
