"""The order in which the fields of a record and its lines follow from each other, worked out once a form.

A node is a field that the engine may fill: by a default, a copy or a computation. What a node reads
in the same document are its inputs; what it reads elsewhere is the business of `dependencies`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from graphlib import CycleError, TopologicalSorter

from orderkit.engine.rows import Steps
from orderkit.engine.rows.reads import Read, Step, ToRows, path_steps, reads_of
from orderkit.engine.runtime import Runtime
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Check, Field, FieldId, Form, FormId
from orderkit.model.project import Project

# A place in a document: a field of the form or of its lines; None is which rows there are.
Place = tuple[FormId, FieldId | None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What an expression reads in the document. With `has_siblings` a line also reads other lines."""

    places: frozenset[Place]
    has_siblings: bool = False


class Derivation(Enum):
    """How the engine fills a field."""

    DEFAULT = "default"
    COPY = "copy"
    COMPUTE = "compute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A field that is filled on every record (or line) of `form` in a document.

    `is_gathered` means that it reads collections of other documents, which may be large: there the
    database computes it.
    """

    form: FormId
    field: Field
    derivation: Derivation
    inputs: Inputs
    steps: Steps
    is_gathered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An expression of a field or form with what it reads in the document, to be judged when that changes."""

    expression: Expression
    inputs: Inputs
    steps: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRules:
    """The conditions of one field; `steps` of a condition say what to load before judging it."""

    field: Field
    visible_if: Condition | None
    required_if: Condition | None
    readonly_if: Condition | None
    where: Condition | None
    checks: tuple[tuple[Check, Condition], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRules:
    """The conditions of a form, top or lines."""

    form: Form
    fields: tuple[FieldRules, ...]
    checks: tuple[tuple[Check, Condition], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How documents of `form` are filled: `nodes` in order, and the rules of each form in them."""

    form: Form
    nodes: tuple[Node, ...]
    rules: tuple[FormRules, ...]

    @property
    def forms(self) -> tuple[Form, ...]:
        """The form and those of its lines."""
        return tuple(rules.form for rules in self.rules)


class _Plans(dict[FormId, Plan]):
    pass


def plan_of(runtime: Runtime, form_id: FormId) -> Plan:
    """Return the plan of a top-level form."""
    known = runtime.keep(_Plans, _Plans)
    plan = known.get(form_id)
    if plan is None:
        plan = known[form_id] = _Planner(runtime.project, runtime.project.form_by_id[form_id]).plan()
    return plan


def top_form(project: Project, form_id: FormId) -> FormId:
    """Return the form whose documents hold records of this form."""
    return project.form_by_id[form_id].parent or form_id


def is_local(project: Project, read: Read, form_id: FormId) -> bool:
    """Return whether what is read, from a record of `form_id`, stands in the same document."""
    top = top_form(project, form_id)
    return all(_stays(project, step, top) for step in read.path)


def _stays(project: Project, step: Step, top: FormId) -> bool:
    form = project.form_by_id[step.form]
    if isinstance(step, ToRows):
        return step.form == top and form.collection_by_id[step.collection].is_lines
    return form.parent == top and form.parent_field is not None and form.parent_field.id == step.field


class _Planner:
    def __init__(self, project: Project, form: Form) -> None:
        self.project = project
        self.form = form
        self.forms = (form, *(project.form_by_id[c.form] for c in form.lines))

    def plan(self) -> Plan:
        nodes: dict[Place, Node] = {
            (node.form, node.field.id): node for form in self.forms for node in self._nodes(form)
        }
        sorter: TopologicalSorter[Place] = TopologicalSorter()
        for place, node in nodes.items():
            sorter.add(
                place,
                *(each for each in sorted(node.inputs.places, key=str) if each in nodes and each != place),
            )
        try:
            order = tuple(sorter.static_order())
        except CycleError as error:
            raise AssertionError(f"the compiler lets no ring of computed fields pass: {error}") from error
        return Plan(
            form=self.form,
            nodes=tuple(nodes[place] for place in order if place in nodes),
            rules=tuple(self._rules(form) for form in self.forms),
        )

    def _nodes(self, form: Form) -> Iterator[Node]:
        for field in form.fields:
            if field.compute is not None:
                yield self._node(form, field, Derivation.COMPUTE, (field.compute,))
            elif field.copy is not None:
                yield self._node(form, field, Derivation.COPY, (field.copy,))
            else:
                variants = tuple(e for v in form.variants for name, e in v.default if name == field.id)
                defaults = (*(() if field.default is None else (field.default,)), *variants)
                if defaults:
                    yield self._node(form, field, Derivation.DEFAULT, defaults, has_variants=bool(variants))

    def _node(
        self,
        form: Form,
        field: Field,
        derivation: Derivation,
        expressions: tuple[Expression, ...],
        *,
        has_variants: bool = False,
    ) -> Node:
        reads = frozenset(read for each in expressions for read in reads_of(self.project, each, form.id))
        switch = {form.variant_field} if has_variants and form.variant_field is not None else set()
        inputs = self._inputs(form, reads, *switch)
        return Node(
            form=form.id,
            field=field,
            derivation=derivation,
            inputs=inputs,
            steps=path_steps(reads),
            is_gathered=any(
                not is_local(self.project, read, form.id) and any(isinstance(s, ToRows) for s in read.path)
                for read in reads
            ),
        )

    def _rules(self, form: Form) -> FormRules:
        return FormRules(
            form=form,
            fields=tuple(
                FieldRules(
                    field=field,
                    visible_if=self._condition(form, field.visible_if),
                    required_if=self._condition(form, field.required_if),
                    readonly_if=self._condition(form, field.readonly_if),
                    where=None if field.where is None else self._where(form, field),
                    checks=tuple((each, self._certain(form, each.that, field.id)) for each in field.checks),
                )
                for field in form.fields
            ),
            checks=tuple((each, self._certain(form, each.that)) for each in form.checks),
        )

    def _condition(self, form: Form, expression: Expression | None) -> Condition | None:
        return None if expression is None else self._certain(form, expression)

    def _certain(self, form: Form, expression: Expression, *fields: FieldId) -> Condition:
        reads = reads_of(self.project, expression, form.id)
        inputs = self._inputs(form, reads, *fields)
        return Condition(expression=expression, inputs=inputs, steps=path_steps(reads))

    def _where(self, form: Form, field: Field) -> Condition:
        """Return a reference's condition, whose `this` is the record that holds the reference."""
        assert field.where is not None
        reads = reads_of(self.project, field.where, form.id, root="this")
        inputs = self._inputs(form, reads, field.id)
        return Condition(expression=field.where, inputs=inputs, steps=path_steps(reads))

    def _inputs(self, form: Form, reads: frozenset[Read], *more: FieldId) -> Inputs:
        local = [read for read in reads if is_local(self.project, read, form.id)]
        return Inputs(
            frozenset((read.form, read.field) for read in local) | {(form.id, field) for field in more},
            has_siblings=any(read.form == form.id and read.path for read in local),
        )
