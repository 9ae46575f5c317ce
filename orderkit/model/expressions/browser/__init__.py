"""Expressions for the browser: which of them it can answer by itself, and the tree that it walks.

The evaluator itself is `frontend/src/expressions`.
"""

from orderkit.model.expressions.browser.locality import FUNCTIONS, OnPage, is_local, page_of
from orderkit.model.expressions.browser.trees import browser_tree

__all__ = ["FUNCTIONS", "OnPage", "browser_tree", "is_local", "page_of"]
