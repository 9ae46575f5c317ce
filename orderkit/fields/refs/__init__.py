"""References to several records."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Rejects
from orderkit.fields.many import Many
from orderkit.fields.ref import TYPE as REF
from orderkit.model.expressions.types import Many as ManyType
from orderkit.model.expressions.types import Record
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel


class RefsOptions(OptionModel):
    """`to` names a form. What is deleted leaves the list with `on_delete: clear`."""

    to: Annotated[str, About("引用的表单", "the form whose records are referred to", "product")] = Field(
        pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
    )
    on_delete: Annotated[
        Literal["refuse", "clear"],
        About("被引用的记录删除时", "what happens when one of the records is deleted", "clear"),
    ] = "refuse"


class Refs(Many[RefsOptions]):
    """Records of one other form, kept as their ids in the order given."""

    name = "refs"
    label = bilingual(zh="多个引用", en="References")
    description = bilingual(
        zh="另一张表单的多条记录，如适用产品", en="Several records of another form, such as products"
    )
    column = ColumnKind.REFERENCES
    reader = "references"
    Options = RefsOptions
    example_options: ClassVar[dict[str, object]] = {"to": "product"}
    examples = (
        Accepts("3, 1, 3", (3, 1), "3、1"),
        Accepts("7", (7,), "7"),
        Accepts("", None, ""),
        Rejects("甲公司"),
        Rejects("1, -1"),
    )

    def value_type(self, options: RefsOptions) -> ManyType:
        """Return several of them."""
        return ManyType(Record(options.to))

    def item(self, options: RefsOptions) -> FieldType[Any]:
        """Return the type of one of them."""
        return REF


TYPE = Refs()
