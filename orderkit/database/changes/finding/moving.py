"""What moved: a field to another form that is linked with its own, and records that become lines or the other way round.

`moved_from: form.field` on a field says where its values were. On a field of type `lines` it names the
reference by which the records of a form referred to what they belong to now (`order_item.order`); on a
reference of a form, the parent of what were lines (`order.items.order`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orderkit.database.changes.finding.models import Models
from orderkit.database.changes.kinds import MoveColumn
from orderkit.database.schema.tables import Column, FormTable, Tables
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import Label, label
from orderkit.model.project import Project

MOVED_FROM_NOTHING = Code(
    "OK6130",
    "moved-from-nothing",
    ERROR,
    since="0.1",
    explain="""
    `moved_from` names a field that the last revision does not have, or that is still where it was. Write
    `form.field` as it was called then, and take the field away there.
    ~~~yaml before
    form: order
    fields:
      memo: {type: text}
      lines: {type: lines, fields: {qty: {type: integer}}}
    ~~~
    ~~~yaml bad
    form: order
    fields:
      memo: {type: text}
      lines: {type: lines, fields: {qty: {type: integer}, memo: {type: text, moved_from: order.memo}}}
    ~~~
    ~~~yaml good
    form: order
    fields:
      lines: {type: lines, fields: {qty: {type: integer}, memo: {type: text, moved_from: order.memo}}}
    ~~~""",
    zh="`moved_from` 所指的字段上一个版本里没有，或者它还在原处。请写当时的 `表单.字段`，并在原处删去该字段。",
)
MOVED_WITHOUT_LINK = Code(
    "OK6131",
    "moved-without-link",
    ERROR,
    since="0.1",
    explain="""
    A field moved to a form that is not linked with its old one by exactly one reference, or has another
    type there, so nobody knows which record gets which value. Lines are linked with their record; other
    forms by a reference in one of them.
    ~~~yaml before
    # customer.yaml
    form: customer
    fields: {memo: {type: text}}
    # order.yaml
    form: order
    fields: {total: {type: money}}
    ~~~
    ~~~yaml bad
    # customer.yaml
    form: customer
    fields: {name: {type: text}}
    # order.yaml
    form: order
    fields: {total: {type: money}, memo: {type: text, moved_from: customer.memo}}
    ~~~
    ~~~yaml good
    # customer.yaml
    form: customer
    fields: {name: {type: text}, memo: {type: text}}
    # order.yaml
    form: order
    fields: {total: {type: money}, memo: {type: text}}
    ~~~""",
    zh="字段移到的表单与原来的表单之间没有恰好一个引用相连，或在那里换了类型，所以不知道哪条记录该得到哪个值。"
    "明细与所属记录天然相连；别的表单靠其中之一的引用字段。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedForm:
    """A form that became lines, or lines that became a form. `link` is the reference, by its old and new name."""

    old: Form
    new: Form
    becomes_lines: bool
    link: str
    new_link: str


def moved_forms(old: Project, new: Project) -> Mapping[str, MovedForm]:
    """Return what became lines or ceased to be, by new form id."""
    found = {}
    for form in new.forms:
        moved = _moved_form(form, old, new)
        if moved is not None:
            found[form.id] = moved
    return found


def as_moved(tables: Tables, moved: Mapping[str, MovedForm], old: Tables) -> Tables:
    """Return the new tables, in which those of forms that moved say which ones they were."""
    names = {each.form: each.name for each in old.values()}
    return {name: _table_as_moved(table, moved.get(table.form), names) for name, table in tables.items()}


def moves(models: Models, moved: Mapping[str, MovedForm]) -> Iterator[MoveColumn | Problem]:
    """Yield the columns whose values go to another table, and what is wrong about those that say so."""
    for form in models.new.forms:
        for field in form.stored_fields:
            if field.moved_from is None or models.field_before(form.id, field.id) is not None:
                continue
            if form.id in moved and moved[form.id].new_link == field.id:
                continue
            yield _move(form, field, field.moved_from, models)


def _moved_form(form: Form, old: Project, new: Project) -> MovedForm | None:
    if form.id in old.form_by_id:
        return None
    if form.parent is not None:
        place = new.form_by_id[form.parent].by_id.get(form.id.rsplit(".", 1)[1])
        parent = form.parent_field
        source = (place.moved_from or "") if place is not None else ""
        before = old.form_by_id.get(source.rpartition(".")[0])
        if parent is None or before is None or before.parent is not None or before.id in new.form_by_id:
            return None
        link = before.by_id.get(source.rpartition(".")[2])
        if link is None or not isinstance(link.value_type, Record):
            return None
        return MovedForm(old=before, new=form, becomes_lines=True, link=link.id, new_link=parent.id)
    for field in form.stored_fields:
        before = old.form_by_id.get((field.moved_from or "").rpartition(".")[0])
        if before is None or before.parent_field is None or before.id in new.form_by_id:
            continue
        if before.parent_field.id == (field.moved_from or "").rpartition(".")[2]:
            link_name = before.parent_field.id
            return MovedForm(old=before, new=form, becomes_lines=False, link=link_name, new_link=field.id)
    return None


def _table_as_moved(table: FormTable, moved: MovedForm | None, names: Mapping[str, str]) -> FormTable:
    if moved is None:
        return table

    def column(each: Column) -> Column:
        is_link = each.name == moved.new_link and moved.link != moved.new_link
        return replace(each, renamed_from=moved.link) if is_link else each

    return replace(
        table, renamed_from=names[moved.old.id], columns=tuple(column(each) for each in table.columns)
    )


def _move(form: Form, field: Field, source: str, models: Models) -> MoveColumn | Problem:
    path = f"{form.id}.{field.id}"
    old_form, _, old_name = source.rpartition(".")
    before = models.old.form_by_id.get(old_form)
    old = before.by_id.get(old_name) if before is not None else None
    after = models.form_after(old_form)
    if old is None or not old.is_stored:
        return _from_nothing(path, source)
    if after is None:
        return _without_link(path, source)
    if models.field_before(after.id, old_name) is not None and old_name in after.by_id:
        return _from_nothing(path, source)
    ways = [*_references(form, after.id, is_down=True), *_references(after, form.id, is_down=False)]
    chosen = [way for way in ways if way[2]] or ways
    new_column = models.names.new[models.table_of(form.id)].column(field.id)
    table_before = models.names.old[models.names.table_before(models.table_of(after.id))]
    old_column = table_before.column(old_name)
    if len(chosen) != 1 or new_column is None or old_column is None or not _is_like(old_column, new_column):
        return _without_link(path, source)
    link, is_down, _ = chosen[0]
    return MoveColumn(
        form=after.id,
        table=models.table_of(after.id),
        column=old_name,
        to_form=form.id,
        to_table=models.table_of(form.id),
        to_column=field.id,
        link=link,
        is_down=is_down,
    )


def _references(holder: Form, target: str, *, is_down: bool) -> list[tuple[str, bool, bool]]:
    """Return the references of a form to another: their name, the direction, whether it is that to the parent."""
    return [
        (each.id, is_down, each.system is SystemRole.PARENT)
        for each in holder.stored_fields
        if each.value_type == Record(target)
    ]


def _is_like(old: Column, new: Column) -> bool:
    return (old.kind, old.scale) == (new.kind, new.scale)


def _from_nothing(path: str, source: str) -> Problem:
    return _problem(
        MOVED_FROM_NOTHING,
        path,
        label(
            zh=f"{path} 写着 `moved_from: {source}`，但上一个版本里没有这个字段，或它还在原处",
            en=f"{path} says `moved_from: {source}`, which the last revision does not have, or which is still there",
        ),
        label(
            zh="写上一个版本里的 `表单.字段`，并在原处删去它；同一表单内改名用 `renamed_from`",
            en="write `form.field` of the last revision and take it away there; within a form, use `renamed_from`",
        ),
    )


def _without_link(path: str, source: str) -> Problem:
    return _problem(
        MOVED_WITHOUT_LINK,
        path,
        label(
            zh=f"{path} 写着 `moved_from: {source}`，但两个表单之间没有恰好一个引用相连，或类型不同",
            en=f"{path} says `moved_from: {source}`, but not exactly one reference links the two forms, "
            "or the type is another one",
        ),
        label(
            zh="先保留原字段，用自动化或导入把值搬过去；或在两个表单之间只留一个引用；类型先在原处改好",
            en="keep the old field and bring its values over by an import; or leave one reference between the "
            "forms; change the type in a build of its own",
        ),
    )


def _problem(code: Code, path: str, message: Label, help_: Label) -> Problem:
    return Problem(path=path, code=code.name.replace("-", "_"), message=message, help=help_, known_as=code)
