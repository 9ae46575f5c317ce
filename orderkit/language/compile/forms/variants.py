"""Templates of a form by the value of one choice field."""

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.options import report_unknown_option
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import form as words
from orderkit.model.expressions.types import Choice
from orderkit.model.forms import Variant
from orderkit.model.labels import label

NOT_A_CHOICE = Code(
    "OK3107",
    "variants-not-by-choice",
    ERROR,
    since="0.1",
    explain="""
    Variants are told apart by a choice field of the form.
    ~~~yaml bad
    form: order
    fields: {kind: {type: text}}
    variants: {by: kind}
    ~~~
    ~~~yaml good
    form: order
    fields: {kind: {type: choice, options: [standard, repair]}}
    variants: {by: kind, repair: {label: Repair}}
    ~~~""",
    zh="模板（variants）要按表单的一个单选字段区分。",
)


def lower_variants(
    lowering: Lowering, form: FormShape, written: Written
) -> tuple[str | None, tuple[Variant, ...]]:
    """Return the field that tells the variants apart, and the variants in the order written."""
    if words.VARIANTS not in written:
        return None, ()
    table = words.VARIANTS_WORDS.read(written.value_of(words.VARIANTS), lowering.reading)
    by = table[words.VARIANTS_BY]
    if by is None:
        return None, ()
    field = lowering.compilation.path(form, by)
    if field is None or field.field is None:
        return None, ()
    if not isinstance(field.type, Choice):
        lowering.reading.report(
            NOT_A_CHOICE, by, label(zh=f"`{by.text}` 不是单选字段", en=f"`{by.text}` is not a choice")
        )
        return None, ()
    variants = []
    for key, node in table.extra.values():
        if key.text not in field.type.options:
            report_unknown_option(lowering.reading, key, field)
            continue
        lowering.compilation.name_option(field, key)
        variant = words.VARIANT.read(node, lowering.reading)
        if not variant.is_broken:
            variants.append(_variant(lowering, form, key.text, variant))
    return by.text, tuple(variants)


def _variant(lowering: Lowering, form: FormShape, value: str, written: Written) -> Variant:
    return Variant(
        value=value,
        label=written[words.VARIANT_LABEL] or readable(value),
        hide=lowering.field_paths(form, written[words.VARIANT_HIDE]),
        require=lowering.field_paths(form, written[words.VARIANT_REQUIRE]),
        default=lowering.values.assignments(
            written[words.VARIANT_DEFAULT] or (), lowering.places.record(form.id), form
        ),
    )
