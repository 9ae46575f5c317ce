"""Builds the shapes of all forms: built-in ones, those of the project, their lines, states and reverse references."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from orderkit.catalog import Catalog
from orderkit.language.compile.built_in_forms import BUILT_IN_FORMS
from orderkit.language.compile.collecting import Declared, Named, check_id, collect_names
from orderkit.language.compile.field_types import read_type
from orderkit.language.compile.references import report_unknown
from orderkit.language.compile.settings import Settings
from orderkit.language.compile.shapes import FieldShape, FormShape
from orderkit.language.compile.system_fields import (
    RESERVED_LINES,
    RESERVED_TOP_LEVEL,
    RESERVED_WORDS,
    SystemFields,
)
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec import field as words
from orderkit.language.spec import form as form_words
from orderkit.language.spec import workflow as workflow_words
from orderkit.language.spec.readers import MapOf
from orderkit.language.spec.words import MISSING_KEY, NOT_SUPPORTED_YET, Nested, report_unknown_key
from orderkit.model.forms import Collection, Field, Origin
from orderkit.model.labels import Label, label
from orderkit.model.types import Record

RESERVED_NAME = Code(
    "OK2103",
    "reserved-name",
    ERROR,
    since="0.1",
    explain="""
    A field has a name that orderkit gives to its own fields (`id`, `owner`, `created_at`, …) or to other
    things in expressions (`me`, `this`, `value`, …); a form begins with `ok_`, as orderkit's own tables do, or has
    `__`, which divides a form from its lines in SQL; or both together are longer than SQL allows.
    ~~~yaml bad
    form: customer
    fields: {owner: {type: user}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {salesperson: {type: user}}
    ~~~""",
)
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
)
BUILT_IN_FORM = Code(
    "OK2105",
    "built-in-form",
    ERROR,
    since="0.1",
    explain="""
    `user` and `department` exist in every project; write `extend: user` to add fields. Only they can be extended.
    ~~~yaml bad
    form: user
    fields: {employee_no: {type: text}}
    ~~~
    ~~~yaml good
    extend: user
    fields: {employee_no: {type: text}}
    ~~~""",
)


def build_shapes(
    named: Named, settings: Settings, catalog: Catalog, reading: Reading
) -> dict[str, FormShape]:
    """Return the shape of every form by id, sorted; lines forms stand behind their parent."""
    return _Shaping(named, settings, catalog, reading).run()


def readable(name: str) -> Label:
    """Return the label of something that has none: `ship_from` becomes `Ship from`."""
    words_of_name = name.rsplit(".", 1)[-1].replace("_", " ")
    return {"en": words_of_name[:1].upper() + words_of_name[1:]}


MAX_TABLE_NAME = 56
_TARGET = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


class _Shaping:
    def __init__(self, named: Named, settings: Settings, catalog: Catalog, reading: Reading) -> None:
        self.named = named
        self.settings = settings
        self.catalog = catalog
        self.reading = reading
        self.system = SystemFields(catalog, settings)
        self.shapes: dict[str, FormShape] = {}
        self.odd_targets: list[ScalarNode] = []

    def run(self) -> dict[str, FormShape]:
        built_in = self._built_in()
        for declared in built_in.values():
            self._form(declared, is_built_in=True)
        for declared in self.named.of("form").values():
            if declared.id in built_in:
                self._report_built_in(declared, built_in)
            else:
                self._form(declared, is_built_in=False)
        for declared in self.named.of("extend").values():
            self._extend(declared, built_in)
        self._state_fields()
        self._references()
        return dict(sorted(self.shapes.items()))

    def _built_in(self) -> Mapping[str, Declared]:
        # Their findings would be bugs of orderkit: a test compiles them.
        files = {f"built-in/{name}.yaml": text.encode() for name, text in BUILT_IN_FORMS.items()}
        return collect_names(files, Reading()).of("form")

    def _report_built_in(self, declared: Declared, built_in: Mapping[str, Declared]) -> None:
        self.reading.report(
            BUILT_IN_FORM,
            declared.id_node,
            label(zh=f"表单 `{declared.id}` 是内置的", en=f"the form `{declared.id}` is built in"),
            label(
                zh=f"写 `extend: {declared.id}` 来加字段", en=f"write `extend: {declared.id}` to add fields"
            ),
        )
        assert declared.id in built_in

    def _form(self, declared: Declared, *, is_built_in: bool) -> None:
        written = declared.written
        shape = FormShape(
            id=declared.id,
            label=readable(declared.id),
            declared=declared,
            is_broken=written is None,
            is_built_in=is_built_in,
        )
        self.shapes[declared.id] = shape
        if declared.id.startswith("ok_") or "__" in declared.id:
            self._report_reserved(declared.id_node)
        if written is None:
            return
        shape.label = written[form_words.LABEL_] or shape.label
        shape.has_number = form_words.NUMBER in written
        for field in self.system.top_level(has_number=shape.has_number):
            shape.fields[field.id] = FieldShape(id=field.id, field=field)
        fields = written[form_words.FIELDS]
        shape.is_broken = fields is None
        self._fields(shape, fields or (), RESERVED_TOP_LEVEL)

    def _extend(self, declared: Declared, built_in: Mapping[str, Declared]) -> None:
        if declared.id not in built_in:
            self.reading.report(
                BUILT_IN_FORM,
                declared.id_node,
                label(zh=f"`{declared.id}` 不是内置表单", en=f"`{declared.id}` is not a built-in form"),
                label(
                    zh="只能扩展 `user` 和 `department`", en="only `user` and `department` can be extended"
                ),
            )
        elif declared.written is not None:
            shape = self.shapes[declared.id]
            self._fields(
                shape, declared.written[form_words.FIELDS] or (), RESERVED_TOP_LEVEL | shape.fields.keys()
            )

    def _fields(
        self, shape: FormShape, fields: Iterable[tuple[ScalarNode, Written]], reserved: Iterable[str]
    ) -> None:
        reserved = frozenset(reserved)
        for id_node, written in fields:
            name = id_node.text
            if not check_id(id_node, self.reading):
                shape.fields[name] = FieldShape(id=name, field=None)
                continue
            is_number = name == "number" and shape.has_number
            if name in reserved or name in RESERVED_WORDS or is_number:
                self._report_reserved(id_node)
                if name in shape.fields:
                    continue
                shape.fields[name] = FieldShape(id=name, field=None)
                continue
            shape.fields[name] = FieldShape(
                id=name, field=self._field(shape, name, written, id_node), written=written, id_node=id_node
            )

    def _report_reserved(self, id_node: ScalarNode) -> None:
        self.reading.report(
            RESERVED_NAME,
            id_node,
            label(zh=f"`{id_node.text}` 是保留名称", en=f"the name `{id_node.text}` is reserved"),
            label(zh="换一个标识，`label` 不受影响", en="choose another id; the label may stay"),
        )

    def _field(self, shape: FormShape, name: str, written: Written, id_node: ScalarNode) -> Field | None:
        target = written.extra.get("to")
        if target is not None and isinstance(target[1], ScalarNode) and not _TARGET.fullmatch(target[1].text):
            # Probably what people call the form; looked up once all forms are known.
            self.odd_targets.append(target[1])
            return None
        typed = read_type(written, self.catalog, self.settings, self.reading)
        type_node = written[words.TYPE]
        if type_node is not None and type_node.text == "lines":
            rows = self._lines(shape, name, written, id_node)
            if typed is not None:
                typed = replace(typed, options=typed.options.model_copy(update={"form": rows}))
        elif words.FIELDS in written and type_node is not None:
            known = [key for key in words.FIELD.by_name if key != "fields"]
            report_unknown_key(
                self.reading,
                written.key_of(words.FIELDS),
                known,
                label(zh="字段", en=f"{type_node.text} field"),
            )
        if typed is None or type_node is None:
            return None
        span = id_node.span
        return Field(
            id=name,
            type=type_node.text,
            options=typed.options,
            value_type=typed.type.value_type(typed.options),
            label=written[words.LABEL_] or readable(name),
            help=written[words.HELP],
            placeholder=written[words.PLACEHOLDER],
            required=written.flag(words.REQUIRED),
            readonly=written.flag(words.READONLY),
            unique=written.flag(words.UNIQUE),
            index=written.flag(words.INDEX),
            set_once=written.flag(words.SET_ONCE),
            no_copy=written.flag(words.NO_COPY),
            editable=written.flag(words.EDITABLE),
            mask=written[words.MASK],
            pii=written.flag(words.PII),
            width=written[words.WIDTH],
            renamed_from=written[words.RENAMED_FROM],
            origin=Origin(path=span.path, line=span.line, column=span.column),
        )

    def _lines(self, parent: FormShape, name: str, written: Written, id_node: ScalarNode) -> str:
        form_id = f"{parent.id}.{name}"
        if "__" in name or len(form_id) > MAX_TABLE_NAME:
            self._report_reserved(id_node)
        shape = FormShape(
            id=form_id,
            label=written[words.LABEL_] or readable(name),
            parent=parent.id,
            declared=parent.declared,
            is_built_in=parent.is_built_in,
        )
        self.shapes[form_id] = shape
        parent.collections[name] = Collection(
            id=name, form=form_id, via=parent.id.rsplit(".", 1)[-1], is_lines=True
        )
        if parent.parent is not None:
            shape.is_broken = True
            self.reading.report(
                NOT_SUPPORTED_YET,
                written.value_of(words.TYPE),
                label(zh="明细里不能再有明细", en="lines within lines are not supported yet in this version"),
            )
            return form_id
        for field in self.system.of_lines(parent.id, parent.label):
            shape.fields[field.id] = FieldShape(id=field.id, field=field)
        if words.FIELDS not in written:
            shape.is_broken = True
            self.reading.report(
                MISSING_KEY,
                id_node,
                label(zh=f"明细 `{name}` 缺少 `fields`", en=f"the lines `{name}` have no `fields`"),
                label(zh="加上 `fields:`", en="add `fields:`"),
            )
            return form_id
        fields = MapOf(Nested(words.FIELD)).read(written.value_of(words.FIELDS), self.reading)
        if fields is None:
            shape.is_broken = True
            return form_id
        self._fields(shape, fields, RESERVED_LINES | {parent.id.rsplit(".", 1)[-1]})
        return form_id

    def _state_fields(self) -> None:
        for declared in self.named.of("workflow").values():
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
            shape.states = {**shape.states, name: tuple(states)}

    def _lost_state(self, form: FormShape | None, name: str) -> None:
        """Let the state of a broken workflow be known on its form, or on all where even that is unknown."""
        for shape in self.shapes.values() if form is None else (form,):
            if shape.parent is None and not shape.is_built_in and name not in shape.collections:
                shape.fields.setdefault(name, FieldShape(id=name, field=None))

    def _references(self) -> None:
        """Look up what references refer to, and give the target its reverse collections."""
        labels = {form.label.get(self.reading.language, ""): form.id for form in self.shapes.values()}
        self._lost_references()
        for node in self.odd_targets:
            report_unknown(self.reading, node, "form", self.shapes, labels=labels)
        for shape in list(self.shapes.values()):
            for each in shape.fields.values():
                if each.field is None:
                    self._reverse_of_broken(shape, each)
                    continue
                if not isinstance(each.field.value_type, Record) or each.written is None:
                    continue
                target = self.shapes.get(each.field.value_type.form)
                to = each.written.extra.get("to")
                if target is None and self._is_lost(each.field.value_type.form):
                    each.field = None
                elif target is None:
                    assert to is not None
                    assert isinstance(to[1], ScalarNode)
                    report_unknown(self.reading, to[1], "form", self.shapes, labels=labels)
                    each.field = None
                elif target.is_broken:
                    each.field = None
                else:
                    self._reverse(shape, each, target)

    def _reverse_of_broken(self, shape: FormShape, each: FieldShape) -> None:
        """Let the reverse name of a reference be known whose other options are wrong."""
        to = None if each.written is None else each.written.extra.get("to")
        target = self.shapes.get(to[1].text) if to is not None and isinstance(to[1], ScalarNode) else None
        if target is not None:
            self._reverse(shape, each, target)

    def _lost_references(self) -> None:
        """Let the reverse names of forms that could not be read be known, wherever they may belong."""
        for declared in self.named.of("form").values():
            if declared.written is None:
                for name in declared.facts.get("reverse", "").split():
                    for shape in self.shapes.values():
                        if name not in shape.fields:
                            collection = Collection(id=name, form=declared.id, via="id", is_lines=False)
                            shape.collections.setdefault(name, collection)

    def _is_lost(self, form: str) -> bool:
        """Whether a name belongs to the lines of a form that could not be read."""
        root = self.shapes.get(form.split(".", 1)[0])
        return root is not None and root.is_broken

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


def _state_label(name: str) -> Label:
    return label(zh="状态", en="Status") if re.fullmatch(r"status|state", name) else readable(name)
