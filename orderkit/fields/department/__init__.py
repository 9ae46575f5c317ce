"""References to departments."""

from orderkit.fields.field_type import Accepts, ColumnKind, Rejects
from orderkit.fields.numbered import Numbered
from orderkit.model.expressions.types import Record
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel


class DepartmentOptions(OptionModel):
    """A department field has no options of its own."""


class Department(Numbered[DepartmentOptions]):
    """A department of the company, kept as its id."""

    name = "department"
    label = bilingual(zh="部门", en="Department")
    description = bilingual(zh="公司的部门，如责任部门", en="A department, such as the one in charge")
    column = ColumnKind.REFERENCE
    Options = DepartmentOptions
    examples = (Accepts("3", 3, "3"), Accepts("", None, ""), Rejects("销售部"))

    def value_type(self, options: DepartmentOptions) -> Record:
        """Return a department."""
        return Record("department")


TYPE = Department()
