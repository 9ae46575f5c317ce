"""Words for people about workflows: who may press, who decided, why a button is grey."""

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

LANGUAGES = ("zh", "en")

_NAMED = {
    "owner": label(zh="负责人", en="the owner"),
    "submitter": label(zh="提交人", en="the submitter"),
    "approver": label(zh="审批人", en="the approver"),
    "previous": label(zh="上一审批人", en="the previous approver"),
    "holder": label(zh="当前处理人", en="the holder"),
    "followers": label(zh="关注者", en="the followers"),
    "everyone": label(zh="所有人", en="everyone"),
    "system": label(zh="系统", en="the system"),
}


def of_both(zh: str, en: str, **parts: Label) -> Label:
    """Return a sentence in both languages, each with the parts in its own."""
    return label(
        zh=zh.format(**{name: text_in(part, "zh") for name, part in parts.items()}),
        en=en.format(**{name: text_in(part, "en") for name, part in parts.items()}),
    )


def text_in(part: Label, language: str) -> str:
    """Return the text of a language, or the nearest one that exists."""
    return part.get(language) or next(iter(part.values()), "")


def listed(parts: Iterable[Label]) -> Label:
    """Return several labels as one: 甲、乙 / a, b."""
    some = tuple(parts)
    return label(
        zh="、".join(text_in(part, "zh") for part in some), en=", ".join(text_in(part, "en") for part in some)
    )


def named(name: str) -> Label:
    """Return a name, which is the same in every language."""
    return label(zh=name, en=name)


def who_is(project: Project, who: Who | None) -> Label:
    """Return who is meant, as people say it."""
    match who:
        case None:
            return _NAMED["system"]
        case HasRole(role=role):
            found = project.role_by_id.get(role)
            return found.label if found is not None else named(role)
        case NamedUser(login=login):
            return named(login)
        case NamedPerson(name=name):
            return _NAMED.get(name, named(name))
        case FieldUser():
            return label(zh="单据上指定的人", en="the person named in the record")
        case ManagerOf(who=inner):
            return of_both("{who}的上级", "the manager of {who}", who=who_is(project, inner))
        case HeadOf():
            return label(zh="部门负责人", en="the head of the department")
        case ChosenBy(who=inner):
            return of_both("{who}选定的人", "whom {who} chose", who=who_is(project, inner))
        case AnyOf(people=people):
            return listed(who_is(project, each) for each in people)
        case _:
            assert_never(who)
