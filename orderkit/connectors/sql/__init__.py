"""Another system's database: rows are read, or a statement is carried out."""

from typing import Annotated, ClassVar

from pydantic import JsonValue, SecretStr

from orderkit.connectors.connector_type import Operation
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The database. Its address holds the password, so it is a secret."""

    url: Annotated[SecretStr, About("数据库地址", "the address of the database", '"${ERP_DATABASE}"')]


class Query(OptionModel):
    """A query. Values never stand in its text; `:name` takes them from `params`."""

    sql: Annotated[
        str, About("SQL，参数写成 :名称", "the SQL, with `:name` for values", '"select sku, qty from stock"')
    ]
    params: Annotated[dict[str, JsonValue] | None, About("参数", "the values", "{day: =today()}")] = None


class Done(OptionModel):
    """What comes back of a statement."""

    rows: Annotated[int, About("影响的行数", "how many rows it changed")]


class Sql(PendingConnector):
    """SQL: `query` gives rows, `execute` changes them."""

    name = "sql"
    label = labels.label(zh="数据库（SQL）", en="Database (SQL)")
    description = labels.label(zh="读写其它系统的数据库", en="Reads and writes another system's database")
    Settings = Settings
    operations: ClassVar = {
        "query": Operation(
            name="query", label=labels.label(zh="查询", en="Read rows"), Arguments=Query, gives_rows=True
        ),
        "execute": Operation(
            name="execute", label=labels.label(zh="执行", en="Change rows"), Arguments=Query, Results=Done
        ),
    }


TYPE = Sql()
