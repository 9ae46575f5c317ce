"""What each role may see and do, as it works out: by form, by field, before and after, and where that shows.

A person of a role is also `everyone`, so what everyone is granted counts for each. Fields that are new or
gone are told with their forms; here stands who sees and writes what stays.
"""

from collections.abc import Iterable, Iterator

from orderkit.database.changes.judging import Severity
from orderkit.model.forms import Form
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.rights import Right
from orderkit.model.roles import ADMIN, EVERYONE, FormGrant, Role
from orderkit.plan.areas.comparing import is_same, paired
from orderkit.plan.areas.granting import ROWS, OnForm, granted
from orderkit.plan.areas.sides import Sides
from orderkit.plan.uses import Uses
from orderkit.plan.values import Area, Consequence, Entry, Manner
from orderkit.plan.words.filling import filled, listed
from orderkit.plan.words.names import named, sentence
from orderkit.plan.words.people import role_called
from orderkit.plan.words.values import NO, told

_GAINS = label(zh="{role} 现在可以打开{kind} {names}", en="{role} can now open the {kind} {names}")
_LOSES = label(zh="{role} 不能再打开{kind} {names}", en="{role} can no longer open the {kind} {names}")
# What a role lists, of which objects of the project.
_LISTS = {
    "reports": ("reports", label(zh="报表", en="reports")),
    "dashboards": ("dashboards", label(zh="看板", en="dashboards")),
    "analytics": ("workflows", label(zh="流程分析", en="figures of")),
}


def access_entries(sides: Sides, uses: Uses) -> Iterator[Entry]:
    """Yield what changes about what roles may see and do."""
    gone, come, kept = paired(sides.old.roles, sides.new.roles)
    for role in gone:
        yield _role_gone(role)
    for role in come:
        yield _role_come(role, sides.new)
    for old, new in kept:
        if not is_same(old.label, new.label):
            yield _renamed(old, new, sides)
        for form_before, form in _granted_forms(old, new, sides):
            yield from OnForm(old, new, form_before, form, sides, uses).entries()
        yield from _opened(old, new, sides)


def _granted_forms(old: Role, new: Role, sides: Sides) -> Iterator[tuple[Form, Form]]:
    """Yield the forms that stay, as they were and are, of which the role or everyone is granted something."""
    before = {*old.grants, *_of_everyone(sides.old)}
    names = {*new.grants, *_of_everyone(sides.new), *(sides.form_after.get(name, "") for name in before)}
    for name in sorted(names):
        origin = sides.form_before.get(name)
        if origin is not None and sides.new.form_by_id[name].parent is None:
            yield sides.old.form_by_id[origin], sides.new.form_by_id[name]


def _of_everyone(project: Project) -> Iterable[str]:
    everyone = project.role_by_id.get(EVERYONE)
    return () if everyone is None else everyone.grants


def _role_gone(role: Role) -> Entry:
    return Entry(
        severity=Severity.BREAKING,
        area=Area.PERMISSIONS,
        subject=role.id,
        manner=Manner.REMOVED,
        words=sentence(Manner.REMOVED, role.id, role),
    )


def _role_come(role: Role, project: Project) -> Entry:
    consequences = [
        Consequence(words=_summary(grant, project), subject=f"{role.id}/{grant.form}") for grant in role.forms
    ]
    return Entry(
        severity=Severity.SAFE,
        area=Area.PERMISSIONS,
        subject=role.id,
        manner=Manner.ADDED,
        words=sentence(Manner.ADDED, role.id, role),
        consequences=tuple(consequences),
    )


def _renamed(old: Role, new: Role, sides: Sides) -> Entry:
    return Entry(
        severity=Severity.SAFE,
        area=Area.PERMISSIONS,
        subject=new.id,
        manner=Manner.CHANGED,
        attribute="label",
        words=sentence(Manner.CHANGED, new.id, new, label(zh="名称", en="label")),
        before=told(old.label, sides.old),
        after=told(new.label, sides.new),
    )


def _summary(grant: FormGrant, project: Project) -> Label:
    """Return what a grant gives, in a line."""
    verbs = [words for verb, words in ROWS.items() if getattr(grant, verb) is not False]
    form = project.form_by_id[grant.form]
    return filled(
        label(zh="{form}：{verbs}", en="{form}: {verbs}"),
        form=named(form.id, form),
        verbs=listed(verbs, empty=NO),
    )


def _opened(old: Role, new: Role, sides: Sides) -> Iterator[Entry]:
    """Yield what a role may open or not any more, such as reports; what is gone for all is told elsewhere."""
    for name, (objects, kind) in _LISTS.items():
        there = ({each.id for each in getattr(side, objects)} for side in (sides.old, sides.new))
        before, after = (
            [each for each in getattr(role, name) if each in known]
            for role, known in zip((old, new), there, strict=True)
        )
        known_now = {each.id: each for each in getattr(sides.new, objects)}
        gained = [each for each in after if each not in before]
        lost = [each for each in before if each not in after and each in known_now]
        for names, words in ((gained, _GAINS), (lost, _LOSES)):
            if names:
                yield Entry(
                    severity=Severity.BREAKING if names is lost else Severity.SAFE,
                    area=Area.PERMISSIONS,
                    subject=new.id,
                    manner=Manner.CHANGED,
                    attribute=name,
                    words=filled(
                        words,
                        role=role_called(new.id, sides.new),
                        kind=kind,
                        names=listed(named(each, known_now[each]) for each in names),
                    ),
                )


def who_sees(form: Form, path: str, project: Project) -> tuple[Label, ...]:
    """Return the roles that see a field as it is, administrators aside."""
    return tuple(
        role.label
        for role in project.roles
        if role.id != ADMIN and granted(role, form.id, project).sight(path) >= Right.READ
    )
