"""Links the shapes of forms: the state fields of workflows, and the other side of references."""

import re

from orderkit.language.compile.names.collecting import Named, check_id
from orderkit.language.compile.names.references import mention_form, report_unknown
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.compile.shapes.system_fields import RESERVED_WORDS, SystemFields
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.model.forms import Collection
from orderkit.model.labels import Label, label

NAME_TAKEN = Code(
    "OK2104",
    "name-taken",
    ERROR,
    since="0.1",
    explain="""
    A `reverse:` or the state field of a workflow has the name of a field or collection that the form has.
    ~~~yaml bad
    form: customer
    fields: {orders: {type: text}}
    # order.yaml
    form: order
    fields: {customer: {type: ref, to: customer, reverse: orders}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    # order.yaml
    form: order
    fields: {customer: {type: ref, to: customer, reverse: orders}}
    ~~~""",
    zh="`reverse:` 或流程的状态字段与表单已有的字段或集合重名。",
)


class Linking:
    """Completes shapes once all of them are there."""

    def __init__(
        self, named: Named, shapes: dict[str, FormShape], system: SystemFields, reading: Reading
    ) -> None:
        self.named = named
        self.shapes = shapes
        self.system = system
        self.reading = reading
        self._without_target: list[tuple[FormShape, Written]] = []

    def add_states(self) -> None:
        """Give each form the state fields of its workflows."""
        # What is known comes first, so that it finds no name taken by what is lost.
        for declared in sorted(self.named.of("workflow").values(), key=lambda each: each.written is None):
            written = declared.written
            field_node = None if written is None else written[workflow_words.STATE_FIELD]
            shape = self.shapes.get(declared.facts.get("for", ""))
            if written is None or shape is None or field_node is None:
                self._lost_state(shape, declared.facts.get("state", "status"))
                continue
            if shape.is_broken:
                continue
            name = field_node.text
            if name in shape.fields or name in shape.collections or name in RESERVED_WORDS:
                self._report_taken(field_node, shape)
                continue
            if not check_id(field_node, self.reading):
                continue
            states = {
                key.text: state[workflow_words.STATE_LABEL] or readable(key.text)
                for key, state in written[workflow_words.STATES] or ()
            }
            if not states:
                shape.fields[name] = FieldShape(id=name, field=None)
                continue
            field = self.system.state(name, declared.id, _state_label(name), states)
            shape.fields[name] = FieldShape(id=name, field=field)

    def _lost_state(self, form: FormShape | None, name: str) -> None:
        """Let the state of a broken workflow be known on its form, or on all where even that is unknown."""
        for shape in self.shapes.values() if form is None else (form,):
            if shape.parent is None and not shape.is_built_in and name not in shape.collections:
                shape.fields.setdefault(name, FieldShape(id=name, field=None))

    def resolve_references(self, odd_targets: list[ScalarNode]) -> None:
        """Look up what references refer to, and give the target its reverse collections.

        Args:
            odd_targets: what was written as a target and cannot be an id.
        """
        for node in odd_targets:
            report_unknown(self.reading, node, "form", self.shapes)
        for shape in list(self.shapes.values()):
            for each in shape.fields.values():
                if each.field is None:
                    self._reverse_of_broken(shape, each)
                    continue
                target_id = each.field.target
                if target_id is None or each.written is None:
                    continue
                target = self.shapes.get(target_id)
                to = each.written.extra.get("to")
                if target is None and self._is_lost(target_id):
                    each.field = None
                elif target is None:
                    assert to is not None
                    assert isinstance(to[1], ScalarNode)
                    report_unknown(self.reading, to[1], "form", self.shapes)
                    self._without_target.append((shape, each.written))
                    each.field = None
                elif target.is_broken:
                    each.field = None
                else:
                    if to is not None and isinstance(to[1], ScalarNode):
                        mention_form(self.reading, to[1])
                    self._reverse(shape, each, target)
        # At the end, so that no name is taken by what is only guessed.
        self._lost_references()

    def _reverse_of_broken(self, shape: FormShape, each: FieldShape) -> None:
        """Let the reverse name of a reference be known whose other options are wrong."""
        to = None if each.written is None else each.written.extra.get("to")
        target = self.shapes.get(to[1].text) if to is not None and isinstance(to[1], ScalarNode) else None
        if target is not None:
            self._reverse(shape, each, target)
        elif each.written is not None:
            self._without_target.append((shape, each.written))

    def _lost_references(self) -> None:
        """Let the reverse names of what could not be read or linked be known, wherever they may belong.

        Of a file that says nothing at all they are guessed: a lost `receipt` may be reached by `receipts`.
        """
        for shape, written in self._without_target:
            pair = written.extra.get("reverse")
            if pair is not None and isinstance(pair[1], ScalarNode):
                self._lost_reverse(pair[1].text, shape.id)
        lost = [each for each in self.named.of("form").values() if each.written is None]
        for declared in lost[:_MOST_LOST]:
            known = declared.facts.get("reverse")
            for name in known.split() if known is not None else _plurals(declared.id):
                self._lost_reverse(name, declared.id)

    def _lost_reverse(self, name: str, form: str) -> None:
        """Let a reverse name be known on every form, because nobody knows on which it was meant to be."""
        for shape in self.shapes.values():
            if name not in shape.fields:
                collection = Collection(id=name, form=form, via="id", is_lines=False)
                shape.collections.setdefault(name, collection)

    def _is_lost(self, form: str) -> bool:
        """Whether a name may belong to lines that could not be read, or to a form that could not be."""
        name, _, lines = form.partition(".")
        root = self.shapes.get(name)
        return root is not None and (root.is_broken or root.is_broken_field(lines))

    def _reverse(self, shape: FormShape, each: FieldShape, target: FormShape) -> None:
        assert each.written is not None
        pair = each.written.extra.get("reverse")
        if pair is None or not isinstance(pair[1], ScalarNode):
            return
        name = pair[1].text
        if name in target.fields or name in target.collections or name in RESERVED_WORDS:
            self._report_taken(pair[1], target)
        elif check_id(pair[1], self.reading):
            target.collections[name] = Collection(id=name, form=shape.id, via=each.id, is_lines=False)

    def _report_taken(self, node: ScalarNode, shape: FormShape) -> None:
        taken = shape.fields.get(node.text)
        notes: tuple[Note, ...] = ()
        if taken is not None and taken.id_node is not None:
            notes = (Note(text=label(zh="在这里声明", en="it is declared here"), span=taken.id_node.span),)
        self.reading.report(
            NAME_TAKEN,
            node,
            label(
                zh=f"表单 `{shape.id}` 已有 `{node.text}`",
                en=f"the form `{shape.id}` already has a `{node.text}`",
            ),
            label(zh="换一个名称", en="choose another name"),
            notes=notes,
        )


# Where more cannot be read than this, nothing is left that silence would help.
_MOST_LOST = 200


def _plurals(name: str) -> tuple[str, ...]:
    return (f"{name}s", f"{name}es", f"{name[:-1]}ies")


def _state_label(name: str) -> Label:
    return label(zh="状态", en="Status") if re.fullmatch(r"status|state", name) else readable(name)
