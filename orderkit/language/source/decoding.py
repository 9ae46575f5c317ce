"""Bytes to text: UTF-8, and a clear word where a file is anything else."""

import re

from orderkit.language.findings import ERROR, WARNING, Code, Finding, Fix, Outcome, Span, TextEdit
from orderkit.language.source.text import SourceText
from orderkit.model.labels import label

MAX_BYTES = 4_000_000

EMPTY_FILE = Code(
    "OK1001",
    "empty-file",
    ERROR,
    since="0.1",
    explain="""
    A file holds nothing but blank lines and comments. Each file declares one object.
    ~~~yaml bad
    # a comment
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="文件里只有空行和注释。每个文件声明一个对象。",
)
FILE_TOO_LARGE = Code(
    "OK1002",
    "file-too-large",
    ERROR,
    since="0.1",
    explain="""
    A YAML file is larger than 4 MB. Data belongs into a spreadsheet with an `import`, not into YAML.""",
    zh="YAML 文件超过 4 MB。数据应放在表格里，用 `import` 导入，不要写进 YAML。",
)
NOT_UTF8 = Code(
    "OK1003",
    "not-utf8",
    ERROR,
    since="0.1",
    explain="""
    A file is not UTF-8. Editors on Windows may save as GBK or UTF-16; save it again as UTF-8.""",
    zh="文件不是 UTF-8。Windows 上的编辑器可能存成 GBK 或 UTF-16，请另存为 UTF-8。",
)
BYTE_ORDER_MARK = Code(
    "OK1004",
    "byte-order-mark",
    WARNING,
    since="0.1",
    explain="""
    A file begins with a byte-order mark, which some tools take for text. Save it as UTF-8 without BOM.""",
    zh="文件以字节顺序标记（BOM）开头，有些工具会把它当成文字。请存为不带 BOM 的 UTF-8。",
)
CONTROL_CHARACTER = Code(
    "OK1005",
    "control-character",
    ERROR,
    since="0.1",
    explain="""
    A file holds a character that cannot be seen, such as NUL or an unusual line break.""",
    zh="文件里有看不见的字符，如 NUL 或特殊的换行符。",
)

# YAML 1.2 knows only LF and CR as line breaks; the parser also takes U+0085, U+2028 and U+2029 for breaks.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def decode(path: str, data: bytes) -> Outcome[SourceText | None]:
    """Return the text of a file, or None where it cannot be read."""
    if len(data) > MAX_BYTES:
        return _refused(
            FILE_TOO_LARGE,
            path,
            zh=f"文件有 {len(data):,} 字节，超过 {MAX_BYTES:,} 字节",
            en=f"the file has {len(data):,} bytes, more than {MAX_BYTES:,}",
            help_zh="把数据放到表格里用 `import` 导入，或拆成几个文件",
            help_en="put the data into a spreadsheet and use `import`, or divide the file",
        )
    found: tuple[Finding, ...] = ()
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        found = (
            Finding(
                code=BYTE_ORDER_MARK,
                span=Span(path, 1, 1, 1, 2),
                headline=label(
                    zh="文件以字节顺序标记（BOM）开头", en="the file begins with a byte-order mark"
                ),
                help=label(zh="在编辑器里另存为“UTF-8（无 BOM）”", en="save it as UTF-8 without BOM"),
                fix=Fix(
                    title=label(zh="去掉字节顺序标记", en="remove the byte-order mark"),
                    edits=(TextEdit(Span(path, 1, 0, 1, 1), ""),),
                ),
            ),
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(path, data, error)
    source = SourceText(path, text)
    bad = _FORBIDDEN.search(text)
    if bad is not None:
        finding = Finding(
            code=CONTROL_CHARACTER,
            span=source.span(bad.start(), bad.end()),
            headline=label(
                zh=f"文件里有不可见字符 U+{ord(bad[0]):04X}",
                en=f"the file holds the character U+{ord(bad[0]):04X}",
            ),
            help=label(zh="删除这个字符", en="delete this character"),
        )
        return Outcome(None, (*found, finding))
    return Outcome(source, found)


def _not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Outcome[SourceText | None]:
    guess = _guess(data)
    line = data.count(b"\n", 0, error.start) + 1
    line_start = data.rfind(b"\n", 0, error.start) + 1
    column = len(data[line_start : error.start].decode("utf-8", errors="replace")) + 1
    finding = Finding(
        code=NOT_UTF8,
        span=Span(path, line, column, line, column + 1),
        headline=label(zh="文件不是 UTF-8 编码", en="the file is not UTF-8"),
        help=label(
            zh=f"看起来是 {guess}；在编辑器里另存为 UTF-8" if guess else "在编辑器里另存为 UTF-8",
            en=f"it looks like {guess}; save it as UTF-8" if guess else "save it as UTF-8",
        ),
    )
    return Outcome(None, (finding,))


def _guess(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GBK"


def _refused(
    code: Code, path: str, *, zh: str, en: str, help_zh: str, help_en: str
) -> Outcome[SourceText | None]:
    finding = Finding(
        code=code,
        span=Span(path, 1, 1, 1, 2),
        headline=label(zh=zh, en=en),
        help=label(zh=help_zh, en=help_en),
    )
    return Outcome(None, (finding,))


def empty_file(source: SourceText) -> Finding:
    """Return the finding for a file without an object."""
    return Finding(
        code=EMPTY_FILE,
        span=source.span(0, 1),
        headline=label(zh="文件是空的", en="the file is empty"),
        help=label(
            zh="写一个对象（例如 `form: customer`），或删掉文件",
            en="declare an object, such as `form: customer`, or delete the file",
        ),
    )
