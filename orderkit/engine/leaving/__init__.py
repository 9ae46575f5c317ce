"""Letting somebody go: what they hold goes to a successor, and they can come in no more, in one transaction."""

from orderkit.engine.leaving.holdings import Holding, holdings_of, undecided_tasks
from orderkit.engine.leaving.letting_go import LetGo, id_of_login, let_go, successor_named, take_back

__all__ = [
    "Holding",
    "LetGo",
    "holdings_of",
    "id_of_login",
    "let_go",
    "successor_named",
    "take_back",
    "undecided_tasks",
]
