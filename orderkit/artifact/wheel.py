"""The wheel of the orderkit that runs now, made from its installed files: the same files, the same bytes.

It works from a checkout and from an installed wheel alike. The files are stored, not compressed, because
compressed bytes differ between builds of zlib.
"""

import base64
import hashlib
import io
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import orderkit
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

# The earliest time that a zip file can hold.
_TIME = (1980, 1, 1, 0, 0, 0)
_WHEEL = "Wheel-Version: 1.0\nGenerator: orderkit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


class FrontEndMissing(OrderkitError):
    """The front end of orderkit is not built; run `make setup` in its checkout, or install a wheel."""

    def __init__(self) -> None:
        super().__init__(
            label(
                zh="orderkit 的前端还没有构建：请在其源码目录运行 `make setup`，或安装发布的 wheel",
                en="the front end of orderkit is not built: run `make setup` in its checkout, or install a wheel",
            )
        )


def orderkit_version() -> str:
    """Return the version under which this orderkit is installed."""
    return distribution("orderkit").version


def wheel_name() -> str:
    """Return the file name of the wheel."""
    return f"orderkit-{orderkit_version()}-py3-none-any.whl"


def make_wheel() -> bytes:
    """Return the wheel. Raises FrontEndMissing."""
    package = Path(orderkit.__file__).parent
    require_front_end(package)
    files = {
        f"orderkit/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and _belongs(path.relative_to(package))
    }
    installed = distribution("orderkit")
    files |= _information(installed, f"orderkit-{installed.version}.dist-info")
    return _zipped(files, f"orderkit-{installed.version}.dist-info/RECORD")


def require_front_end(package: Path | None = None) -> None:
    """Raise FrontEndMissing when the scripts and styles of the pages are not there."""
    static = (package or Path(orderkit.__file__).parent) / "web" / "static"
    if not any(static.glob("*.js")):
        raise FrontEndMissing


def _belongs(path: Path) -> bool:
    if path.parts[0] == "starters":
        return False  # what projects begin with is of no use to a running app
    return path.suffix != ".pyc" and not any(
        part == "__pycache__" or part.startswith(".") for part in path.parts
    )


def _information(installed: Distribution, folder: str) -> dict[str, bytes]:
    found = {f"{folder}/WHEEL": _WHEEL.encode()}
    for name in ("METADATA", "entry_points.txt", "licenses/LICENSE"):
        text = installed.read_text(name)
        if text is not None:
            found[f"{folder}/{name}"] = text.encode()
    return found


def _zipped(files: dict[str, bytes], record: str) -> bytes:
    lines = [f"{name},{_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    contents = [*sorted(files.items()), (record, "\n".join([*lines, f"{record},,", ""]).encode())]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return target.getvalue()


def _digest(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"
