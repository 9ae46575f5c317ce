"""Which sections a form's pages have: those of its layout, or else ones made of its fields."""

from orderkit.model.expressions.types import Number
from orderkit.model.forms import Field, Form, Section, SystemRole
from orderkit.model.labels import label

_MAIN = label(zh="基本信息", en="Basics")


def sections_of(form: Form) -> tuple[Section, ...]:
    """Return the sections in order; without a layout one of the fields, and one for each set of rows."""
    if form.layout:
        return form.layout
    own = [field for field in form.fields if field.system is SystemRole.NONE]
    plain = tuple(field.id for field in own if field.type != "lines")
    rows = [Section(label=field.label, fields=(field.id,)) for field in own if field.type == "lines"]
    return (Section(label=_MAIN, fields=plain, columns=3), *rows)


def is_total(field: Field) -> bool:
    """Return whether a field sums up rows: it then stands below them."""
    return field.is_derived and isinstance(field.value_type, Number)
