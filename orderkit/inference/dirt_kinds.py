"""What may be wrong with the cells of a client: one kind each, with what to say of it."""

from dataclasses import dataclass
from enum import Enum

from orderkit.model.labels import Label, label


class DirtKind(Enum):
    """The kinds, most urgent first. `stops_import`: the import refuses such a cell, or reads another meaning into it."""

    NO_TABLE = ("no_table", True, label(zh="没有找到标题行和数据", en="no headings with rows below them"))
    REPEATED_HEADING = (
        "repeated_heading",
        True,
        label(zh="标题重复，该列没有读取", en="a heading that stands twice; the column is left out"),
    )
    UNNAMED_COLUMN = (
        "unnamed_column",
        True,
        label(zh="没有标题的列，没有读取", en="a column without a heading; it is left out"),
    )
    UNFIT = ("unfit", True, label(zh="不符合字段类型", en="does not fit the type"))
    DUPLICATE_KEY = ("duplicate_key", True, label(zh="编号重复", en="a key that stands twice"))
    LOST_REFERENCE = ("lost_reference", True, label(zh="引用的记录不存在", en="refers to nothing"))
    AMBIGUOUS_DATE = (
        "ambiguous_date",
        True,
        label(zh="日期分不清日和月", en="a date whose day and month cannot be told apart"),
    )
    DIFFERING_HEAD = (
        "differing_head",
        False,
        label(zh="同一单据内的值不一致", en="differs within one document"),
    )
    NEARLY_DOCUMENT = (
        "nearly_document",
        False,
        label(
            zh="像单号，但同一单号内的内容不一致，因此没有合并成单据",
            en="looks like the number of documents, whose rows contradict each other; kept row by row",
        ),
    )
    CHOICE_VARIANT = (
        "choice_variant",
        False,
        label(zh="同一选项的不同写法", en="another spelling of an option"),
    )
    NUMBER_AS_TEXT = ("number_as_text", False, label(zh="存成文本的数字", en="a number kept as text"))
    DATE_AS_TEXT = ("date_as_text", False, label(zh="存成文本的日期", en="a date kept as text"))
    TOTAL_ROW = ("total_row", False, label(zh="合计行，不会导入", en="a row of totals; it is not imported"))
    NO_KEY = (
        "no_key",
        False,
        label(
            zh="没有能认出记录的列：重复导入会重复新建",
            en="no column tells rows apart: importing twice makes records twice",
        ),
    )
    EMPTY_COLUMN = ("empty_column", False, label(zh="空列", en="an empty column"))

    def __init__(self, word: str, stops_import: bool, words: Label) -> None:  # noqa: FBT001 - a row of the table above
        self.word = word
        self.stops_import = stops_import
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One cell. `cell` is its name, as Excel shows it."""

    file: str
    sheet: str
    cell: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirt:
    """One kind of fault in one column: how many cells have it, and the first of them."""

    kind: DirtKind
    files: tuple[str, ...]
    sheet: str
    heading: str
    count: int
    examples: tuple[Example, ...]
    expected: Label | None = None
