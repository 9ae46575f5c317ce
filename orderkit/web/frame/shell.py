"""The frame of every page of a signed-in person: navigation, open tasks, unread messages, languages."""

from dataclasses import dataclass

from orderkit.engine import workflow
from orderkit.engine.messages import count_unread
from orderkit.engine.runtime import Unit
from orderkit.model.labels import text_of
from orderkit.model.roles import ADMIN
from orderkit.web.frame.navigation import NavigationGroup, NavigationLink, navigation
from orderkit.web.rendering.texts import Speaker

MOST_SHORTCUTS = 2
_LANGUAGES = {"zh": ("中文", "中"), "en": ("English", "EN")}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLocale:
    """A language one can switch to."""

    locale: str
    name: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What surrounds a page. `current` is the key of the link it belongs to, `back` where a phone goes back to.

    `person_id` parts what several people keep in one browser.
    """

    mark: str
    person_id: int | None
    person: str
    initial: str
    roles: str
    navigation: tuple[NavigationGroup, ...]
    navigation_label: str
    shortcuts: tuple[NavigationLink, ...]
    open_tasks: int
    unread: int
    other_locales: tuple[OtherLocale, ...]
    current: str
    back: str | None
    path: str


def shell_of(unit: Unit, *, current: str, back: str | None, path: str, t: Speaker) -> Shell:
    """Return the shell for this person."""
    project, person = unit.project, unit.person
    waiting = workflow.count_tasks_by_form(unit)
    open_tasks = sum(waiting.values())
    groups = navigation(unit, t, open_tasks=open_tasks, waiting=waiting)
    menu = project.menus[0].label if len(project.menus) == 1 else None
    forms = [link for group in groups for link in group.items if link.key.startswith("form:")]
    return Shell(
        mark=text_of(project.label, unit.locale)[:1].upper(),
        person_id=person.id,
        person=person.name,
        initial=person.name[-1:] if not person.name.isascii() else person.name[:1].upper(),
        roles=_roles(unit, t),
        navigation=groups,
        navigation_label=text_of(menu, unit.locale) if menu else t("shell.navigation"),
        shortcuts=tuple(forms[:MOST_SHORTCUTS]),
        open_tasks=open_tasks,
        unread=count_unread(unit),
        other_locales=tuple(other_locale(each) for each in project.locales if each != unit.locale),
        current=current,
        back=back,
        path=path,
    )


def other_locale(locale: str) -> OtherLocale:
    """Return how a language is offered: in itself."""
    name, short = _LANGUAGES.get(locale.split("-", maxsplit=1)[0], (locale, locale[:2].upper()))
    return OtherLocale(locale=locale, name=name, short=short)


def _roles(unit: Unit, t: Speaker) -> str:
    known = unit.project.role_by_id
    names = [
        t("shell.administrator") if role == ADMIN else text_of(known[role].label, unit.locale)
        for role in sorted(unit.person.roles)
        if role == ADMIN or role in known
    ]
    return " · ".join(names) or t("shell.no_role")
