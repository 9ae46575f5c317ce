"""A document: one record with its lines, as it was and as it will be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orderkit.engine.hooks import Life
from orderkit.engine.records.documents.plans import Inputs, Plan
from orderkit.engine.rows import RecordRow
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, Form, FormId
from orderkit.model.labels import Label


@dataclass(slots=True, eq=False)
class Part:
    """One row of a document: the record itself, or a line.

    `row` is what it will be, `old` what it was (None: new). `given` are the fields that the change
    names, `changed` those that differ so far, `forced` those that follow from elsewhere anew.
    """

    row: RecordRow
    old: RecordRow | None
    given: set[FieldId] = field(default_factory=set)
    changed: set[FieldId] = field(default_factory=set)
    forced: set[FieldId] = field(default_factory=set)
    # The place in problems and drafts: "" for the record, "lines.2." for a line.
    path: str = ""

    @property
    def form(self) -> Form:
        """The form of the row."""
        return self.row.shape

    @property
    def is_new(self) -> bool:
        """Whether the row is not stored yet."""
        return self.old is None

    def put(self, name: FieldId, value: Scalar) -> None:
        """Set a field, noting whether it differs from what is stored."""
        self.row.values[name] = value
        before = None if self.old is None else self.old.values.get(name)
        if self.old is None or not is_same(before, value):
            self.changed.add(name)
        else:
            self.changed.discard(name)


@dataclass(slots=True, eq=False)
class Document:
    """A record with its lines. `index` is the change's place in the batch (None: touched by a rule)."""

    plan: Plan
    top: Part
    lines: dict[str, list[Part]]
    index: int | None = None
    removed: dict[str, list[RecordRow]] = field(default_factory=dict)
    # Collections whose rows came or went; what is in the rows is their own `changed`.
    regrouped: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    # It comes from the bin: not stored, but under the ids it had.
    is_restored: bool = False
    lives: Mapping[str, Life] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form of the record."""
        return self.plan.form

    @property
    def is_new(self) -> bool:
        """Whether the record is not stored yet."""
        return self.top.old is None

    @property
    def has_changed(self) -> bool:
        """Whether anything differs from what is stored."""
        return bool(
            self.top.changed
            or self.regrouped
            or any(part.changed for parts in self.lines.values() for part in parts)
        )

    def parts(self) -> Iterator[tuple[str | None, Part]]:
        """Yield the record (None) and its lines with their collection."""
        yield None, self.top
        for collection, parts in self.lines.items():
            for part in parts:
                yield collection, part

    def parts_of(self, form_id: FormId) -> list[Part]:
        """Return the rows of one form in the document."""
        if form_id == self.form.id:
            return [self.top]
        return [part for parts in self.lines.values() for part in parts if part.form.id == form_id]

    def is_touched(self, part: Part, inputs: Inputs) -> bool:
        """Return whether anything of this has changed, as seen from `part`."""
        return any(
            self._has_changed(part, form, name, has_siblings=inputs.has_siblings)
            for form, name in inputs.places
        )

    def changed_paths(self) -> frozenset[str]:
        """Return what changed: `total`, `lines` (rows came, went or moved), `lines.qty`."""
        paths = set(self.top.changed) | self.regrouped
        for collection, parts in self.lines.items():
            for part in parts:
                paths.update(f"{collection}.{name}" for name in part.changed if name != "position")
                if "position" in part.changed:
                    paths.add(collection)
        return frozenset(paths)

    def refuse(self, path: str, code: str, message: Label, help_: Label | None = None) -> None:
        """Note a problem; the first one at a field is enough."""
        if not any(known.path == path and (path or known.code == code) for known in self.problems):
            self.problems.append(Problem(path=path, code=code, message=message, help=help_))

    def number_lines(self) -> None:
        """Give lines their positions and the paths under which problems name them."""
        for collection, parts in self.lines.items():
            for index, part in enumerate(parts):
                part.path = f"{collection}.{index}."
                part.put("position", index)
            self.top.row.collections[collection] = [part.row for part in parts]

    def _has_changed(self, part: Part, form: FormId, name: FieldId | None, *, has_siblings: bool) -> bool:
        if form == part.form.id and not has_siblings:
            return name in part.changed
        if form == self.form.id:
            return name in self.top.changed
        if name is None:
            return any(self.form.collection_by_id[each].form == form for each in self.regrouped)
        return any(name in each.changed for each in self.parts_of(form))


def is_same(first: Scalar, second: Scalar) -> bool:
    """Return whether two values are stored alike: `1` and `1.00` are, `True` and `1` are not."""
    return first == second and isinstance(first, bool) == isinstance(second, bool)
