"""The paths that a column of a sheet may fill, with the names under which people know them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from orderkit.engine.importing.matching.mapping import Level, Plan, Slot, plan_of_form
from orderkit.engine.importing.reading.cells import heading_key
from orderkit.model.exchange.imports import ImportMapping
from orderkit.model.expressions.types import Date, DateTime, Many
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.rights import is_writable


class Part(StrEnum):
    """What a path is of: the record itself, its lines, or the key of a record that it refers to."""

    RECORD = "record"
    LINES = "lines"
    KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fillable:
    """One path. `group` is the label of the record or of the lines it belongs to.

    `names` are sure; `common_names` are those that other paths may have too (the `编码` of any reference).
    `is_needed`: without it a new record would be refused. `is_mapped`: a column of the mapping fills it, or
    there is no mapping that says otherwise.
    """

    path: str
    label: Label
    part: Part
    group: Label
    names: tuple[str, ...]
    common_names: tuple[str, ...] = ()
    is_needed: bool = False
    is_mapped: bool = True
    holds_days: bool = False

    @property
    def field_path(self) -> str:
        """The field that is filled: of a key the reference, else the path itself."""
        return self.path.rpartition(".")[0] if self.part is Part.KEY else self.path


def fillable_paths(project: Project, plan: Plan) -> tuple[Fillable, ...]:
    """Return every path that a column may fill under a mapping or form: the record, its lines, then keys."""
    own = plan_of_form(project, plan.form)
    sources = {source.path: source for source in plan.sources} if not plan.is_from_form else {}
    found: dict[str, Fillable] = {}
    keys: dict[str, Fillable] = {}
    for level in own.levels:
        for slot in level.slots:
            if not _is_open(slot.field):
                continue
            found[slot.path] = _field(plan.form, level, slot)
            keys.update((each.path, each) for each in _keys(project, level, slot))
    taken = {name for each in found.values() for name in each.names}
    for path, each in keys.items():
        names = tuple(name for name in each.names if name not in taken)
        found[path] = replace(each, names=names)
    if plan.is_from_form:
        return tuple(found.values())
    also = filled_with(project.import_by_id[plan.id])
    found.update(_of_mapping(plan, found))
    return tuple(
        replace(
            each,
            names=(*sources[path].headings, *each.names) if path in sources else each.names,
            is_mapped=path in sources and bool(sources[path].headings),
            is_needed=_is_needed(plan, each),
        )
        for path, each in found.items()
        if path not in also
        and (path not in sources or sources[path].headings or sources[path].assigned is None)
    )


def filled_with(mapping: ImportMapping) -> dict[str, str]:
    """Return the paths of a mapping that stand under the heading of another one, with the first of that heading.

    Whoever chooses a column for the first chooses it for all of them.
    """
    first: dict[str, str] = {}
    for each in mapping.columns:
        first.setdefault(heading_key(each.heading), each.field)
    firsts = {each.field: first[heading_key(each.heading)] for each in mapping.columns}
    return {path: leader for path, leader in firsts.items() if path != leader}


def _is_open(field: Field) -> bool:
    return field.system is SystemRole.NUMBER or is_writable(field)


def _field(form: Form, level: Level, slot: Slot) -> Fillable:
    assert slot.source is not None
    field = slot.field
    labels = field.label.values()
    above = form.label.values() if not level.collection else level.title.values()
    unit = "" if field.unit is None else "".join(part.text for part in field.unit.parts)
    names = [*slot.source.headings, *(f"{title} {name}" for title in above for name in labels)]
    if unit:
        names += [f"{name}({unit})" for name in labels]
    return Fillable(
        path=slot.path,
        label=field.label,
        part=Part.LINES if level.collection else Part.RECORD,
        group=level.title,
        names=tuple(dict.fromkeys(names)),
        is_needed=_must_be_given(field),
        holds_days=isinstance(field.value_type, Date | DateTime),
    )


def _keys(project: Project, level: Level, slot: Slot) -> Iterator[Fillable]:
    """Yield the keys by which the record of a reference may be named."""
    if slot.target is None or isinstance(slot.field.value_type, Many):
        return
    target = project.form_by_id[slot.target]
    if target.is_built_in:
        return
    for key in slot.keys:
        field = target.by_id[key]
        names = [f"{slot.field.id}.{key}", f"{slot.path}.{key}"]
        common = []
        for language, title in slot.field.label.items():
            name, form = text_of(field.label, language), text_of(target.label, language)
            # `付款方编码` of a reference `付款方` to a `客户`, whose key is called `客户编码`.
            names += [f"{title} {name}", f"{title} {name.removeprefix(form).strip()}"]
            common.append(name)
        yield Fillable(
            path=f"{slot.path}.{key}",
            label=_joined(slot.field.label, field.label),
            part=Part.KEY,
            group=level.title,
            names=tuple(dict.fromkeys(names)),
            common_names=tuple(dict.fromkeys(common)),
        )


def _of_mapping(plan: Plan, known: dict[str, Fillable]) -> Iterator[tuple[str, Fillable]]:
    """Yield what only the mapping fills: values of records that it makes, the state of past records."""
    for level in plan.levels:
        for slot in level.slots:
            for source in slot.sources:
                if source.path in known or not source.headings:
                    continue
                is_part = source is not slot.source
                part = Part.KEY if is_part else Part.LINES if level.collection else Part.RECORD
                own = slot.field.label
                yield (
                    source.path,
                    Fillable(
                        path=source.path,
                        label=_joined(own, source.field.label) if is_part else own,
                        part=part,
                        group=level.title,
                        names=source.headings,
                    ),
                )


def _is_needed(plan: Plan, each: Fillable) -> bool:
    """Whether the mapping leaves a new record without it: what it sets is there, what it matches by must be."""
    given = [s for s in plan.sources if s.path == each.path or s.path.startswith(f"{each.path}.")]
    if any(source.assigned is not None or source.default is not None for source in given):
        return False
    matched = {name for alternative in plan.matches for name in alternative}
    return each.is_needed or each.path in matched


def _must_be_given(field: Field) -> bool:
    return field.required and field.default is None and field.copy is None


def _joined(first: Label, second: Label) -> Label:
    return label(
        zh=f"{text_of(first, 'zh')} · {text_of(second, 'zh')}",
        en=f"{text_of(first, 'en')} · {text_of(second, 'en')}",
    )
