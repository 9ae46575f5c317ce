"""References to records of a form."""

from typing import Annotated

from pydantic import Field

from orderkit.fields.field_type import Accepts, ColumnKind, Rejects
from orderkit.fields.numbered import Numbered
from orderkit.model.expressions.types import Record
from orderkit.model.forms import OnDelete
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel


class RefOptions(OptionModel):
    """`to` names the form (`customer`, `order.lines`); `reverse` the collection on its side.

    `cascade` is for the rows of `lines` only, whose reference to the parent the compiler makes.
    """

    to: Annotated[
        str, About("引用的表单或明细", "the form, or its lines, that is referred to", "customer")
    ] = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
    reverse: Annotated[
        str | None, About("对方一侧的集合名", "what the collection is called on its side", "orders")
    ] = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    on_delete: Annotated[
        OnDelete, About("被引用的记录删除时", "what happens when the record is deleted", "clear")
    ] = "refuse"


class Ref(Numbered[RefOptions]):
    """A record of another form, kept as its id."""

    name = "ref"
    label = bilingual(zh="引用", en="Reference")
    description = bilingual(
        zh="另一张表单的记录，如客户、产品", en="A record of another form, such as a customer"
    )
    column = ColumnKind.REFERENCE
    Options = RefOptions
    example_options = {"to": "customer"}
    examples = (
        Accepts("12", 12, "12"),
        Accepts("", None, ""),
        Rejects("甲公司"),
        Rejects("-1"),
        Rejects("0"),
    )

    def value_type(self, options: RefOptions) -> Record:
        """Return a record of the form."""
        return Record(options.to)


TYPE = Ref()
