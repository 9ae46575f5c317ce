"""Reading what the compiler made of an action's words, by the shapes that `Word` promises."""

from collections.abc import Mapping
from typing import cast, get_args

from orderkit.model.expressions.nodes import Expression
from orderkit.model.people import Who
from orderkit.model.workflow.actions import ActionBranch, Delay, ParallelActions, Selection
from orderkit.model.workflow.workflows import Action


def text(options: Mapping[str, object], word: str) -> str:
    """Return a text or an id."""
    found = options[word]
    assert isinstance(found, str), word
    return found


def texts(options: Mapping[str, object], word: str) -> tuple[str, ...]:
    """Return texts; none when the word is absent."""
    found = options.get(word, ())
    assert isinstance(found, tuple), word
    return found


def who(options: Mapping[str, object], word: str) -> Who:
    """Return who is named."""
    found = options[word]
    assert isinstance(found, get_args(Who)), word
    return cast("Who", found)


def expression(options: Mapping[str, object], word: str) -> Expression | None:
    """Return an expression or a template; None when the word is absent."""
    found = options.get(word)
    assert found is None or isinstance(found, get_args(Expression)), word
    return cast("Expression | None", found)


def assignments(options: Mapping[str, object], word: str) -> tuple[tuple[str, Expression], ...]:
    """Return fields with what they get, in the order written; none when the word is absent."""
    found = options.get(word, ())
    assert isinstance(found, tuple), word
    return found


def actions(options: Mapping[str, object], word: str) -> tuple[Action, ...]:
    """Return further actions; none when the word is absent."""
    found = options.get(word, ())
    assert isinstance(found, tuple), word
    return found


def selection(options: Mapping[str, object], word: str) -> Selection:
    """Return which records are meant."""
    found = options[word]
    assert isinstance(found, Selection), word
    return found


def branches(options: Mapping[str, object], word: str) -> tuple[ActionBranch, ...]:
    """Return branches in the order written."""
    found = options[word]
    assert isinstance(found, tuple), word
    return found


def parallel(options: Mapping[str, object], word: str) -> ParallelActions:
    """Return what runs beside each other."""
    found = options[word]
    assert isinstance(found, ParallelActions), word
    return found


def delay(options: Mapping[str, object], word: str) -> Delay:
    """Return how long to wait."""
    found = options[word]
    assert isinstance(found, Delay), word
    return found
