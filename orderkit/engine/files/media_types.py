"""What a file is, told by its bytes and never by its name alone, so that nothing is passed off as a picture.

Types without a signature of their own (`txt`, `csv`) are taken at their extension, if they hold text.
"""

import mmap
import zipfile
from pathlib import Path

HEAD_BYTES = 512
UNKNOWN = "application/octet-stream"

BY_EXTENSION = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "heic": "image/heic",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "txt": "text/plain",
    "csv": "text/csv",
}
# Shown by a browser itself; everything else is only ever offered for download.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP_MEMBERS = (
    ("word/document.xml", BY_EXTENSION["docx"]),
    ("xl/workbook.xml", BY_EXTENSION["xlsx"]),
    ("OFD.xml", BY_EXTENSION["ofd"]),
)


def media_type_of(path: Path, extension: str) -> str:
    """Return the media type of a stored file; `extension` decides only between types that look alike."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return "image/heic"
    if head.startswith(_OLE):
        return BY_EXTENSION[extension] if extension in {"doc", "xls"} else "application/x-ole-storage"
    if head.startswith(b"PK"):
        return _zip_type(path)
    if extension in {"txt", "csv"} and b"\x00" not in head:
        return BY_EXTENSION[extension]
    return UNKNOWN


def is_encrypted(path: Path) -> bool:
    """Whether a file is an Office document that opens with a password only: an OLE file around what is encrypted."""
    with path.open("rb") as file:
        if not file.read(len(_OLE)).startswith(_OLE):
            return False
        # The directory of an OLE file may stand anywhere in it, often at its end.
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(_ENCRYPTED) >= 0


def _zip_type(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                declared = archive.read("mimetype").decode("ascii", errors="replace")
                if declared in BY_EXTENSION.values():
                    return declared
    except Exception:  # noqa: BLE001 - a broken archive fails in every way that its parts can
        return UNKNOWN
    return next((media_type for name, media_type in _ZIP_MEMBERS if name in names), BY_EXTENSION["zip"])
