"""How much one printing may do: steps, characters and seconds, so that no template stops the server."""

import time
from collections.abc import Callable, Iterable, Sized

from jinja2.exceptions import SecurityError

from orderkit.model.labels import Label, label

MOST_STEPS = 1_000_000
MOST_CHARACTERS = 20_000_000
MOST_SECONDS = 30.0
LONGEST_TEXT = 100_000
MOST_HELD = 200_000
LARGEST_NUMBER = 10**30


class Exceeded(SecurityError):
    """More than one printing may do."""

    def __init__(self, why: Label) -> None:
        super().__init__(why["en"])
        self.why = why


_STEPS = label(zh="模板要做的步骤太多，或花的时间太长", en="the template takes too many steps, or too long")
_CHARACTERS = label(zh="单据的内容太多", en="the document becomes too large")
_TEXT = label(zh="一段文字太长", en="a text becomes too long")
_ROWS = label(zh="一个列表太大", en="a list becomes too large")
_NUMBER = label(zh="一个数太大", en="a number becomes too large")


class Bounds:
    """What one printing has used up so far. Whatever goes past a bound raises Exceeded."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + MOST_SECONDS
        self._steps = 0
        self._characters = 0

    def step(self, count: int = 1) -> None:
        """Count steps."""
        self._steps += count
        if self._steps > MOST_STEPS or self._clock() > self._end:
            raise Exceeded(_STEPS)

    def text(self, value: str) -> None:
        """Count what is written."""
        self.step()
        self._characters += len(value)
        if self._characters > MOST_CHARACTERS:
            raise Exceeded(_CHARACTERS)

    def rows(self, values: Iterable[object]) -> list[object]:
        """Return what a loop goes through, counted."""
        if isinstance(values, Sized):
            self.step(len(values))
            return list(values)
        found = []
        for each in values:
            self.step()
            found.append(each)
        return found

    def fits(self, length: int) -> None:
        """Refuse a text of this length, if it is too long to be held."""
        self.step()
        if length > LONGEST_TEXT:
            raise Exceeded(_TEXT)

    def _weigh(self, value: list[object] | tuple[object, ...] | dict[object, object]) -> None:
        """Refuse a collection that holds too much: what a list holds twice counts twice, as it would be written."""
        weight, waiting = 0, [value]
        while waiting:
            some = waiting.pop()
            for each in some.values() if isinstance(some, dict) else some:
                weight += len(each) + 1 if isinstance(each, str) else 1
                if weight > MOST_HELD:
                    raise Exceeded(_ROWS)
                if isinstance(each, list | tuple | dict):
                    waiting.append(each)
        self.step(weight // 10)

    def held(self, value: object) -> object:
        """Return a value that is not too large to be held."""
        if isinstance(value, str):
            self.fits(len(value))
        elif isinstance(value, list | tuple | dict):
            self._weigh(value)
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise Exceeded(_NUMBER)
        return value
