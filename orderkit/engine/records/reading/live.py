"""What a page that fills in a record can work out by itself, and after which changes it has to ask.

The page gets an expression only where it reads nothing but what stands on that page in clear for this
person. The engine decides again when the record is saved: nothing that a page says is taken for true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from orderkit.engine.access import Right, field_rights
from orderkit.engine.records.documents.plans import (
    Condition,
    Derivation,
    FieldRules,
    FormRules,
    Node,
    Place,
    Plan,
    plan_of,
)
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.browser import is_local, page_of
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Expression,
    Get,
    IfElse,
    Items,
    Literal,
    Root,
)
from orderkit.model.expressions.types import Boolean, ListOf, Record
from orderkit.model.forms import FieldId, Form, FormId

# What was there before a change does not stand on the page.
_ROOTS = frozenset({"record", "me"})
_TRUE, _FALSE = Literal(True, Boolean()), Literal(False, Boolean())


class Aspect(StrEnum):
    """What an expression says of its field."""

    COMPUTE = "compute"
    COPY = "copy"
    DEFAULT = "default"
    VISIBLE = "visible"
    REQUIRED = "required"
    READONLY = "readonly"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRule:
    """One expression of a field and the places that it reads.

    `has_siblings`: on a line it reads other lines too, so a change of one concerns them all.
    """

    form: FormId
    field: FieldId
    aspect: Aspect
    expression: Expression
    reads: frozenset[Place]
    has_siblings: bool

    @property
    def is_value(self) -> bool:
        """Whether it gives the field its value, rather than say how it stands."""
        return self.aspect in {Aspect.COMPUTE, Aspect.COPY, Aspect.DEFAULT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What one person's page of a form may do by itself.

    `rules` are in an order in which each finds what it reads worked out already. `asks` are the places
    after whose change only the server knows what follows. `held` are the fields that stand in clear.
    """

    rules: tuple[LiveRule, ...]
    asks: frozenset[Place]
    held: Mapping[FormId, frozenset[FieldId]]

    def without(self, *rules: LiveRule) -> "Live":
        """Return the same with some rules left to the server."""
        kept = tuple(rule for rule in self.rules if rule not in rules)
        return replace(self, rules=kept, asks=self.asks.union(*(rule.reads for rule in rules)))


def live(unit: Unit, form_id: FormId, record_id: int | None) -> Live:
    """Return what the page of a record, or of a new one, works out by itself. Raises NotFound."""
    row = None if record_id is None else readable_row(unit, form_id, record_id)
    rights = field_rights(unit, form_id, row)
    plan = plan_of(unit.runtime, form_id)
    held = {form.id: _held(form, plan.form, rights) for form in plan.forms}
    whole = page_of(plan.form, plan.forms[1:])
    shown = {
        name: known & (held[name] | {"id"}) if name in held else known for name, known in whole.fields.items()
    }
    page = replace(whole, roots=_ROOTS, fields=shown)
    found = tuple(_rules(plan, rights))
    read = frozenset(place for rule in found for place in rule.reads)
    here = tuple(rule for rule in found if rule.field in held[rule.form] and is_local(rule.expression, page))
    # What stands nowhere on the page and is read by nothing on it concerns nobody here.
    asks = (
        rule.reads
        for rule in found
        if rule not in here and (rule.field in held[rule.form] or (rule.form, rule.field) in read)
    )
    return Live(rules=here, asks=frozenset().union(*asks), held=held)


def _held(form: Form, top: Form, rights: Mapping[str, Right]) -> frozenset[FieldId]:
    collection = next((each.id for each in top.lines if each.form == form.id), None)
    prefix = "" if collection is None else f"{collection}."
    return frozenset(
        field.id for field in form.fields if rights.get(prefix + field.id, Right.HIDDEN) >= Right.READ
    )


def _rules(plan: Plan, rights: Mapping[str, Right]) -> Iterator[LiveRule]:
    for node in plan.nodes:
        yield from _value_rules(node, plan)
    for rules in plan.rules:
        collection = next((each.id for each in plan.form.lines if each.form == rules.form.id), None)
        prefix = "" if collection is None else f"{collection}."
        for each in rules.fields:
            may_write = rights.get(prefix + each.field.id, Right.HIDDEN) is Right.WRITE
            yield from _state_rules(rules, each, may_write=may_write)


def _value_rules(node: Node, plan: Plan) -> Iterator[LiveRule]:
    field = node.field
    expression, aspect = {
        Derivation.COMPUTE: (field.compute, Aspect.COMPUTE),
        Derivation.COPY: (field.copy, Aspect.COPY),
        Derivation.DEFAULT: (field.default, Aspect.DEFAULT),
    }[node.derivation]
    form = next(each for each in plan.forms if each.id == node.form)
    special = [(v.value, e) for v in form.variants for name, e in v.default if name == field.id]
    for value, own in special:
        expression = IfElse(_is_variant(form, value), own, expression or _nothing(own), own.type)
    if expression is not None:
        yield LiveRule(
            form=node.form,
            field=field.id,
            aspect=aspect,
            expression=expression,
            reads=node.inputs.places,
            has_siblings=node.inputs.has_siblings,
        )


def _state_rules(rules: FormRules, each: FieldRules, *, may_write: bool) -> Iterator[LiveRule]:
    form, field = rules.form, each.field
    hiding = [variant.value for variant in form.variants if field.id in variant.hide]
    requiring = [variant.value for variant in form.variants if field.id in variant.require]
    if each.visible_if is not None or hiding:
        visible = _TRUE if each.visible_if is None else each.visible_if.expression
        if hiding:
            visible = IfElse(_is_variant(form, *hiding), _FALSE, visible, Boolean())
        yield _state_rule(form, field.id, Aspect.VISIBLE, visible, each.visible_if, is_variant=bool(hiding))
    if not field.required and (each.required_if is not None or requiring):
        required = _FALSE if each.required_if is None else each.required_if.expression
        if requiring:
            required = IfElse(_is_variant(form, *requiring), _TRUE, required, Boolean())
        yield _state_rule(
            form, field.id, Aspect.REQUIRED, required, each.required_if, is_variant=bool(requiring)
        )
    if each.readonly_if is not None and may_write and not field.set_once:
        yield _state_rule(form, field.id, Aspect.READONLY, each.readonly_if.expression, each.readonly_if)


def _state_rule(
    form: Form,
    field: FieldId,
    aspect: Aspect,
    expression: Expression,
    condition: Condition | None,
    *,
    is_variant: bool = False,
) -> LiveRule:
    inputs = None if condition is None else condition.inputs
    reads = frozenset[Place]() if inputs is None else inputs.places
    return LiveRule(
        form=form.id,
        field=field,
        aspect=aspect,
        expression=expression,
        reads=reads | {(form.id, form.variant_field)} if is_variant else reads,
        has_siblings=inputs is not None and inputs.has_siblings,
    )


def _is_variant(form: Form, *values: str) -> Expression:
    """Return the condition that the form's choice field has one of the values."""
    assert form.variant_field is not None
    kind = form.by_id[form.variant_field].value_type
    chosen = Get(Root("record", Record(form.id)), form.variant_field, kind)
    return Binary(
        BinaryOperator.IN,
        chosen,
        Items(tuple(Literal(value, kind) for value in values), ListOf(kind)),
        Boolean(),
    )


def _nothing(like: Expression) -> Expression:
    return Literal(None, like.type)
