"""What a change reaches without having been changed itself: who uses a field, an option, a state, a message."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.plan.areas.access import who_sees
from orderkit.plan.areas.sides import Sides, options_of
from orderkit.plan.uses import Use, Uses
from orderkit.plan.values import Area, Consequence, Entry, Manner
from orderkit.plan.words.filling import filled, listed

# Changes of a field whose effect goes on in what is worked out from it or shown of it.
_FELT_ELSEWHERE = frozenset({"type", "compute", "copy", "virtual", "scale", "options", "to"})
# Changes of an option or a state that matter to conditions which name it.
_FELT_BY_NAMERS = frozenset({"options", "options.retired", "options.back", "final", "approval"})
# Kinds of objects that others name.
_NAMED_BY_OTHERS = ("messages", "reports", "connections")
_MOST_USES = 20
_USED_BY = label(zh="影响：{use}", en="affects {use}")
_MORE_USES = label(zh="影响：另外 {count} 处", en="affects {count} more")
_NOT_NAMED_BY = label(zh="{use} 点名了其他取值，没有点名它", en="{use} names other values, and not this one")
_MORE_NOT = label(zh="另外 {count} 处也没有点名它", en="{count} more do not name it")
_SEEN_BY = label(zh="可见的角色：{roles}", en="seen by {roles}")
_BY_NOBODY = label(zh="可见的角色：仅管理员", en="seen by administrators only")


class Reach:
    """Finds whom entries reach; what is gone is looked for in the model as it was."""

    def __init__(self, sides: Sides, uses: Uses) -> None:
        self.sides = sides
        self.uses = uses
        self.uses_before = Uses(sides.old)

    def told(self, entry: Entry) -> Entry:
        """Return an entry with what it reaches."""
        more = (*self._consequences(entry),)
        return replace(entry, consequences=(*entry.consequences, *more)) if more else entry

    def _consequences(self, entry: Entry) -> Iterator[Consequence]:
        place, _, last = entry.subject.rpartition(".")
        if entry.area is Area.FORMS:
            form, _, field = place.rpartition(".")
            if _has_option(self.sides.new, form, field, last):
                yield from self._of_value(entry, form, field, last)
            elif entry.manner is Manner.REMOVED and form in self.sides.form_before:
                before = self.sides.form_before[form]
                if _has_option(self.sides.old, before, field, last):
                    yield from self._of_value(entry, before, field, last)
            elif _has_field(self.sides.new, place, last):
                yield from self._of_field(entry, place, last)
        elif entry.area is Area.WORKFLOWS:
            yield from self._of_state(entry, place, last)
        elif entry.area in {Area.REPORTS, Area.INTEGRATIONS}:
            yield from self._of_object(entry)

    def _of_field(self, entry: Entry, form: str, field: str) -> Iterator[Consequence]:
        if entry.manner is Manner.ADDED:
            yield _seen_by(form, field, self.sides.new)
        elif entry.manner is Manner.CHANGED and entry.attribute in _FELT_ELSEWHERE:
            yield from _affected(self.uses.reached_from(form, field))

    def _of_state(self, entry: Entry, workflow: str, state: str) -> Iterator[Consequence]:
        old, new = (each.workflow_by_id.get(workflow) for each in (self.sides.old, self.sides.new))
        was, is_there = (each is not None and state in each.state_by_id for each in (old, new))
        # A button may have the name of a state; it comes and goes by itself.
        if entry.manner in {Manner.ADDED, Manner.REMOVED} and was == is_there:
            return
        known = old if entry.manner is Manner.REMOVED else new
        if known is not None and state in known.state_by_id:
            yield from self._of_value(entry, known.form, known.state_field, state)

    def _of_value(self, entry: Entry, form: str, field: str, value: str) -> Iterator[Consequence]:
        if entry.manner is Manner.ADDED:
            found = _others(self.uses.naming_others(form, field, value), entry)
            yield from _affected(found, words=_NOT_NAMED_BY, more=_MORE_NOT)
        elif entry.manner is Manner.REMOVED:
            yield from _affected(_others(self.uses_before.naming(form, field, value), entry))
        elif entry.manner is Manner.RENAMED or entry.attribute in _FELT_BY_NAMERS:
            yield from _affected(_others(self.uses.naming(form, field, value), entry))

    def _of_object(self, entry: Entry) -> Iterator[Consequence]:
        if entry.manner is Manner.ADDED or entry.attribute == "label":
            return
        name = entry.subject.partition(".")[0]
        for kind in _NAMED_BY_OTHERS:
            is_kept = any(each.id == name for each in getattr(self.sides.new, kind))
            uses = self.uses if is_kept else self.uses_before
            yield from _affected(_others(uses.of_object(kind, name), entry))


def _others(uses: Sequence[Use], entry: Entry) -> Sequence[Use]:
    """Return the uses that are not what the entry itself is about, or what holds it."""
    return [use for use in uses if not f"{entry.subject}.".startswith(f"{use.subject}.")]


def _affected(
    uses: Sequence[Use], words: Label = _USED_BY, more: Label = _MORE_USES
) -> Iterator[Consequence]:
    for use in uses[:_MOST_USES]:
        yield Consequence(words=filled(words, use=use.words), subject=use.subject)
    if len(uses) > _MOST_USES:
        yield Consequence(words=filled(more, count=len(uses) - _MOST_USES))


def _has_field(project: Project, form: str, field: str) -> bool:
    return form in project.form_by_id and field in project.form_by_id[form].by_id


def _has_option(project: Project, form: str, field: str, value: str) -> bool:
    return _has_field(project, form, field) and value in options_of(project.form_by_id[form].by_id[field])


def _seen_by(form_id: str, field: str, project: Project) -> Consequence:
    form, path = project.form_by_id[form_id], field
    while form.parent is not None:
        path = f"{form.id.rsplit('.', 1)[1]}.{path}"
        form = project.form_by_id[form.parent]
    roles = who_sees(form, path, project)
    words = filled(_SEEN_BY, roles=listed(roles)) if roles else _BY_NOBODY
    return Consequence(words=words)
