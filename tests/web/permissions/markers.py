"""Values that stand nowhere else, so that an answer betrays whose they are.

Every text is a word of its own, every number and day is unlike all others. What of them stands in an
answer is found again, whatever the answer is: a page, a document of the API, a sheet.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import httpx2
from python_calamine import CalamineWorkbook

from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import ids_in
from orderkit.model.rights import Right
from tests.web.permissions.oracle import Memory, Sight, paths_of

_WORD = re.compile(r"zq\d{5}x")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_DAY = re.compile(r"20[4-9]\d-\d\d-\d\d")
_FIRST_DAY = date(2040, 1, 1)
_ENOUGH_DIGITS = 6
"""Shorter numbers stand in an answer by chance: ids, counts, years."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A field of a record, in whatever row of its lines."""

    form: str
    id: int
    path: str


@dataclass
class Mint:
    """Makes values that nothing else has. Words with a smaller number are those of `number:` templates."""

    made: int = 50_000
    days: int = 0

    def word(self) -> str:
        self.made += 1
        return f"zq{self.made}x"

    def number(self, scale: int = 2) -> Decimal:
        """Return a number of so many decimals; no sum of a few of them is another."""
        self.made += 1
        return Decimal(f"{self.made * 7919 % 899_981 + 100_000}{self.made % 97 + 1:0{scale}}").scaleb(-scale)

    def integer(self) -> int:
        self.made += 1
        return self.made * 7919 % 899_981 + 100_000

    def day(self) -> date:
        self.days += 1
        return _FIRST_DAY + timedelta(days=self.days * 3)


@dataclass
class Markers:
    """Which cells each marker stands for.

    `memory` holds the records in the bin too, as if they were there; `gone` says which those are.
    """

    memory: Memory
    gone: frozenset[tuple[str, int]] = frozenset()
    cells: dict[str, set[Cell]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for cell, value in self.all_values():
            for token in tokens_of(value):
                self.cells[token].add(cell)

    def all_values(self) -> Iterator[tuple[Cell, Scalar]]:
        """Yield every value there is, with whose it is."""
        for form in self.memory.shown_forms:
            for path in paths_of(self.memory.project, form):
                for record_id in self.memory.tables[form.id]:
                    for value in self.values(form.id, record_id, path.text):
                        yield Cell(form.id, record_id, path.text), value

    def add(self, token: str, form: str, record_id: int, path: str) -> None:
        """Say of a marker that is no value whose it is: words of a comment, the name of a file."""
        self.cells[token].add(Cell(form, record_id, path))

    def values(self, form: str, record_id: int, path: str) -> Iterator[Scalar]:
        """Yield the values of a field: one, or one for each row of lines."""
        collection, _, inner = path.partition(".")
        if not inner:
            if self.memory.project.form_by_id[form].by_id[path].type != "lines":
                yield self.memory.value(form, record_id, path)
            return
        row = self.memory.row(form, record_id)
        assert row is not None
        for each in row.rows(collection):
            yield each.get(inner)

    def is_computed(self, cell: Cell) -> bool:
        """Return whether a value follows from others."""
        top = cell.path.partition(".")[0]
        field = self.memory.project.form_by_id[cell.form].by_id.get(top)
        return field is not None and field.is_derived

    def permitted(self, sight: Sight, revived: Sight) -> frozenset[str]:
        """Return what may stand in answers to a person: what they see, and titles of what is referred to there.

        `revived` is the same person before the records of the bin as if they were there.
        """
        found = {
            token
            for token, cells in self.cells.items()
            if any(
                self._sees(revived if (cell.form, cell.id) in self.gone else sight, cell) for cell in cells
            )
        }
        for title in self._titles(sight, revived):
            found |= self.found_in(title)
        return frozenset(found)

    def _sees(self, sight: Sight, cell: Cell) -> bool:
        """Return whether a person sees a cell as it is; path `*` is what everybody sees who reads the record.

        What is in the bin is seen by those who might read and delete it.
        """
        if not sight.reads(cell.form, cell.id):
            return False
        if (cell.form, cell.id) in self.gone and not sight.deletes(cell.form, cell.id):
            return False
        return cell.path == "*" or sight.sees(cell.form, cell.id, cell.path) is Right.READ

    def _titles(self, sight: Sight, revived: Sight) -> Iterator[str]:
        memory = self.memory
        for form in memory.shown_forms:
            for record_id in memory.tables[form.id]:
                eyes = revived if (form.id, record_id) in self.gone else sight
                if not eyes.reads(form.id, record_id):
                    continue
                yield memory.title(form.id, record_id)
                for path in paths_of(memory.project, form):
                    target = path.field.target
                    if target is None or eyes.sees(form.id, record_id, path.text) is not Right.READ:
                        continue
                    for value in self.values(form.id, record_id, path.text):
                        yield from (memory.title(target, each) for each in ids_in(value))

    def found_in(self, text: str) -> set[str]:
        """Return the markers that stand in a text."""
        return {each for each in _tokens(text) if each in self.cells}


def tokens_of(value: Scalar) -> Iterable[str]:
    """Return by what a value is recognised."""
    if isinstance(value, bool):
        return ()
    if isinstance(value, str | Decimal | int):
        return tuple(_tokens(str(value)))
    if isinstance(value, date):
        return tuple(_DAY.findall(value.isoformat()[:10]))
    return ()


def _tokens(text: str) -> Iterator[str]:
    yield from _WORD.findall(text)
    yield from _DAY.findall(text)
    for found in _NUMBER.findall(text):
        for part in {found.replace(",", ""), *found.split(",")}:
            whole, _, decimals = part.partition(".")
            token = f"{whole.lstrip('0')}.{decimals.rstrip('0')}".rstrip(".")
            if sum(each.isdigit() for each in token) >= _ENOUGH_DIGITS:
                yield token


def without_days(text: str) -> str:
    """Return a text without its days: a calendar says all of its own."""
    return _DAY.sub("", text)


def text_of_answer(answer: httpx2.Response) -> str:
    """Return all that an answer says, the cells of a workbook too."""
    head = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    if answer.content.startswith(b"PK"):
        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return f"{head} {' '.join(str(each) for row in rows for each in row)}"
    return f"{head} {answer.text}"
