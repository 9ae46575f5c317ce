"""References to several users."""

from typing import Any

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Rejects
from orderkit.fields.many import Many
from orderkit.fields.user import TYPE as USER
from orderkit.model.expressions.types import Many as ManyType
from orderkit.model.expressions.types import Record
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel


class UsersOptions(OptionModel):
    """A users field has no options of its own."""


class Users(Many[UsersOptions]):
    """People of the system, kept as their ids in the order given."""

    name = "users"
    label = bilingual(zh="多个人员", en="Users")
    description = bilingual(
        zh="几个系统用户，如关注人", en="Several people of the system, such as those who watch"
    )
    column = ColumnKind.REFERENCES
    reader = "references"
    Options = UsersOptions
    examples = (
        Accepts("3, 1, 3", (3, 1), "3、1"),
        Accepts("7", (7,), "7"),
        Accepts("", None, ""),
        Rejects("张三"),
        Rejects("1, -1"),
    )

    def value_type(self, options: UsersOptions) -> ManyType:
        """Return several of them."""
        return ManyType(Record("user"))

    def item(self, options: UsersOptions) -> FieldType[Any]:
        """Return the type of one of them."""
        return USER


TYPE = Users()
