"""What every later pass is given: the shapes of all forms, the catalog, and where findings go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orderkit.catalog import Catalog
from orderkit.language.compile.ledgers.shaping import LedgerShape
from orderkit.language.compile.names.collecting import Named
from orderkit.language.compile.names.references import mention_form, report_unknown, report_unknown_field
from orderkit.language.compile.names.settings import Settings
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.expressions.scope import FormScope
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.model.expressions.types import Choice, Many, Record, Rows
from orderkit.model.roles import ADMIN, EVERYONE

_WORD = re.compile(r"\w+")
BUILT_IN_ROLES = (ADMIN, EVERYONE)


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """The project as far as it is known after names and shapes."""

    named: Named
    settings: Settings
    catalog: Catalog
    reading: Reading
    shapes: Mapping[str, FormShape]
    ledgers: Mapping[str, LedgerShape]
    scopes: Mapping[str, FormScope]

    @cached_property
    def _broken_names(self) -> frozenset[str]:
        """The names of fields that are broken, and of collections whose form is."""
        names: set[str] = set()
        for shape in self.shapes.values():
            names.update(each.id for each in shape.fields.values() if each.field is None)
            for collection in shape.collections.values():
                rows = self.shapes.get(collection.form)
                if rows is None or rows.is_broken:
                    names.add(collection.id)
        return frozenset(names)

    def names_broken(self, text: str) -> bool:
        """Whether a part of an expression names something that is broken."""
        return bool(self._broken_names) and not self._broken_names.isdisjoint(_WORD.findall(text))

    def is_within_bad_id(self, text: str, start: int, end: int) -> bool:
        """Whether a part of an expression belongs to an id that expressions cannot read, such as `order-no`."""
        for name in self._unreadable_ids:
            at = text.find(name)
            while at >= 0:
                if at < end and start < at + len(name):
                    return True
                at = text.find(name, at + 1)
        return False

    @cached_property
    def _unreadable_ids(self) -> frozenset[str]:
        broken = (
            each
            for shape in self.shapes.values()
            if shape.has_broken_fields
            for each in shape.fields.values()
        )
        return frozenset(each.id for each in broken if each.field is None and not _WORD.fullmatch(each.id))

    @property
    def top_level_forms(self) -> Mapping[str, FormShape]:
        """The forms that are no lines of another."""
        return {each.id: each for each in self.shapes.values() if each.parent is None}

    def form(self, node: ScalarNode | None) -> FormShape | None:
        """Return the form that a node names, or report it. A broken form is returned as it is."""
        if node is None:
            return None
        shape = self.shapes.get(node.text)
        root = self.shapes.get(node.text.split(".", 1)[0])
        if shape is None and root is not None and root.is_broken:
            return root
        if shape is None and root is not None and root.is_broken_field(node.text.partition(".")[2]):
            return FormShape(id=node.text, label=root.label, parent=root.id, is_broken=True)
        if shape is not None:
            mention_form(self.reading, node)
        if shape is None:
            report_unknown(self.reading, node, "form", self.shapes)
        return shape

    def top_level_form(self, node: ScalarNode | None) -> FormShape | None:
        """Return the form that a node names, or None where it is broken. Lines of another are reported."""
        form = self.form(node)
        if form is None or form.is_broken:
            return None
        if form.parent is not None and node is not None:
            report_unknown(self.reading, node, "form", self.top_level_forms)
            return None
        return form

    def known(self, node: ScalarNode, kind: str) -> bool:
        """Whether a node names an object of a kind; if not, it is reported."""
        objects = self.named.of(kind)
        if node.text in objects or (kind == "role" and node.text in BUILT_IN_ROLES):
            self.reading.mentions.name(kind, node.text, node)
            return True
        names = {**objects, **dict.fromkeys(BUILT_IN_ROLES if kind == "role" else ())}
        report_unknown(self.reading, node, kind, names)
        return False

    def path(
        self,
        form: FormShape,
        node: ScalarNode,
        *,
        follow_references: bool = False,
        start: int = 0,
        end: int | None = None,
    ) -> FieldShape | None:
        """Return the last field of a dotted path (`total`, `lines.cost`), or report where it breaks.

        Args:
            form: where the path begins.
            node: the path as written.
            follow_references: whether it may lead through references (`customer.name`) besides lines.
            start: where the path begins, where it is only a part of the node.
            end: where that part ends.
        """
        at, offset, found = form, start, None
        for part in node.text[start:end].split("."):
            if at.is_broken:
                return None
            found = at.fields.get(part)
            if found is None:
                span = node.part(offset, offset + len(part))
                report_unknown_field(self.reading, span, part, at.id, at.fields, labels=at.labels())
                return None
            self.reading.mentions.name("field", f"{at.id}.{part}", node, offset, offset + len(part))
            if found.field is None:
                return None
            offset += len(part) + 1
            if isinstance(found.type, Rows) or (follow_references and isinstance(found.type, Record)):
                at = self.shapes[found.type.form]
            else:
                at = FormShape(id=f"{at.id}.{part}", label=found.label)
        return found

    def knows_path(self, form: FormShape, text: str) -> bool:
        """Whether a text is a path of a form, also through references; nothing is reported."""
        at: FormShape | None = form
        for part in text.split("."):
            found = None if at is None else at.fields.get(part)
            if found is None:
                return False
            at = self.shapes.get(found.type.form) if isinstance(found.type, Rows | Record) else None
        return True

    @cached_property
    def workflows_by_form(self) -> Mapping[str, Mapping[str, Written]]:
        """The workflows of each form, by id, as written."""
        found: dict[str, dict[str, Written]] = {}
        for declared in self.named.of("workflow").values():
            node = None if declared.written is None else declared.written[workflow_words.FOR]
            if declared.written is not None and node is not None:
                found.setdefault(node.text, {})[declared.id] = declared.written
        return found

    def name_transition(self, form: FormShape | None, node: ScalarNode) -> None:
        """Note that a node names a transition of a form: of each of its workflows that has such a one."""
        for workflow, written in self.workflows_by_form.get("" if form is None else form.id, {}).items():
            if any(key.text == node.text for key, _ in written[workflow_words.TRANSITIONS] or ()):
                self.reading.mentions.name("transition", f"{workflow}.{node.text}", node)

    def name_option(self, field: FieldShape, node: ScalarNode) -> None:
        """Note that a node names an option of a choice, if it does."""
        choice = _choice(field)
        if choice is not None and node.text in choice.options:
            self.reading.mentions.name("option", f"{self.choices[id(choice)]}.{node.text}", node)

    @cached_property
    def choices(self) -> Mapping[int, str]:
        """The fields that are choices (`order.source`), by the identity of their types."""
        return {
            id(choice): f"{shape.id}.{field.id}"
            for shape in self.shapes.values()
            for field in shape.fields.values()
            if (choice := _choice(field)) is not None
        }


def _choice(field: FieldShape) -> Choice | None:
    kind = field.type
    if isinstance(kind, Many):
        kind = kind.of
    return kind if isinstance(kind, Choice) else None
