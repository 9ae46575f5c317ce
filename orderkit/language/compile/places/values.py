"""Value places: a literal typed by its target, `=` and an expression, or a text with `{}` in it."""

from collections.abc import Iterable

from orderkit.language.compile.places.assignability import is_assignable
from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.places.iterations import each_of
from orderkit.language.compile.places.literals import date_of, literal_of, report_wrong_type, untyped
from orderkit.language.compile.places.natural_keys import named_record
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.expressions.fitting import fits
from orderkit.language.expressions.scope import Scope
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec.readers import scalar
from orderkit.language.spec.words import report_shape
from orderkit.model.expressions.nodes import Entry, Expression, Items, Literal, Structure
from orderkit.model.expressions.types import Date, Json, ListOf, Many, Nothing, Record, Rows, Text, Type


class Values:
    """Reads value places."""

    def __init__(self, checking: Checking) -> None:
        self.checking = checking
        self.compilation = checking.compilation
        self.reading = checking.compilation.reading

    def of_field(self, node: Node, scope: Scope, field: FieldShape) -> Expression | None:
        """Return the value that a field is given, or None where it is wrong. `null` is the empty value."""
        if field.field is None:
            return None
        if isinstance(field.type, Rows):
            return self._rows(node, scope, self.compilation.shapes[field.type.form])
        if isinstance(field.type, Many) and isinstance(node, SequenceNode):
            return self._several(node, scope, field, field.type)
        if not isinstance(node, ScalarNode):
            report_shape(self.reading, node, zh="一个值", en="a value")
            return None
        if node.is_empty:
            return Literal(None, Nothing())
        if node.text.startswith("="):
            return self.checking.expression(node, scope, field.type, skip=1)
        if "{" in node.text and isinstance(field.type, Text):
            return self.checking.template(node, scope)
        return self._one(node, scope, field)

    def assignments(
        self,
        pairs: Iterable[tuple[ScalarNode, Node]],
        scope: Scope,
        form: FormShape,
        *,
        follow_references: bool = False,
        is_history: bool = False,
    ) -> tuple[tuple[str, Expression], ...]:
        """Return fields of a form with what they get. Our side stands on the left.

        In a history import records arrive with their state, number and time of creation.
        """
        found = []
        for key, node in pairs:
            field = self.compilation.path(form, key, follow_references=follow_references)
            if field is None or not is_assignable(self.reading, key, field, is_history=is_history):
                continue
            self.compilation.reading.mentions.given.add((form.id, key.text))
            value = self.of_field(node, scope, field)
            if value is not None:
                found.append((key.text, value))
        return tuple(found)

    def of_type(self, node: Node, scope: Scope, kind: Type) -> Expression | None:
        """Return a value of a type that belongs to no field, such as a key of a ledger."""
        found = scalar(node, self.reading)
        if found is None:
            return None
        if found.text.startswith("="):
            return self.checking.expression(found, scope, kind, skip=1)
        if isinstance(kind, Record):
            return named_record(self.checking, found, scope, kind)
        if isinstance(kind, Text):
            return self.checking.template(found, scope) if "{" in found.text else Literal(found.text, kind)
        value = date_of(found) if isinstance(kind, Date) else untyped(found, is_text=False)
        if value is not None and fits(value.type, kind):
            return value
        report_wrong_type(self.reading, found, kind)
        return None

    def of_anything(self, node: Node, scope: Scope) -> Expression | None:
        """Return a value without a typed target, such as an argument of a call; maps and lists may nest."""
        if isinstance(node, SequenceNode):
            items = [self.of_anything(item, scope) for item in node.items]
            return None if None in items else Items(tuple(i for i in items if i is not None), ListOf(Json()))
        if isinstance(node, MappingNode):
            if node.get("each") is not None:
                return each_of(self.checking, node, scope, self.of_anything)
            entries = [(key.text, self.of_anything(value, scope)) for key, value in node.entries]
            known = tuple(Entry(name, value) for name, value in entries if value is not None)
            return Structure(known, Json()) if len(known) == len(entries) else None
        if node.is_empty:
            return Literal(None, Nothing())
        if node.text.startswith("="):
            return self.checking.expression(node, scope, skip=1)
        if "{" in node.text:
            return self.checking.template(node, scope)
        return untyped(node)

    def _rows(self, node: Node, scope: Scope, rows: FormShape) -> Expression | None:
        if isinstance(node, MappingNode) and node.get("each") is not None:
            return each_of(
                self.checking, node, scope, lambda made, inner: self._row_of_each(made, inner, rows)
            )
        if not isinstance(node, SequenceNode):
            report_shape(self.reading, node, zh="明细行的列表", en="a list of rows")
            return None
        items = []
        for item in node.items:
            if not isinstance(item, MappingNode):
                report_shape(self.reading, item, zh="一行（`{字段: 值}`）", en="a row (`{field: value}`)")
                continue
            items.append(self._structure(item, scope, rows))
        return Items(tuple(items), ListOf(Record(rows.id)))

    def _structure(self, node: MappingNode, scope: Scope, form: FormShape) -> Structure:
        pairs = self.assignments(node.entries, scope, form)
        return Structure(tuple(Entry(name, value) for name, value in pairs), Record(form.id))

    def _row_of_each(self, node: Node, scope: Scope, rows: FormShape) -> Expression | None:
        return (
            self._structure(node, scope, rows)
            if isinstance(node, MappingNode)
            else self.of_anything(node, scope)
        )

    def _several(
        self, node: SequenceNode, scope: Scope, field: FieldShape, several: Many
    ) -> Expression | None:
        """Return the values of a list; each of them is a literal of one value."""
        found: list[Expression | None] = []
        for item in node.items:
            if not isinstance(item, ScalarNode):
                report_shape(self.reading, item, zh="一个值", en="a value")
                return None
            found.append(self._one(item, scope, field))
        if None in found:
            return None
        known = [each for each in found if each is not None]
        if all(isinstance(each, Literal) and isinstance(each.value, tuple) for each in known):
            values = dict.fromkeys(value for each in known for value in each.value)  # type: ignore[union-attr] # seen above
            return Literal(tuple(values), several)
        return Items(tuple(known), ListOf(several.of))

    def _one(self, node: ScalarNode, scope: Scope, field: FieldShape) -> Expression | None:
        target = field.type.of if isinstance(field.type, Many) else field.type
        if isinstance(target, Record):
            return named_record(self.checking, node, scope, target)
        return literal_of(self.compilation, node, field)
