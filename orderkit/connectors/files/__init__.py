"""Files in a folder that is shared with another system."""

from typing import Annotated, ClassVar, Literal

from pydantic import JsonValue

from orderkit.connectors.connector_type import Operation
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The folder; nothing outside it is touched."""

    directory: Annotated[str, About("文件夹", "the folder", '"${EXCHANGE_FOLDER}"')]
    encoding: Annotated[
        Literal["utf-8", "gb18030"], About("文字编码", "how texts are written", "gb18030")
    ] = "utf-8"


class Reading(OptionModel):
    """Which files are read, each once; the first row says what the columns are."""

    pattern: Annotated[str, About("文件名，可用 *", "their names, with `*`", '"stock-*.csv"')]
    sheet: Annotated[str | None, About("工作表", "the sheet of a workbook", "库存")] = None


class Writing(OptionModel):
    """A file that is written whole, under a name of its own."""

    name: Annotated[str, About("文件名", "its name", '"order-{number}.csv"')]
    rows: Annotated[
        tuple[dict[str, JsonValue], ...],
        About("行", "its rows", "[{sku: A100, qty: 10}]"),
    ]


class Written(OptionModel):
    """What comes back of a file."""

    path: Annotated[str, About("写到了哪里", "where it was written")]


class Files(PendingConnector):
    """CSV files and workbooks in a folder."""

    name = "files"
    label = labels.label(zh="文件交换", en="Files")
    description = labels.label(
        zh="通过共享文件夹里的 CSV 或 Excel 交换数据", en="Exchanges CSV files and workbooks in a folder"
    )
    Settings = Settings
    operations: ClassVar = {
        "read": Operation(
            name="read", label=labels.label(zh="读取行", en="Read rows"), Arguments=Reading, gives_rows=True
        ),
        "write": Operation(
            name="write",
            label=labels.label(zh="写文件", en="Write a file"),
            Arguments=Writing,
            Results=Written,
        ),
    }


TYPE = Files()
