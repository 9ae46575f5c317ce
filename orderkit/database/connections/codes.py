"""The permanent codes of what stands between us and a database, by the reason that `failures` found."""

from orderkit.model.codes import ERROR, Code


def _code(number: str, name: str, explain: str, zh: str) -> Code:
    return Code(number, name, ERROR, since="0.1", explain=explain, zh=zh)


UNREACHABLE = _code(
    "OK6352",
    "database-unreachable",
    """
    Nothing answers where the database URL points, or it stopped answering. See that the server runs, that host and
    port are right, and that no firewall stands between; then run the command again.
    """,
    "数据库地址所指的地方没有应答，或中途不再应答。请检查服务器是否已启动、主机和端口是否正确、有无防火墙阻挡，然后再次运行该命令。",
)
SIGN_IN = _code(
    "OK6353",
    "database-sign-in-refused",
    """
    The database server does not accept the user or the password of the database URL. Mend it in `--database` or
    ORDERKIT_DATABASE_URL; a `@`, `:` or `/` in a password is written as `%40`, `%3A` or `%2F`.
    """,
    "数据库服务器不接受数据库地址中的用户名或密码。请改正 `--database` 或 ORDERKIT_DATABASE_URL；密码里的 `@`、`:`、`/` 要写成 "
    "`%40`、`%3A`、`%2F`。",
)
NO_DATABASE = _code(
    "OK6354",
    "no-such-database",
    """
    The server runs, but has no database of the name in the database URL. Make it with `createdb NAME`, or mend
    the name, then run `orderkit migrate`.
    """,
    "服务器在运行，但没有数据库地址中所写的数据库。请用 `createdb 名称` 创建，或改正名称，再运行 `orderkit migrate`。",
)
CANNOT_OPEN = _code(
    "OK6355",
    "database-file-not-opened",
    """
    The SQLite file of the database URL cannot be opened: its folder is missing or closed to this user, or it is
    a folder itself. See the path and the rights on it.
    """,
    "打不开数据库地址所指的 SQLite 文件：目录不存在、当前用户进不去，或它本身是个目录。请检查路径和权限。",
)
READ_ONLY = _code(
    "OK6356",
    "database-file-read-only",
    """
    The SQLite file may be read, but not written. SQLite also writes beside the file, so its folder must be
    writable too. Give the user who runs orderkit the right to both.
    """,
    "SQLite 文件可读但不可写。SQLite 还要在文件旁边写入，所以目录也必须可写。请给运行 orderkit 的用户这两处的写权限。",
)
DAMAGED = _code(
    "OK6357",
    "database-file-damaged",
    """
    The file is no SQLite database, or its content is damaged. See the path; if it is the right file, keep a copy
    of it and restore a backup with `orderkit restore`.
    """,
    "该文件不是 SQLite 数据库，或内容已损坏。请检查路径；若路径没错，请先留一份副本，再用 `orderkit restore` 恢复备份。",
)
NO_CONNECTION_LEFT = _code(
    "OK6358",
    "no-connection-left",
    """
    The database server has as many connections as it allows. Lower ORDERKIT_THREADS of the programs that share
    it, raise `max_connections` of the server, or put a pool such as pgbouncer between.
    """,
    "数据库服务器的连接数已达上限。请调小共用它的各程序的 ORDERKIT_THREADS，调大服务器的 `max_connections`，或在中间加一个连接池（如 pgbouncer）。",
)
DISK_FAILS = _code(
    "OK6473",
    "database-disk-full",
    """
    The disk that holds the SQLite file is full, or fails. What was being written was undone. Make room and try again;
    where there is room, look at the machine's log for a failing disk.
    """,
    "存放 SQLite 文件的磁盘已满或出错，正在写入的内容已撤销。请腾出空间后重试；若空间足够，请查看机器日志，确认磁盘是否有故障。",
)

NO_FOLDER = _code(
    "OK6490",
    "database-folder-missing",
    """
    The folder in which the SQLite file of the database URL should lie does not exist. Folders are not made for it:
    the path may be mistyped, or the disk that should hold it is not mounted. Mend the path, or make the folder.
    `sqlite:///data/app.db` counts from the project's folder, `sqlite:////data/app.db` from the root of the disk.
    """,
    "数据库地址里的 SQLite 文件所在的目录不存在。不会为它建目录：可能是路径写错了，或应放它的磁盘没有挂载。请改正路径，或先建好目录。"
    "`sqlite:///data/app.db` 从项目文件夹算起，`sqlite:////data/app.db` 从磁盘根目录算起。",
)
NO_FILE = _code(
    "OK6491",
    "database-file-missing",
    """
    There is no SQLite file where the database should be; only `orderkit migrate` makes one. Run it first, or, where
    the app has its data already, name the folder or the file where it lies: `build` in a project's folder has a
    database of its own, in `build/var`, once `orderkit migrate build` or a server was run there.
    """,
    "数据库应在的地方没有 SQLite 文件；只有 `orderkit migrate` 会建它。请先运行它；若应用已有数据，请指明数据所在的目录或文件："
    "在项目的 `build` 里运行过 `orderkit migrate build` 之后，`build/var` 里另有一个自己的数据库。",
)

BY_REASON = {
    "no_folder": NO_FOLDER,
    "missing": NO_FILE,
    "unreachable": UNREACHABLE,
    "sign_in": SIGN_IN,
    "no_database": NO_DATABASE,
    "cannot_open": CANNOT_OPEN,
    "read_only": READ_ONLY,
    "damaged": DAMAGED,
    "connections": NO_CONNECTION_LEFT,
    "disk": DISK_FAILS,
}
