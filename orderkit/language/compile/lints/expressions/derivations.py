"""Lints over what fields are derived from: no circles, nothing stored that rests on the clock."""

from collections.abc import Mapping

from orderkit.language.compile.lints.dependencies import fields_read
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec.parts import field as words
from orderkit.model.forms import Field
from orderkit.model.labels import label

CIRCLE = Code(
    "OK3201",
    "circular-derivation",
    ERROR,
    since="0.1",
    explain="""
    Fields are worked out from each other in a circle, so none of them has a value.
    ~~~yaml bad
    form: order
    fields: {net: {type: money, compute: gross - 1}, gross: {type: money, compute: net + 1}}
    ~~~
    ~~~yaml good
    form: order
    fields: {net: {type: money}, gross: {type: money, compute: net + 1}}
    ~~~""",
    zh="几个字段互相依赖成环，谁也算不出来。",
)
STORED_FROM_VIRTUAL = Code(
    "OK3202",
    "stored-from-virtual",
    ERROR,
    since="0.1",
    explain="""
    A `compute` reads a `virtual` field, whose value may change without anybody writing: what is stored would
    go stale.
    ~~~yaml bad
    form: order
    fields:
      need_by: {type: date}
      late: {type: boolean, virtual: need_by < today()}
      urgent: {type: boolean, compute: late}
    ~~~
    ~~~yaml good
    form: order
    fields:
      need_by: {type: date}
      late: {type: boolean, virtual: need_by < today()}
      urgent: {type: boolean, virtual: late}
    ~~~""",
    zh="`compute` 用到了 `virtual` 字段，后者会在没有人修改时变化，保存的结果就过时了。",
)

Name = tuple[str, str]


def check_derivations(lowering: Lowering) -> None:
    """Report circles of derived fields, and stored fields that rest on virtual ones."""
    derived: dict[Name, Field] = {
        (form.id, field.id): field
        for form in lowering.forms.values()
        for field in form.fields
        if field.is_derived
    }
    reads: dict[Name, list[Name]] = {}
    for name, field in derived.items():
        expression = field.compute or field.virtual
        assert expression is not None
        reads[name] = sorted({read for read in fields_read(expression) if read in derived})
        if field.compute is not None:
            for read in reads[name]:
                if derived[read].virtual is not None:
                    _report_virtual(lowering, name, read)
    _report_circles(lowering, reads)


def _place(lowering: Lowering, name: Name) -> ScalarNode | None:
    written = lowering.compilation.shapes[name[0]].fields[name[1]].written
    key = None if written is None else words.COMPUTE if words.COMPUTE in written else words.VIRTUAL
    node = None if written is None or key is None else written.value_of(key)
    return node if isinstance(node, ScalarNode) else None


def _report_virtual(lowering: Lowering, name: Name, read: Name) -> None:
    node = _place(lowering, name)
    if node is not None:
        lowering.reading.report(
            STORED_FROM_VIRTUAL,
            node,
            label(
                zh=f"`{name[1]}` 是保存的值，却用到了读取时才算的 `{read[1]}`",
                en=f"`{name[1]}` is stored, but reads the virtual field `{read[1]}`",
            ),
            label(zh="改成 `virtual`", en="make it `virtual`"),
        )


def _report_circles(lowering: Lowering, reads: Mapping[Name, list[Name]]) -> None:
    """Report each circle once, at the first of its fields by name. Depth first, without recursion."""
    done: set[Name] = set()
    for start in sorted(reads):
        path: list[Name] = []
        on_path: set[Name] = set()
        stack: list[tuple[Name, bool]] = [(start, False)]
        while stack:
            name, is_left = stack.pop()
            if is_left:
                path.pop()
                on_path.discard(name)
                done.add(name)
            elif name in on_path:
                _report_circle(lowering, path[path.index(name) :])
            elif name not in done:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack += [(read, False) for read in reversed(reads.get(name, []))]


def _report_circle(lowering: Lowering, circle: list[Name]) -> None:
    first = circle.index(min(circle))
    circle = circle[first:] + circle[:first]
    nodes = [_place(lowering, name) for name in circle]
    if nodes[0] is None:
        return
    shown = " → ".join(f"`{form}.{field}`" for form, field in [*circle, circle[0]])
    lowering.reading.report(
        CIRCLE,
        nodes[0],
        label(zh=f"字段互相计算，形成循环：{shown}", en=f"fields are worked out in a circle: {shown}"),
        label(zh="让其中一个不再由别的字段计算", en="let one of them not be worked out from the others"),
        notes=[
            Note(
                text=label(zh=f"`{name[1]}` 在这里计算", en=f"`{name[1]}` is worked out here"), span=node.span
            )
            for name, node in zip(circle[1:], nodes[1:], strict=True)
            if node is not None
        ],
    )
