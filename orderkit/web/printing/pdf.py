"""Documents as PDF: laid out by WeasyPrint in a bounded process, where it and Pango are installed.

Without them documents are printed from the browser all the same, and `why_not` says what to install.
"""

import base64
import ctypes
import ctypes.util
import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label

# Of the process: it hands the bytes out at this address, and knows no other but those that hold what they name.
FONT_ADDRESS = "print-font:own"
_PROCESS = Path(__file__).with_name("pdf_process.py")
MEMORY_BYTES = 2 * 1024**3
SECONDS = 60
# More at once would take the memory of the machine.
_AT_ONCE = BoundedSemaphore(2)
# Who waits holds a thread that answers requests: longer, and a few large PDFs would stop every page.
WAIT_SECONDS = 3.0

BUSY = label(zh="服务器正在生成别的 PDF", en="the server is making other PDFs")
AGAIN = label(zh="请稍后再试，或直接打印", en="try again in a moment, or print from the browser")

NO_PACKAGE = label(
    zh="PDF 需要 WeasyPrint：pip install 'orderkit[pdf]'",
    en="PDFs need WeasyPrint: pip install 'orderkit[pdf]'",
)
NO_LIBRARY = label(
    zh="PDF 需要系统库 Pango：apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0（macOS：brew install pango）",
    en="PDFs need Pango, a library of the system: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (macOS: brew install pango)",
)
NO_FONT = label(
    zh="PDF 需要带中文的字体：apt-get install fonts-noto-cjk，或把一种中文字体放进系统的字体目录",
    en="PDFs need a font with Chinese characters: apt-get install fonts-noto-cjk, or put one into the folder of fonts of the system",
)


def why_not() -> Label | None:
    """Return what is missing for PDFs on this machine; None where nothing is, as far as a look tells."""
    if importlib.util.find_spec("weasyprint") is None:
        return NO_PACKAGE
    return None if _has_pango() else NO_LIBRARY


@cache
def _has_pango() -> bool:
    for name in (ctypes.util.find_library("pango-1.0"), "libpango-1.0.so.0", "libpango-1.0.dylib"):
        if name is None:
            continue
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def pdf_of(
    documents: Sequence[str],
    *,
    font: bytes | None = None,
    seconds: int = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> bytes:
    """Return documents as one PDF; `font` is what they have at FONT_ADDRESS. Raises Refused: something is to be installed, they are too large, or others have theirs made."""
    missing = why_not()
    if missing is not None:
        raise _refused("no_pdf", missing)
    # -P: the folder of the script must not shadow modules of the standard library.
    given = {
        "documents": list(documents),
        "font": base64.b64encode(font).decode("ascii") if font is not None else None,
    }
    command = [sys.executable, "-P", "-X", "utf8", str(_PROCESS), str(memory_bytes), str(seconds)]
    if not _AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise _refused("pdf_busy", BUSY, AGAIN)
    try:
        done = subprocess.run(  # noqa: S603 - our own program, our own interpreter
            command,
            input=json.dumps(given).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large() from error
    finally:
        _AT_ONCE.release()
    if done.returncode != 0:
        raise _too_large()
    if done.stdout.startswith(b"%PDF-"):
        return done.stdout
    told = json.loads(done.stdout)
    if "lacks" in told:
        raise _refused("no_pdf", NO_LIBRARY)
    raise _unknown(told["unknown"])


def tried() -> Label | None:
    """Return what is missing for PDFs with Chinese in them, after making one; None where nothing is."""
    try:
        pdf_of(["<p>中文</p>"])
    except Refused as error:
        (problem,) = error.problems
        return problem.help or problem.message
    return None


def _unknown(characters: Sequence[str]) -> Refused:
    shown = " ".join(characters[:8])
    return _refused(
        "no_font",
        label(
            zh=f"这台服务器的字体里没有这些字：{shown}",
            en=f"no font of this server has these characters: {shown}",
        ),
        NO_FONT,
    )


def _too_large() -> Refused:
    return _refused(
        "pdf_failed",
        label(zh="PDF 太大，或排版花的时间太长", en="the PDF is too large, or takes too long to lay out"),
        label(zh="请少选几条记录，或直接打印", en="choose fewer records, or print from the browser"),
    )


def _refused(code: str, message: Label, help_: Label | None = None) -> Refused:
    return Refused([Problem(path="", code=code, message=message, help=help_)])
