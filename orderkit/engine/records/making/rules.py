"""The limits of a model: of which field no more may be taken from a row than what, by all rows that refer to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from orderkit.engine.rows import Read, reads_of
from orderkit.engine.runtime import Runtime
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import CreateFrom, CreateLines, Field, FieldId, Form, FormId
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Outcome

ITEM = "item"
# Computed fields may go round in a ring of forms, never of records; the way of reading them ends here.
_LONGEST_WAY = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit:
    """What may be taken of a row of `source`: the sum of `field` over the rows of `form` whose `link` it is.

    `most` is the whole, or with `is_rest` what is left of it now: an expression that reads what was taken
    falls with it. `inputs` are the fields of the source's row that it hangs on.
    """

    form: FormId
    collection: str
    field: Field
    link: FieldId
    source: FormId
    most: Expression
    tolerance: Decimal
    is_rest: bool
    inputs: frozenset[FieldId]

    def allowed(self, most: Decimal, taken: Decimal) -> Decimal:
        """Return how much all rows together may take, tolerance included."""
        whole = most + taken if self.is_rest else most
        return whole + abs(whole) * self.tolerance


class Limits:
    """The limits of a project, by the rows that take and by the rows that are taken from."""

    def __init__(self, project: Project) -> None:
        found = [each for form in project.forms for each in _limits(project, form)]
        self.by_taking: Mapping[FormId, list[Limit]] = _by(found, lambda limit: limit.form)
        self.by_source: Mapping[FormId, list[Limit]] = _by(found, lambda limit: limit.source)


def limits_of(runtime: Runtime) -> Limits:
    """Return the limits of the model in force."""
    return runtime.keep(Limits, lambda: Limits(runtime.project))


def limits_in(runtime: Runtime, target: Form, lines: CreateLines) -> list[Limit]:
    """Return the limits that one derivation of a form sets."""
    rows = target.collection_by_id[lines.field].form
    wanted = {name for name, _ in lines.limit}
    found = limits_of(runtime).by_taking.get(rows, [])
    return [each for each in found if each.link == lines.link and each.field.id in wanted]


def cancelled_states(project: Project, form: FormId) -> Iterator[tuple[FieldId, tuple[str, ...]]]:
    """Yield each state field of a form with the states in which its records are called off."""
    for workflow in project.workflows_by_form.get(form, ()):
        states = tuple(state.id for state in workflow.states if state.final is Outcome.CANCELLED)
        if states:
            yield workflow.state_field, states


def _limits(project: Project, form: Form) -> Iterator[Limit]:
    for derivation in form.create_from:
        lines = derivation.lines
        if lines is None or lines.link is None:
            continue
        rows = project.form_by_id[form.collection_by_id[lines.field].form]
        source = rows.by_id[lines.link].target
        if source is None:
            continue
        for name, most in lines.limit:
            yield _limit(project, derivation, rows, name, most, source=source)


def _limit(
    project: Project, derivation: CreateFrom, rows: Form, name: FieldId, most: Expression, *, source: FormId
) -> Limit:
    lines = derivation.lines
    assert lines is not None
    assert lines.link is not None
    reads = _all_reads(project, reads_of(project, most, source, root=ITEM))
    return Limit(
        form=rows.id,
        collection=lines.field,
        field=rows.by_id[name],
        link=lines.link,
        source=source,
        most=most,
        tolerance=lines.tolerance,
        is_rest=any((read.form, read.field) == (rows.id, name) for read in reads),
        inputs=frozenset(
            read.field for read in reads if read.form == source and not read.path and read.field is not None
        ),
    )


def _all_reads(project: Project, reads: Iterable[Read]) -> set[Read]:
    """Return what is read, and what the computed fields among it are computed from, all the way down."""
    found: set[Read] = set()
    waiting = list(reads)
    while waiting:
        read = waiting.pop()
        if read in found:
            continue
        found.add(read)
        field = project.form_by_id[read.form].by_id.get(read.field or "")
        if field is not None and field.compute is not None:
            further = reads_of(project, field.compute, read.form)
            waiting.extend(
                Read((*read.path, *each.path), each.form, each.field)
                for each in further
                if len(read.path) + len(each.path) <= _LONGEST_WAY
            )
    return found


def _by(found: Iterable[Limit], key: Callable[[Limit], FormId]) -> dict[FormId, list[Limit]]:
    grouped: dict[FormId, list[Limit]] = {}
    for each in found:
        grouped.setdefault(key(each), []).append(each)
    return grouped
