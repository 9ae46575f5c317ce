"""The words that stand in pictures, and values as a project writes them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.printing import as_written
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
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.workflows import Mode, Step

ENDINGS = {
    "approved": label(zh="通过", en="approved"),
    "rejected": label(zh="驳回", en="rejected"),
    "returned": label(zh="退回", en="returned"),
    "withdrawn": label(zh="撤回", en="withdrawn"),
    "revoked": label(zh="撤销", en="revoked"),
    "terminated": label(zh="终止", en="terminated"),
}
START = label(zh="开始", en="Start")
SKIPPED = label(zh="不需要", en="not needed")
OTHERWISE = label(zh="否则", en="otherwise")
REOPENED = label(zh="重新打开", en="reopened")
TAKEN_BACK = label(zh="撤回", en="undo")
RETURNED = label(zh="退回此步", en="returned")
REMIND = label(zh="提醒", en="remind")
ESCALATE = label(zh="升级", en="escalate")
NOTIFY = label(zh="通知", en="notify")
DECISIONS = {
    "approve": label(zh="自动通过", en="approve"),
    "reject": label(zh="自动驳回", en="reject"),
    "return": label(zh="自动退回", en="return"),
}
_MODES = {
    Mode.ANY: label(zh="任一人", en="any"),
    Mode.ALL: label(zh="所有人", en="all"),
    Mode.SEQUENCE: label(zh="依次", en="in turn"),
    Mode.VOTE: label(zh="表决", en="vote"),
}


def who_written(who: Who | None) -> str:
    """Return who is meant as the language writes it."""
    match who:
        case None:
            return "system"
        case HasRole(role=role):
            return f"role({role})"
        case NamedUser(login=login):
            return f"user({login})"
        case FieldUser(expression=expression):
            return as_written(expression)
        case NamedPerson(name=name):
            return name
        case ManagerOf(who=inner, is_chain=True, until=until):
            last = until if until is None or until.isdecimal() else f"role({until})"
            return f"managers_of({who_written(inner)}{'' if last is None else f', {last}'})"
        case ManagerOf(who=inner, level=level):
            return f"manager_of({who_written(inner)}{'' if level == 1 else f', {level}'})"
        case HeadOf(department=department):
            return f"head_of({as_written(department)})"
        case ChosenBy(who=inner):
            return f"chosen_by({who_written(inner)})"
        case AnyOf(people=people):
            return ", ".join(who_written(each) for each in people)
        case _:
            assert_never(who)


def moment_written(moment: TimeSpan | Expression | None) -> str:
    """Return a length of time or a moment as the language writes it."""
    if moment is None:
        return ""
    return str(moment) if isinstance(moment, TimeSpan) else as_written(moment)


def as_condition(expression: Expression) -> Label:
    """Return a condition as it stands on a way; long ones are cut when they are drawn."""
    text = as_written(expression)
    return label(zh=text, en=text)


def mode_of(step: Step) -> Label:
    """Return how the people of a step decide together."""
    if step.vote is None:
        return _MODES[step.mode]
    operator, share = step.vote
    wanted = f"{operator} {(Decimal(share) * 100).normalize():f}%"
    return label(**{key: f"{text} {wanted}" for key, text in _MODES[Mode.VOTE].items()})


def listed(parts: Iterable[Label]) -> Label:
    """Return several labels as one, each of them once."""
    some = [part for part in parts if part]
    languages = sorted({language for part in some for language in part}, reverse=True)
    return label(
        **{
            language: " / ".join(
                dict.fromkeys(part.get(language) or next(iter(part.values())) for part in some)
            )
            for language in languages
        }
    )


def of_both(zh: str, en: str, **parts: Label | str) -> Label:
    """Return a sentence in both languages, each with the parts in its own."""
    return label(zh=zh.format(**_in("zh", parts)), en=en.format(**_in("en", parts)))


def _in(language: str, parts: "dict[str, Label | str]") -> dict[str, str]:
    return {
        name: part if isinstance(part, str) else part.get(language) or next(iter(part.values()), "")
        for name, part in parts.items()
    }
