"""Expressions and templates: from text to the model's typed tree, with every problem at its place.

`check_expression` and `check_template` are all that the compiler needs; a `Scope` says what a place
provides. Nothing is ever evaluated here; see `orderkit.model.expressions.evaluation`.
"""

from orderkit.language.expressions.checking import Checked, check_expression
from orderkit.language.expressions.emptiness import may_be_empty
from orderkit.language.expressions.glossary import FUNCTION_WORDS, GLOSSARY, FunctionWord
from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.problems import Problem
from orderkit.language.expressions.scope import FieldScope, FormScope, Scope
from orderkit.language.expressions.syntax.parsing import Parsed, parse
from orderkit.language.expressions.syntax.printing import printed
from orderkit.language.expressions.templates import check_template

__all__ = [
    "FUNCTION_WORDS",
    "GLOSSARY",
    "Checked",
    "FieldScope",
    "FormScope",
    "FunctionWord",
    "Parsed",
    "Problem",
    "Scope",
    "check_expression",
    "check_template",
    "may_be_empty",
    "parse",
    "printed",
    "type_name",
]
