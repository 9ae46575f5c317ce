"""The value of one cell, and the text that stands for it.

A number of an Excel file is a binary float; its 15 significant digits are what Excel shows and what
somebody once typed, so `125.43999999999998` is read as the exact decimal 125.44.
"""

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = None | str | bool | Decimal | date | time | timedelta
Row = tuple[Cell, ...]

_EXCEL_DIGITS = ".15g"


def number_cell(value: float) -> Decimal:
    """Return the exact decimal that a float of a workbook stands for."""
    return Decimal(format(value, _EXCEL_DIGITS))


def text_of(cell: Cell) -> str:
    """Return the text of a cell without blanks around it; an empty cell is ``."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case Decimal():
            return format(cell, "f")
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            minutes, seconds = divmod(int(cell.total_seconds()), 60)
            hours, minutes = divmod(minutes, 60)
            return f"{hours}:{minutes:02}:{seconds:02}"


def is_blank(row: Row) -> bool:
    """Whether nothing stands in the row."""
    return all(cell is None or cell == "" for cell in row)


def heading_key(text: str) -> str:
    """Return the form in which headings are compared: width, case, blanks and a `*` do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.replace("*", " ").split())


def column_letters(index: int) -> str:
    """Return the letters of a column, counted from 0: 0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_of(address: str) -> int:
    """Return the column of a cell's name, counted from 0: of `AA7` 26."""
    number = 0
    for letter in address.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def cell_address(row_number: int, column: int) -> str:
    """Return the name of a cell as Excel shows it. Rows count from 1, columns from 0."""
    return f"{column_letters(column)}{row_number}"
