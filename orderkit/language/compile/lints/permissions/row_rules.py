"""A lint: the list of a form begins in an index for those who may read some of its records only."""

from collections.abc import Iterator, Sequence

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.sight import covers, grants_on
from orderkit.language.findings import HINT, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec.kinds import role as words
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Get, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Boolean
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.labels import label
from orderkit.model.roles import FormGrant

ROW_RULE_WITHOUT_INDEX = Code(
    "OK5015",
    "row-rule-without-index",
    HINT,
    since="0.1",
    explain="""
    A role reads only the records whose field has one value, such as `salesperson == me`, and the list is sorted by
    another field. Without an index over both, the database looks through everybody's records in the order of the
    list, or sorts all of this person's: on a long list that is what a page waits for. With few records it does not
    matter; then allow the hint by a comment.
    ~~~yaml bad
    role: sales
    forms: {order: {read: seller == me}}
    # order.yaml
    form: order
    fields: {seller: {type: user}, ordered_on: {type: date, required: true}}
    list: {columns: [seller, ordered_on], sort: -ordered_on}
    ~~~
    ~~~yaml good
    role: sales
    forms: {order: {read: seller == me}}
    # order.yaml
    form: order
    fields: {seller: {type: user}, ordered_on: {type: date, required: true}}
    indexes: [[seller, ordered_on]]
    list: {columns: [seller, ordered_on], sort: -ordered_on}
    ~~~""",
    zh="角色只能看某个字段等于某个值的记录，例如 `salesperson == me`，而列表按另一个字段排序。没有两者的组合索引，数据库就要按列表的顺序翻遍所有人的记录，或者给这个人的全部记录排序：记录多了，打开列表等的就是这个。记录少时没有关系，用注释允许这条提示即可。",
)

_ALWAYS_FILLED = frozenset(
    {SystemRole.ID, SystemRole.CREATED_AT, SystemRole.UPDATED_AT, SystemRole.REVISION, SystemRole.STATE}
)


def check_row_rules(linting: Linting) -> None:
    """Report, once for each index that is missing, a rule whose list cannot begin in an index."""
    seen: set[tuple[str, tuple[FieldId, ...]]] = set()
    for role in linting.project.roles:
        written = linting.certain("role", role.id)
        for key, grant in () if written is None else written[words.FORMS] or ():
            form = linting.project.form_by_id.get(key.text)
            readers = [each for each in grants_on(linting.project, role, key.text) if each.read is not False]
            if form is None or form.is_built_in or form.origin is None or len(readers) != 1:
                continue
            if form.origin.path in linting.wrong_files or words.READ not in grant:
                continue
            missing = missing_index(form, readers[0])
            if missing is None or (form.id, missing) in seen:
                continue
            seen.add((form.id, missing))
            _report(linting, form, role.id, missing, grant.key_of(words.READ))


def missing_index(form: Form, grant: FormGrant) -> tuple[FieldId, ...] | None:
    """Return the fields of the index in which the list of these readers would begin; None where nothing is missing."""
    if isinstance(grant.read, bool):
        return None
    fixed = tuple(dict.fromkeys(_fixed(form, grant.read)))
    order = _order(form, grant, fixed)
    if not fixed or not order or any(_is_one_record(form, each) for each in fixed):
        return None
    wanted = (*fixed, *order)
    for columns in (*form.indexes, *form.unique):
        if set(columns[: len(fixed)]) == set(fixed) and columns[len(fixed) : len(wanted)] == order:
            return None
    return wanted


def _fixed(form: Form, rule: Expression) -> Iterator[FieldId]:
    """Yield the stored fields that have one value on all records of a rule, whoever reads."""
    match rule:
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            yield from _fixed(form, left)
            yield from _fixed(form, right)
        case Binary(operator=BinaryOperator.EQUAL, left=left, right=right):
            for one, other in ((left, right), (right, left)):
                if _is_own(form, one) and not any(_is_record(each) for each in walk(other)):
                    assert isinstance(one, Get)
                    yield one.field
        case _:
            return


def _is_own(form: Form, expression: Expression) -> bool:
    if not isinstance(expression, Get) or not _is_record(expression.base):
        return False
    field = form.by_id.get(expression.field)
    return field is not None and field.is_stored


def _is_record(expression: Expression) -> bool:
    return isinstance(expression, Root) and expression.name == "record"


def _order(form: Form, grant: FormGrant, fixed: Sequence[FieldId]) -> tuple[FieldId, ...]:
    """Return the fields by which an index can sort the list: as long as they go one way, and are seen and filled.

    Empty values stand last in both directions, which no index does that is read from either end; and where
    a reader does not see a field, the list is not sorted by what stands in it.
    """
    keys = [key for key in form.list.sort if key.field not in fixed]
    found: list[FieldId] = []
    for key in keys:
        field = form.by_id[key.field]
        if key.descending != keys[0].descending or covers(grant.hide | grant.mask, key.field):
            break
        if not _is_filled(form, field):
            break
        found.append(key.field)
    return tuple(found)


def _is_filled(form: Form, field: Field) -> bool:
    if field.system is not SystemRole.NONE:
        return field.system in _ALWAYS_FILLED
    if isinstance(field.value_type, Boolean):
        return True
    is_hidden = field.visible_if is not None or any(field.id in each.hide for each in form.variants)
    return field.required and field.compute is None and not is_hidden


def _is_one_record(form: Form, name: FieldId) -> bool:
    field = form.by_id[name]
    return field.unique or field.system in {SystemRole.ID, SystemRole.NUMBER}


def _report(linting: Linting, form: Form, role: str, missing: tuple[FieldId, ...], place: ScalarNode) -> None:
    listed = ", ".join(missing)
    groups = (f"[{', '.join(each)}]" for each in (*form.indexes, missing))
    wanted = f"indexes: [{', '.join(groups)}]"
    linting.report(
        ROW_RULE_WITHOUT_INDEX,
        place,
        label(
            zh=f"`{form.id}` 的列表对角色 `{role}` 没有可用的索引（{listed}）",
            en=f"the list of `{form.id}` has no index to begin in for the role `{role}` ({listed})",
        ),
        label(
            zh=f"记录会很多的话，在表单 `{form.id}` 里写 `{wanted}`",
            en=f"if there will be many records, write `{wanted}` in the form `{form.id}`",
        ),
    )
