"""Passwords that everybody knows: looked up in a file that somebody has put here, never asked of anybody outside.

The file has one SHA-1 digest in hexadecimal a line, sorted, each with or without `:COUNT` behind it, as
Have I Been Pwned hands them out. It may hold beginnings of digests instead, of sixteen digits or more. A
look-up reads some forty lines of it, however large it is.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

from orderkit.engine.runtime import Runtime
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label

_LINE = re.compile(rb"(?P<digest>[0-9A-Fa-f]{16,40})(:\d+)?\r?\n?")
# Longer than any line may be: a file of something else is not read whole in search of its end.
_LONGEST_LINE = 80


class Unsuited(Exception):
    """The file is not one of sorted digests; the text is the byte at which that shows."""


def refuse_leaked(runtime: Runtime, password: str) -> None:
    """Refuse a password that is in the project's file. Raises Refused, also when the file cannot be used."""
    path = path_of(runtime)
    if path is None:
        return
    try:
        with path.open("rb") as file:
            is_known = is_in(file, password)
    except (OSError, Unsuited) as error:
        # A rule that nobody can keep must not pass for one that is kept.
        raise _refused(
            "leaked_passwords_unreadable",
            zh=f"密码没有保存：无法核对它是否已泄露，因为 {path.name} {_why_zh(error)}；"
            "请管理员修好 orderkit.yaml 中 leaked_passwords 所指的文件",
            en=f"The password was not kept: whether it is known to others cannot be looked up, as {path.name} "
            f"{_why_en(error)}; an administrator mends the file of `leaked_passwords` in orderkit.yaml",
        ) from error
    if is_known:
        raise _refused(
            "password_leaked",
            zh="这个密码出现在已泄露的密码中，别人会先试它；请换一个没有在别处用过的",
            en="This password is among those that have leaked, which others try first; choose one that you use nowhere else",
        )


def path_of(runtime: Runtime) -> Path | None:
    """Return where the project's file lies: its path starts at the project's folder, beside `var`."""
    named = runtime.project.sign_in.leaked_passwords
    if named is None:
        return None
    home = runtime.files_folder.parent.parent if runtime.home is None else runtime.home
    return home / named


def is_in(file: BinaryIO, password: str) -> bool:
    """Return whether a password is in an open file of sorted digests. Raises Unsuited."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    high = file.seek(0, os.SEEK_END)
    _, first, low = _line_after(file, 0, 0)
    if first is None or first > wanted:
        return False
    # The last line found so far that is not after what is wanted; everything between must lie between.
    best, least, most = first, first, "G"
    while low < high:
        middle = (low + high) // 2
        start, digest, end = _line_after(file, middle, low)
        if digest is None:
            high = middle
            continue
        if not least <= digest <= most:
            raise Unsuited(str(start))
        if digest <= wanted:
            best, least, low = digest, digest, end
        else:
            most, high = digest, middle
    return wanted.startswith(best)


def _line_after(file: BinaryIO, place: int, low: int) -> tuple[int, str | None, int]:
    """Return the first line that begins at `place` or after it, where it begins and ends; None at the end.

    Lines begin at `low`, so there nothing is skipped.
    """
    start = place
    if place > low:
        # One character before: a line that begins at just this place is not skipped.
        file.seek(place - 1)
        start = place - 1 + len(_read_line(file, place))
    file.seek(start)
    line = _read_line(file, start)
    if not line.strip():
        return start, None, start
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise Unsuited(str(start))
    return start, matched["digest"].decode().upper(), start + len(line)


def _read_line(file: BinaryIO, place: int) -> bytes:
    line = file.readline(_LONGEST_LINE)
    if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
        raise Unsuited(str(place))
    return line


def _why_zh(error: Exception) -> str:
    return f"在第 {error} 字节处不是排好序的 SHA-1" if isinstance(error, Unsuited) else "无法读取"


def _why_en(error: Exception) -> str:
    return f"has no sorted SHA-1 at byte {error}" if isinstance(error, Unsuited) else "cannot be read"


def _refused(code: str, *, zh: str, en: str) -> Refused:
    return Refused([Problem(path="password", code=code, message=label(zh=zh, en=en))])
