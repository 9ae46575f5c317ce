"""Which file system a path lies on: SQLite is not safe on disks that several machines share."""

import os
from pathlib import Path

# Locks and shared memory of SQLite's write-ahead log do not hold across machines on these.
NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ncpfs",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "9p",
    }
    | {
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.gcsfuse",
        "fuse.rclone",
        "fuse.ceph-fuse",
        "fuse.glusterfs",
        "fuse.davfs2",
    }
)


def file_system_of(path: Path, mounts: str) -> str | None:
    """Return the file system type that holds `path`, read from the text of `/proc/mounts`."""
    place = os.path.realpath(path)
    found: tuple[str, str] | None = None
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        is_above = place == point or place.startswith(point.rstrip("/") + "/")
        # A later mount on the same point hides the earlier one.
        if is_above and (found is None or len(point) >= len(found[0])):
            found = (point, parts[2])
    return found[1] if found else None


def mount_table() -> str:
    """Return the machine's mount table; empty where the system has none, such as macOS."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
