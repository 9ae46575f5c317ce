"""What of a form stands in the search index, worked out once from the model.

A search looks into the texts of a record and into each part of its title. What the record itself has is
indexed with it. A part that another record has (`{customer}`, `{customer.name}`) is not: a search asks that
form's index and follows the reference back, so that a new name costs one entry and not one for each order.
Where a title is made otherwise (of sums, of choices in the reader's language), the index cannot narrow.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orderkit.engine.rows import reads_of
from orderkit.engine.runtime import Runtime
from orderkit.model.expressions.nodes import Call, Expression, Get, Literal, Root, Template, TemplatePart
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Address, Record, Text
from orderkit.model.forms import Field, FieldId, Form, FormId
from orderkit.model.project import Project

FORMAT = 1
"""Of entries. A new one comes with a revision of orderkit's own tables that empties the index."""

# What becomes of a text through these is the same for every reader, and the same in SQL.
_PLAIN = frozenset({"coalesce", "lower", "trim", "upper"})


@dataclass(frozen=True, slots=True)
class Reach:
    """A part of a title that another record has, and the references on the way to it: a text, or the whole title."""

    path: tuple[tuple[FormId, FieldId], ...]
    target: FormId
    field: FieldId | None

    @property
    def is_title(self) -> bool:
        """Whether it is the title of that record."""
        return self.field is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is indexed of the records of a form.

    `names` are found by pinyin too: texts that references to the form search, and those of the title
    (`title` are its pieces that the record itself has). `reaches` are the parts of the title that others
    have. `narrows` is whether index and reaches cover all that a search looks into, `is_whole` whether they
    cover the title as one text, as the title of another record prints it.
    """

    texts: tuple[FieldId, ...]
    names: tuple[FieldId, ...]
    title: tuple[Template, ...]
    reaches: tuple[Reach, ...]
    narrows: bool
    is_whole: bool
    reads: frozenset[FieldId]

    @property
    def fingerprint(self) -> str:
        """What tells entries of this form apart from those of another model."""
        pieces = [[(part.text, _told(part.expression)) for part in piece.parts] for piece in self.title]
        kept = repr((FORMAT, self.texts, self.names, pieces))
        return hashlib.sha256(kept.encode()).hexdigest()[:32]


class _Known(dict[FormId, Sources]):
    pass


def sources_of(runtime: Runtime) -> dict[FormId, Sources]:
    """Return what is indexed of each form that has records of its own; lines are not searched."""
    return runtime.keep(_Known, lambda: _Known(find_sources(runtime.project)))


def find_sources(project: Project) -> dict[FormId, Sources]:
    """Return what is indexed of each form of a project."""
    searched: dict[FormId, set[FieldId]] = {}
    for form in project.forms:
        for field in form.fields:
            if field.target is not None:
                searched.setdefault(field.target, set()).update(field.search)
    return {
        form.id: _sources(project, form, searched.get(form.id, set()))
        for form in project.forms
        if form.parent is None
    }


def text_fields(form: Form) -> Iterator[Field]:
    """Yield the fields that a search looks into."""
    for field in form.fields:
        if isinstance(field.value_type, Text) and field.is_stored:
            yield field


def _sources(project: Project, form: Form, searched: set[FieldId]) -> Sources:
    texts = tuple(field.id for field in text_fields(form))
    pieces: list[Template] = []
    reaches: list[Reach] = []
    narrows = is_whole = True
    for segment in _segments(form.title.parts):
        expressions = [part.expression for part in segment if part.expression is not None]
        if not expressions or all(_is_own(form, each) for each in expressions):
            pieces.append(Template(tuple(segment)))
        else:
            is_whole &= len(segment) == 1
            for expression in expressions:
                reach = _reach(project, form, expression)
                if _is_own(form, expression):
                    pieces.append(Template((TemplatePart(expression=expression),)))
                elif reach is not None:
                    reaches.append(reach)
                else:
                    is_whole = False
                    narrows &= not isinstance(expression.type, Text | Record | Address)
    reads = {read.field for piece in pieces for read in reads_of(project, piece, form.id) if read.field}
    return Sources(
        texts=texts,
        names=tuple(each for each in texts if each in searched),
        title=tuple(pieces),
        reaches=tuple(reaches),
        narrows=narrows,
        is_whole=is_whole,
        reads=frozenset(texts) | reads,
    )


def _segments(parts: Sequence[TemplatePart]) -> Iterator[list[TemplatePart]]:
    """Yield the pieces of a title between white space: no word that is searched for goes across it."""
    here: list[TemplatePart] = []
    for part in parts:
        if part.expression is not None:
            here.append(part)
            continue
        first, *others = _cut(part.text)
        if first:
            here.append(TemplatePart(text=first))
        for other in others:
            if here:
                yield here
            here = [TemplatePart(text=other)] if other else []
    if here:
        yield here


def _cut(text: str) -> list[str]:
    """Return what stands between the white space of a text, with nothing at an end that is white space."""
    words = text.split() or [""]
    before = [""] if text[:1].isspace() else []
    after = [""] if text[-1:].isspace() and text.split() else []
    return [*before, *words, *after]


def _is_own(form: Form, expression: Expression) -> bool:
    """Return whether a text is made of nothing but stored fields of the record, alike for every reader."""
    if not isinstance(expression.type, Text | Address):
        return False
    for node in walk(expression):
        match node:
            case Root(name="record") | Literal():
                continue
            case Get(base=Root(name="record"), field=name, type=Text() | Address()):
                field = form.by_id.get(name)
                if field is None or not field.is_stored:
                    return False
            case Call(function=name):
                if name not in _PLAIN:
                    return False
            case _:
                return False
    return True


def _told(expression: Expression | None) -> tuple[str, ...]:
    """Return an own text of a title by its fields and functions; a form that is renamed keeps it."""
    found: list[str] = []
    for node in () if expression is None else walk(expression):
        match node:
            case Get(field=name):
                found.append(name)
            case Call(function=name):
                found.append(f"{name}({len(node.arguments)})")
            case Literal():
                found.append(repr(node.value))
    return tuple(found)


def _reach(project: Project, form: Form, expression: Expression) -> Reach | None:
    steps: list[Get] = []
    here = expression
    while isinstance(here, Get):
        steps.insert(0, here)
        here = here.base
    if here != Root("record", Record(form.id)) or not steps:
        return None
    is_title = isinstance(expression.type, Record)
    if not is_title and not isinstance(expression.type, Text):
        return None
    path: list[tuple[FormId, FieldId]] = []
    at = form
    for step in steps if is_title else steps[:-1]:
        field = at.by_id.get(step.field)
        if (
            field is None
            or not field.is_stored
            or field.target is None
            or not isinstance(field.value_type, Record)
        ):
            return None
        path.append((at.id, field.id))
        at = project.form_by_id[field.target]
    if not path or at.parent is not None:
        return None
    last = at.by_id.get(steps[-1].field)
    if not is_title and (last is None or not last.is_stored):
        return None
    return Reach(tuple(path), at.id, None if is_title else steps[-1].field)
