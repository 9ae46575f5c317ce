"""What stands where on the sheets of a document: the boxes that WeasyPrint lays out, in millimetres from the corner."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from weasyprint import HTML
from weasyprint.formatting_structure import boxes
from weasyprint.urls import URLFetcher

from orderkit.engine.printing import printable
from orderkit.web.printing.drawing import parts_of, title_of
from orderkit.web.printing.sheets import documents
from tests.support.office import Office

_PIXEL = 25.4 / 96
_NEAR = 0.3
APART_MM = 2.0
"""How far a box may stand from where it stood: fonts differ a little from machine to machine."""


@dataclass(frozen=True, slots=True)
class Box:
    """A run of text, or a picture."""

    x: float
    y: float
    width: float
    height: float
    text: str
    is_picture: bool = False

    def overlaps(self, other: "Box") -> bool:
        """Return whether letters of two boxes meet: a box is as high as its font, its letters are two thirds of that."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return width > _NEAR and height > min(self.height, other.height) / 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with its boxes from top to bottom."""

    width: float
    height: float
    boxes: tuple[Box, ...]

    @property
    def texts(self) -> list[Box]:
        return [each for each in self.boxes if not each.is_picture]

    def of(self, text: str) -> Box:
        """Return the first box with this text in it."""
        return next(each for each in self.boxes if text in each.text)

    def lines(self) -> Iterator[str]:
        """Yield its lines: how far down, then what stands there, each with its place and width."""
        for y, some in groupby(self.boxes, key=lambda each: round(each.y)):
            told = (f"[{each.x:.0f}+{each.width:.0f}] {each.text}" for each in some)
            yield f"{y:>3}  " + "  ".join(told)


def sheets_of(office: Office, login: str, form: str, document: str, ids: Sequence[int]) -> list[Sheet]:
    """Return the sheets that somebody is given as PDF."""
    with office.look(login) as unit:
        printed = printable(unit, form, document, ids)
        html = documents(
            printed.document, parts_of(unit, printed), title=title_of(unit, printed), locale=unit.locale
        )
    return [sheet for each in html for sheet in laid_out(each)]


def laid_out(html: str) -> list[Sheet]:
    """Return the sheets of HTML."""
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return [
        Sheet(
            page.width * _PIXEL,
            page.height * _PIXEL,
            tuple(sorted(_boxes(page._page_box), key=lambda each: (round(each.y), each.x))),
        )
        for page in HTML(string=html, url_fetcher=fetcher).render().pages
    ]


def _boxes(page: boxes.Box) -> Iterator[Box]:
    for each in page.descendants(placeholders=True):
        box = getattr(each, "_box", each)
        is_picture = isinstance(box, boxes.ReplacedBox)
        text = "<picture>" if is_picture else re.sub(r"\s+", " ", getattr(box, "text", "") or "").strip()
        if (isinstance(box, boxes.TextBox) and text) or is_picture:
            place = (box.position_x, box.position_y, box.width, box.height)
            yield Box(*(round(float(length) * _PIXEL, 2) for length in place), text, is_picture)


def differences(now: Sequence[str], was: Sequence[str]) -> list[str]:
    """Return the lines that say something else, or whose boxes stand elsewhere by more than a little."""
    numbers = re.compile(r"^ *\d+|\[\d+\+\d+\]")

    def is_same(one: str, other: str) -> bool:
        places = [
            [int(n) for each in numbers.findall(line) for n in re.findall(r"\d+", each)]
            for line in (one, other)
        ]
        return numbers.sub("#", one) == numbers.sub("#", other) and all(
            abs(a - b) <= APART_MM for a, b in zip(*places, strict=True)
        )

    pairs = [(a, b) for a, b in zip(now, was, strict=False) if not is_same(a, b)]
    rest = [*now[len(was) :], *was[len(now) :]]
    return [f"now {a!r}, was {b!r}" for a, b in pairs] + rest
