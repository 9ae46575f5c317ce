"""With which values a record takes another way: those next to the turning points of conditions, and their combinations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import Person, Unit
from orderkit.engine.workflow.previewing import boundaries_of
from orderkit.model.errors import OrderkitError
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.expressions.nodes import Aggregate, Expression, Get, Root, Scalar
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Number
from orderkit.model.forms import Field, Form
from orderkit.model.workflow.workflows import ApprovalPart, Loop, Step, Workflow, parts_within
from orderkit.testing.simulating.samples import Draft, Sampler, as_decimal, create, is_given

MOST_VARIANTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Values to give to a record, the plain record first. `is_bounded`: there would be more combinations."""

    each: Sequence[Mapping[str, Scalar]]
    is_bounded: bool


def variants_of(unit: Unit, workflow: Workflow) -> Variants:
    """Return the values with which a record may take another way."""
    form = unit.project.form_by_id[workflow.form]
    environment = environment_of(unit)

    def around(conditions: Iterable[Expression]) -> dict[str, list[Scalar]]:
        found: dict[str, list[Scalar]] = {}
        for each in boundaries_of(form, conditions, lambda node: evaluate(node, environment)):
            found.setdefault(each.field, []).append(each.value)
        return found

    deciding = around(_deciding(workflow))
    guarding = {name: values for name, values in around(_guarding(workflow)).items() if name not in deciding}
    pairs = [[(name, value) for value in values] for name, values in deciding.items()]
    total = 1
    for some in pairs:
        total *= len(some)
    is_bounded = total > MOST_VARIANTS
    combined = _few(pairs) if is_bounded else (dict(each) for each in product(*pairs))
    single = ({name: value} for name, values in guarding.items() for value in values)
    found: list[Mapping[str, Scalar]] = []
    for each in ({}, *combined, *single):
        if each not in found:
            found.append(each)
    return Variants(each=found[:MOST_VARIANTS], is_bounded=is_bounded or len(found) > MOST_VARIANTS)


def _few(pairs: Sequence[Sequence[tuple[str, Scalar]]]) -> Iterator[Mapping[str, Scalar]]:
    """Yield each value alone, and then each two together."""
    for some in pairs:
        yield from (dict([each]) for each in some)
    for first, second in combinations(pairs, 2):
        yield from (dict(each) for each in product(first, second))


def _deciding(workflow: Workflow) -> Iterator[Expression]:
    for approval in workflow.approvals:
        yield from _of_parts(approval.steps)
    for transition in workflow.transitions:
        if transition.when is not None:
            yield transition.when


def _of_parts(parts: Iterable[ApprovalPart]) -> Iterator[Expression]:
    for part in parts:
        match part:
            case Step(when=when) if when is not None:
                yield when
            case Loop(where=where) if where is not None:
                yield where
            case _:
                yield from (each.when for each in getattr(part, "branches", ()) if each.when is not None)
        for inner in parts_within(part):
            yield from _of_parts(inner)


def _guarding(workflow: Workflow) -> Iterator[Expression]:
    for transition in workflow.transitions:
        yield from (guard.that for guard in transition.guard)


def apply_variant(
    unit: Unit, person: Person, draft: Draft, variant: Mapping[str, Scalar], sampler: Sampler
) -> Draft | None:
    """Return a draft whose record has these values; None where no value that people give leads to one of them."""
    form = unit.project.form_by_id[draft.form]
    found = draft.copy()
    for name, value in variant.items():
        field = form.by_id[name]
        if is_given(field):
            found.values[name] = value
        elif field.compute is None or not _solve(unit, person, found, field, value, sampler):
            return None
    return found


def _solve(  # noqa: PLR0917 - what an equation is made of
    unit: Unit, person: Person, draft: Draft, field: Field, value: Scalar, sampler: Sampler
) -> bool:
    """Change one number of a draft so that what is computed of it comes to a value; return whether one was found."""
    wanted = as_decimal(value)
    if wanted is None:
        return False
    form = unit.project.form_by_id[draft.form]
    for collection, entry in _inputs(unit, form, field.compute):
        rows = [draft.values] if collection is None else draft.lines.get(collection, [])[:1]
        for row in rows:
            before = row.get(entry.id)
            if _set_so(unit, person, draft, row, entry, field.id, wanted, sampler):
                return True
            if before is None:
                row.pop(entry.id, None)
            else:
                row[entry.id] = before
    return False


def _set_so(  # noqa: PLR0917 - what an equation is made of
    unit: Unit,
    person: Person,
    draft: Draft,
    row: dict[str, Scalar],
    entry: Field,
    computed: str,
    wanted: Decimal,
    sampler: Sampler,
) -> bool:
    def measured(number: Decimal) -> Decimal | None:
        row[entry.id] = number
        return _measure(unit, person, draft, computed, sampler)

    one, two = measured(Decimal(1)), measured(Decimal(2))
    if one is None or two is None or one == two:
        return False
    scale = entry.value_type.scale if isinstance(entry.value_type, Number) else 0
    found = (1 + (wanted - one) / (two - one)).quantize(Decimal(1).scaleb(-scale))
    return measured(found) == wanted


def _measure(unit: Unit, person: Person, draft: Draft, computed: str, sampler: Sampler) -> Decimal | None:
    savepoint = unit.connection.begin_nested()
    try:
        made = create(unit, person, draft, sampler)
        with unit.within() as inner:
            row = rows_of(inner).row(draft.form, made)
            return None if row is None else as_decimal(row.get(computed))
    except OrderkitError:
        return None
    finally:
        savepoint.rollback()


def _inputs(unit: Unit, form: Form, expression: Expression | None) -> list[tuple[str | None, Field]]:
    """Return the numbers that people give and of which an expression is computed; amounts of money come first."""
    found: dict[tuple[str | None, str], Field] = {}

    def look(node: Expression, form: Form, collection: str | None, root: str, depth: int) -> None:
        for each in walk(node):
            if (
                isinstance(each, Aggregate)
                and each.value is not None
                and isinstance(each.rows, Get)
                and depth < 4
            ):
                rows = form.collection_by_id.get(each.rows.field)
                if rows is not None and rows.is_lines and collection is None:
                    look(each.value, unit.project.form_by_id[rows.form], rows.id, each.row, depth + 1)
            if isinstance(each, Get) and isinstance(each.base, Root) and each.base.name == root:
                entry = form.by_id.get(each.field)
                if entry is None or not isinstance(entry.value_type, Number):
                    continue
                if entry.compute is not None and depth < 4:
                    look(entry.compute, form, collection, "record", depth + 1)
                elif is_given(entry):
                    found[collection, entry.id] = entry

    if expression is not None:
        look(expression, form, None, "record", 0)
    return sorted(
        ((collection, entry) for (collection, _), entry in found.items()),
        key=lambda pair: (
            not (isinstance(pair[1].value_type, Number) and pair[1].value_type.currency is not None),
            pair[1].default is not None,
        ),
    )
