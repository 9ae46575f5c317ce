"""What a value that the compiler reads later is meant as: an expression, a template, people, an action.

Readers of `readers` carry such a meaning, so that schemas and reference pages can say how a key is read.
"""

from enum import Enum

from orderkit.model.labels import Label, label


class Meaning(Enum):
    """How the place of a value reads it; the value is what people are told."""

    NAME = label(zh="名称", en="a name")
    TEXT = label(zh="文字", en="a text")
    EXPRESSION = label(zh="表达式", en="an expression")
    TEMPLATE = label(zh="模板", en="a template")
    VALUE = label(zh="值", en="a value")
    WHO = label(zh="人员", en="people")
    DO_ACTION = label(zh="同一事务中的动作", en="an action of the transaction")
    AFTER_ACTION = label(zh="提交后的动作", en="an action after it")

    @property
    def text(self) -> Label:
        """What people are told."""
        return self.value
