"""Forms and their fields: what is new, gone, renamed or moved, and how fields that stay change."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from orderkit.database.changes.judging import Severity
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label
from orderkit.plan.areas.field_options import option_entries
from orderkit.plan.areas.objects import ORDER, object_changes
from orderkit.plan.areas.sides import Sides, fields_before, own_fields
from orderkit.plan.values import Area, Consequence, Entry, Manner
from orderkit.plan.words.expressions import written
from orderkit.plan.words.filling import code, filled, listed
from orderkit.plan.words.names import named, sentence

# What is told field by field, or follows from something that is told.
_FORM_ASIDE = frozenset({"id", "fields", "collections", "parent", "is_built_in"})
_FIELD_ASIDE = frozenset({"id", "options", "value_type", "system", "workflow"})

_MOVED = label(zh="字段 {old} 移到 {new}", en="field {old} moves to {new}")
_RENAMED = label(zh="{noun} {old} 改名为 {new}", en="{noun} {old} is now called {new}")
_FIELD, _FORM = label(zh="字段", en="field"), label(zh="表单", en="form")
_OF_TYPE = label(zh="{type}{demands}", en="{type}{demands}")
_REQUIRED = label(zh="，必填", en=", required")
_NONE = label(zh="", en="")
_FIELDS = label(zh="字段：{names}", en="fields: {names}")
_ROWS_NEED = label(
    zh="已有记录没有值：请写 `default:` 固定值或 `backfill:`",
    en="records that exist have no value: give a fixed `default:` or a `backfill:`",
)
_FILLED = label(zh="已有记录由 {value} 补齐", en="records that exist are filled by {value}")


def form_entries(sides: Sides) -> Iterator[Entry]:
    """Yield what changes about forms and fields. Rows of a `lines` field are told with their field."""
    for form in sides.gone_forms():
        if form.parent is None:
            yield _form_entry(form, Manner.REMOVED, Severity.DESTRUCTIVE)
    for form in sides.new_forms():
        if form.parent is None:
            yield _form_entry(form, Manner.ADDED, Severity.SAFE)
    moved = _moved(sides)
    for old, new in sides.kept_forms():
        if old.id != new.id and new.parent is None:
            yield _renamed(old, new)
        if old == new:
            continue
        without = _FORM_ASIDE | _following(old, new)
        yield from object_changes(old, new, Area.FORMS, new.id, sides, without=without)
        yield from _field_entries(old, new, sides, moved)


def _following(old: Form, new: Form) -> frozenset[str]:
    """Return what of a form's pages only follows fields that come, go or are renamed: that is told with them."""
    if old.layout == new.layout and old.list == new.list:
        return frozenset()
    names = fields_before(old, new)
    after = {before: name for name, before in names.items()}
    own_before, own_after = own_fields(old), own_fields(new)

    def were(fields: Iterable[str]) -> tuple[str, ...]:
        return tuple(after.get(name, name) for name in fields if name in after or name not in own_before)

    def are(fields: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in fields if name in names or name not in own_after)

    sections_before = [replace(each, fields=were(each.fields)) for each in old.layout]
    sections = [replace(each, fields=are(each.fields)) for each in new.layout]
    found = set()
    if [each for each in sections_before if each.fields] == [each for each in sections if each.fields]:
        found.add("layout")
    lists = [
        replace(form.list, columns=of(form.list.columns), filters=of(form.list.filters))
        for form, of in ((old, were), (new, are))
    ]
    if lists[0] == lists[1]:
        found.add("list")
    return frozenset(found)


def _form_entry(form: Form, manner: Manner, severity: Severity) -> Entry:
    names = [code(name) for name in own_fields(form)]
    return Entry(
        severity=severity,
        area=Area.FORMS,
        subject=form.id,
        manner=manner,
        words=sentence(manner, form.id, form),
        consequences=(Consequence(words=filled(_FIELDS, names=listed(names))),),
    )


def _renamed(old: Form, new: Form) -> Entry:
    return Entry(
        severity=Severity.SAFE,
        area=Area.FORMS,
        subject=new.id,
        manner=Manner.RENAMED,
        words=filled(_RENAMED, noun=_FORM, old=code(old.id), new=named(new.id, new)),
        before=code(old.id),
        after=code(new.id),
    )


def _moved(sides: Sides) -> dict[str, str]:
    """Return the new path of each field that comes from another form, by its old one."""
    found = {}
    for form in sides.new.forms:
        before = sides.form_before.get(form.id)
        there = own_fields(sides.old.form_by_id[before]) if before is not None else {}
        for field in own_fields(form).values():
            if field.moved_from is not None and field.id not in there:
                found[field.moved_from] = f"{form.id}.{field.id}"
    return found


def _field_entries(old: Form, new: Form, sides: Sides, moved: dict[str, str]) -> Iterator[Entry]:
    before, after, names = own_fields(old), own_fields(new), fields_before(old, new)
    kept = set(names.values())
    for name, field in before.items():
        if name not in kept and f"{old.id}.{name}" not in moved:
            yield _field_gone(f"{new.id}.{name}", field)
    for name, field in after.items():
        subject = f"{new.id}.{name}"
        origin = names.get(name)
        if origin is not None:
            yield from _kept_field(before[origin], field, subject, f"{new.id}.{origin}", sides)
        elif field.moved_from in moved and moved[field.moved_from] == subject:
            yield _field_moved(subject, field)
        else:
            yield _field_added(subject, field)
    order = [names[name] for name in after if name in names]
    if order != [name for name in before if name in kept]:
        yield Entry(
            severity=Severity.SAFE,
            area=Area.FORMS,
            subject=new.id,
            manner=Manner.CHANGED,
            attribute="fields",
            words=sentence(Manner.CHANGED, new.id, new, filled(ORDER, what=_FIELD)),
            after=listed(code(name) for name in after),
        )


def _field_gone(subject: str, field: Field) -> Entry:
    return Entry(
        severity=Severity.DESTRUCTIVE if field.is_stored or field.type == "lines" else Severity.BREAKING,
        area=Area.FORMS,
        subject=subject,
        manner=Manner.REMOVED,
        words=sentence(Manner.REMOVED, subject, field),
        before=_kind(field),
    )


def _field_added(subject: str, field: Field) -> Entry:
    needs_value = field.is_stored and (field.required or field.compute is not None)
    consequences: tuple[Consequence, ...] = ()
    if field.is_stored and field.required:
        given = field.backfill or field.default
        words = _ROWS_NEED if given is None else filled(_FILLED, value=_filling(field))
        consequences = (Consequence(words=words),)
    return Entry(
        severity=Severity.BACKFILL if needs_value else Severity.SAFE,
        area=Area.FORMS,
        subject=subject,
        manner=Manner.ADDED,
        words=sentence(Manner.ADDED, subject, field),
        after=_kind(field),
        consequences=consequences,
    )


def _filling(field: Field) -> Label:
    """Return what fills a field on records that exist, as written."""
    given = field.backfill or field.default
    return code("" if given is None else written(given))


def _field_moved(subject: str, field: Field) -> Entry:
    return Entry(
        severity=Severity.BACKFILL,
        area=Area.FORMS,
        subject=subject,
        manner=Manner.RENAMED,
        words=filled(_MOVED, old=code(field.moved_from or ""), new=named(subject, field)),
        before=code(field.moved_from or ""),
        after=code(subject),
    )


def _kept_field(old: Field, new: Field, subject: str, subject_before: str, sides: Sides) -> Iterator[Entry]:
    if old == new:
        return
    if old.id != new.id:
        yield Entry(
            severity=Severity.SAFE,
            area=Area.FORMS,
            subject=subject,
            manner=Manner.RENAMED,
            words=filled(_RENAMED, noun=_FIELD, old=code(subject_before), new=named(subject, new)),
            before=code(old.id),
            after=code(new.id),
        )
    yield from object_changes(old, new, Area.FORMS, subject, sides, without=_FIELD_ASIDE)
    if old.type == new.type:
        yield from option_entries(old, new, subject, sides)


def _kind(field: Field) -> Label:
    return filled(_OF_TYPE, type=code(field.type), demands=_REQUIRED if field.required else _NONE)
