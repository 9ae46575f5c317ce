"""Why a backup is not made or not brought back."""

from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label

TARGET_TAKEN = Code(
    "OK6620",
    "backup-target-taken",
    ERROR,
    since="0.1",
    explain="""
        A file of that name is there already. A backup never takes the place of another one: name a new file, for
        instance with the day in its name.
    """,
    zh="同名文件已经存在。备份从不覆盖别的备份：请换一个文件名，例如带上日期。",
)
TARGET_FOLDER_MISSING = Code(
    "OK6492",
    "backup-folder-missing",
    ERROR,
    since="0.1",
    explain="""
        The folder into which the backup should go does not exist. It is not made: the path may be mistyped, or the
        disk for backups is not mounted, and the file would land on the disk that it should guard against. Mend the
        path, mount the disk, or make the folder.
    """,
    zh="要写入备份的目录不存在。不会自动建它：可能是路径写错了，或备份用的磁盘没有挂载，文件就会落到本应防范其损坏的那块磁盘上。请改正路径、挂载磁盘，或先建好目录。",
)
DAMAGED = Code(
    "OK6621",
    "backup-damaged",
    ERROR,
    since="0.1",
    explain="""
        The archive is cut off, changed, or no backup of orderkit: something in it is missing, or is not what its
        manifest says. Nothing is restored from it. Take another one; `orderkit restore --verify ARCHIVE` reads one
        through without restoring it.
    """,
    zh="归档不完整、被改动过，或者不是 orderkit 的备份：其中缺少内容，或内容与清单不符。不会从中恢复任何数据。请换一份备份；`orderkit restore --verify 归档` 只检查、不恢复。",
)
NOT_EMPTY = Code(
    "OK6622",
    "restore-not-empty",
    ERROR,
    since="0.1",
    explain="""
        Where the backup should go there is data already: tables in the database, or files in the folder of
        attachments. A backup is restored into an empty place. `--force` replaces what is there, after saying what
        is lost by it.
    """,
    zh="要恢复到的地方已经有数据：数据库里有表，或附件目录里有文件。备份只恢复到空的地方；`--force` 会先说明将失去什么，再替换原有内容。",
)
NO_TOOLS = Code(
    "OK6623",
    "postgresql-tools-missing",
    ERROR,
    since="0.1",
    explain="""
        A PostgreSQL database is backed up and restored by PostgreSQL's own `pg_dump` and `pg_restore`, of the same
        version as the server or a newer one. Install them (`apt install postgresql-client`), or say in
        `ORDERKIT_POSTGRESQL_TOOLS` in which folder they are.
    """,
    zh="PostgreSQL 数据库由 PostgreSQL 自带的 `pg_dump` 和 `pg_restore` 备份与恢复，版本不能低于服务器。请安装它们（`apt install postgresql-client`），或用 `ORDERKIT_POSTGRESQL_TOOLS` 指出它们所在的目录。",
)
DOES_NOT_FIT = Code(
    "OK6624",
    "backup-does-not-fit",
    ERROR,
    since="0.1",
    explain="""
        The archive cannot go into this place: it holds a database of the other kind (SQLite or PostgreSQL), of
        another project or schema, or was written by a newer orderkit. The message says which.
    """,
    zh="归档与要恢复到的地方不符：数据库种类不同（SQLite 或 PostgreSQL）、项目或模式（schema）不同，或由更新的 orderkit 写成。消息里会说明是哪一种。",
)
TOOL_FAILED = Code(
    "OK6625",
    "postgresql-tool-failed",
    ERROR,
    since="0.1",
    explain="""
        `pg_dump` or `pg_restore` gave up; its own words stand in the message. Often the version is older than the
        server's, the password is wrong, or a right is missing. Nothing was left half-done.
    """,
    zh="`pg_dump` 或 `pg_restore` 没有成功，其原话在消息里。常见原因是版本低于服务器、密码不对或权限不足。没有留下做到一半的东西。",
)
DIFFERS = Code(
    "OK6626",
    "restored-differs",
    ERROR,
    since="0.1",
    explain="""
        After restoring, the rows of a table are not those that were backed up, by number or checksum. Do not go on
        with this database: restore into another empty one, and look at disk and memory of the machine.
    """,
    zh="恢复之后，某个表的行数或校验和与备份时不同。不要继续使用这个数据库：请恢复到另一个空数据库，并检查机器的磁盘和内存。",
)


class BackupRefused(OrderkitError):
    """This backup cannot be made or restored; see the message."""

    def __init__(self, code: Code, explain: Label) -> None:
        super().__init__(explain)
        self.known_as = code
