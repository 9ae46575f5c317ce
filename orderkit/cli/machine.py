"""What the machine refuses is nobody's bug: a full disk, a missing right, too many open files."""

import errno

from orderkit.cli import console
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label, text_of

_REASONS = {
    errno.EACCES: label(zh="没有权限", en="no permission"),
    errno.EDQUOT: label(zh="磁盘配额已满", en="the disk quota is used up"),
    errno.ENOSPC: label(zh="磁盘已满", en="the disk is full"),
    errno.EPERM: label(zh="没有权限", en="no permission"),
    errno.EROFS: label(zh="磁盘只读", en="the disk is read-only"),
}
_HAS_NO_ROOM = frozenset({errno.EDQUOT, errno.EFBIG, errno.ENOSPC})
_REFUSALS = frozenset(
    {*_REASONS, *_HAS_NO_ROOM, errno.EIO, errno.ELOOP, errno.EMFILE, errno.ENAMETOOLONG, errno.ENFILE}
)

NO_ROOM = Code(
    "OK6471",
    "no-room-on-disk",
    ERROR,
    since="0.1",
    explain="""
        There is no room for what a command writes: the disk is full, a quota is used up, or files may not grow so
        large. What was there before is as it was, and nothing half-written is left. Make room and run the command
        again. A build needs a few megabytes; a backup the database twice beside its target and the attachments once;
        a restore the database and the attachments once more beside their places.
    """,
    zh="命令要写的内容放不下：磁盘已满、配额用尽，或文件大小受限。原有内容保持不变，没有留下写到一半的东西。请腾出空间后重新运行该命令。"
    "构建需要几兆字节；备份在目标处需要两倍数据库加一份附件的空间；恢复在原处还需要再放一份数据库和附件的空间。",
)
MACHINE_REFUSES = Code(
    "OK6472",
    "machine-refuses",
    ERROR,
    since="0.1",
    explain="""
        The machine does not let the command read or write something: a right is missing, the disk is read-only or
        failing, or too many files are open. The message says what and, where the machine says so, which file. Mend
        that, and run the command again.
    """,
    zh="机器不允许该命令读写某个文件：没有权限、磁盘只读或出错，或打开的文件太多。消息会说明原因，机器给出时也会指出文件。请改正后重新运行该命令。",
)


class MachineRefuses(OrderkitError):
    """This machine does not let the command go on; see the message."""


def refusal_of(error: OSError) -> MachineRefuses | None:
    """Return what to tell of an error of the machine; None where it is our bug."""
    if error.errno not in _REFUSALS:
        return None
    refusal = MachineRefuses(_words(error))
    refusal.known_as = NO_ROOM if error.errno in _HAS_NO_ROOM else MACHINE_REFUSES
    return refusal


def _words(error: OSError) -> Label:
    reason = _REASONS.get(error.errno or 0)
    why = str(error.strerror) if reason is None else text_of(reason, console.language())
    place = "" if error.filename is None else f" ({error.filename})"
    has_no_room = error.errno in _HAS_NO_ROOM
    return label(
        zh=f"写不下去了：{why}{place}{'；请腾出空间后重新运行' if has_no_room else ''}",
        en=f"this machine refuses to go on: {why}{place}{'; make room and run it again' if has_no_room else ''}",
    )
