"""References to users."""

from orderkit.fields.field_type import Accepts, ColumnKind, Rejects
from orderkit.fields.numbered import Numbered
from orderkit.model.expressions.types import Record
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel


class UserOptions(OptionModel):
    """A user field has no options of its own."""


class User(Numbered[UserOptions]):
    """A person of the system, kept as the user's id."""

    name = "user"
    label = bilingual(zh="人员", en="User")
    description = bilingual(zh="系统用户，如业务员", en="A person of the system, such as the salesperson")
    column = ColumnKind.REFERENCE
    Options = UserOptions
    examples = (Accepts("3", 3, "3"), Accepts("", None, ""), Rejects("张三"))

    def value_type(self, options: UserOptions) -> Record:
        """Return a user."""
        return Record("user")


TYPE = User()
