"""What an expression reads: paths from a record along references and collections, each ending in a field.

From it follow the order of computing, what has to be computed again when something changes, and what
to load beforehand. Nothing is evaluated here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from orderkit.model.expressions.nodes import (
    Aggregate,
    Call,
    Changed,
    Each,
    Expression,
    Get,
    IfElse,
    Literal,
    Root,
    Template,
)
from orderkit.model.expressions.tree import children
from orderkit.model.expressions.types import Record, Rows
from orderkit.model.forms import FormId
from orderkit.model.project import Project


@dataclass(frozen=True, slots=True)
class ToRecord:
    """A step along the reference `field` of `form`."""

    form: FormId
    field: str


@dataclass(frozen=True, slots=True)
class ToRows:
    """A step to the rows of `collection` of `form`: records of `rows_form` whose `via` is this record."""

    form: FormId
    collection: str
    rows_form: FormId
    via: str


Step = ToRecord | ToRows
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One thing read. `field` None means which rows the last step leads to, whatever is in them."""

    path: Path
    form: FormId
    field: str | None


def reads_of(
    project: Project, expression: Expression, form: FormId, *, root: str = "record"
) -> frozenset[Read]:
    """Return what `expression` reads, starting at the record of `form` that stands as `root`.

    Virtual fields and the titles that a template prints are followed into what they read. What is read from other roots (`me`, `row`)
    and behind a `find` is left out.
    """
    return frozenset(_Reader(project, frozenset()).read(expression, {root: (((), form),)}))


_Places = tuple[tuple[Path, FormId], ...]
_Bindings = Mapping[str, _Places]


class _Reader:
    def __init__(self, project: Project, within: frozenset[tuple[FormId, str]]) -> None:
        self.project = project
        self.within = within

    def read(self, expression: Expression, bindings: _Bindings) -> Iterator[Read]:
        match expression:
            case Literal() | Root():
                pass
            case Get():
                yield from self.read(expression.base, bindings)
                for path, form in self.places(expression.base, bindings):
                    yield from self.field(path, form, expression.field)
            case Changed():
                for path, form in bindings.get("record", ()):
                    yield from self.field(path, form, expression.field)
            case Aggregate() | Each():
                yield from self.read(expression.rows, bindings)
                inner = {**bindings, expression.row: self.places(expression.rows, bindings)}
                for part in (expression.value, expression.where):
                    if part is not None:
                        yield from self.read(part, inner)
            case Template():
                for part in children(expression):
                    yield from self.read(part, bindings)
                    if isinstance(part.type, Record):
                        yield from self.title(part, bindings)
            case _:
                for part in children(expression):
                    yield from self.read(part, bindings)

    def title(self, printed: Expression, bindings: _Bindings) -> Iterator[Read]:
        """Yield what the title of a record reads, which a template prints for it."""
        for path, form_id in self.places(printed, bindings):
            if (form_id, "") not in self.within:
                inner = _Reader(self.project, self.within | {(form_id, "")})
                title = self.project.form_by_id[form_id].title
                yield from inner.read(title, {"record": ((path, form_id),)})

    def field(self, path: Path, form_id: FormId, name: str) -> Iterator[Read]:
        form = self.project.form_by_id[form_id]
        collection = form.collection_by_id.get(name)
        if collection is not None:
            step = ToRows(form_id, name, collection.form, collection.via)
            yield Read((*path, step), collection.form, None)
            return
        found = form.by_id.get(name)
        if found is None or found.virtual is None:
            yield Read(path, form_id, name)
        elif (form_id, name) not in self.within:
            inner = _Reader(self.project, self.within | {(form_id, name)})
            yield from inner.read(found.virtual, {"record": ((path, form_id),)})

    def places(self, expression: Expression, bindings: _Bindings) -> _Places:
        match expression:
            case Root():
                return bindings.get(expression.name, ())
            case Get():
                return tuple(
                    place
                    for path, form in self.places(expression.base, bindings)
                    for place in self.step(path, form, expression)
                )
            case IfElse():
                return self.places(expression.then, bindings) + self.places(expression.otherwise, bindings)
            case Call():
                return tuple(p for each in expression.arguments for p in self.places(each, bindings))
            case Aggregate():
                inner = {**bindings, expression.row: self.places(expression.rows, bindings)}
                return self.places(expression.value or Root(expression.row, expression.type), inner)
            case _:
                return ()

    def step(self, path: Path, form_id: FormId, got: Get) -> Iterator[tuple[Path, FormId]]:
        form = self.project.form_by_id[form_id]
        collection = form.collection_by_id.get(got.field)
        if collection is not None and isinstance(got.type, Rows):
            yield (*path, ToRows(form_id, got.field, collection.form, collection.via)), collection.form
        elif isinstance(got.type, Record):
            yield (*path, ToRecord(form_id, got.field)), got.type.form


@dataclass(slots=True)
class Steps:
    """What to load before evaluating: the steps from a record, and from there further ones."""

    records: dict[str, "Steps"] = field(default_factory=dict)
    rows: dict[str, "Steps"] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """Add the steps of a path."""
        here = self
        for step in path:
            if isinstance(step, ToRecord):
                here = here.records.setdefault(step.field, Steps())
            else:
                here = here.rows.setdefault(step.collection, Steps())


NO_STEPS = Steps()


def path_steps(reads: Iterable[Read]) -> Steps:
    """Return the steps that lead to everything read."""
    steps = Steps()
    for read in reads:
        steps.add(read.path)
    return steps
