"""Letting somebody go: what they hold goes to a successor, and they can come in no more; and giving tasks to others."""

from orderkit.engine.leaving.holdings import Holding, holdings_of, undecided_tasks
from orderkit.engine.leaving.letting_go import LetGo, id_of_login, let_go, successor_named, take_back
from orderkit.engine.leaving.reassigning import MOST_TASKS, Reassigned, reassign_tasks

__all__ = [
    "MOST_TASKS",
    "Holding",
    "LetGo",
    "Reassigned",
    "holdings_of",
    "id_of_login",
    "let_go",
    "reassign_tasks",
    "successor_named",
    "take_back",
    "undecided_tasks",
]
