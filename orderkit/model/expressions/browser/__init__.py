"""Expressions for the browser: which of them it can answer by itself, and the tree that it walks.

The evaluator itself is `frontend/src/expressions`.
"""

from orderkit.model.expressions.browser.locality import FUNCTIONS, OnPage, is_local, page_of
from orderkit.model.expressions.browser.trees import browser_tree
from orderkit.model.expressions.browser.values import browser_calendar, browser_value

__all__ = [
    "FUNCTIONS",
    "OnPage",
    "browser_calendar",
    "browser_tree",
    "browser_value",
    "is_local",
    "page_of",
]
