"""Whether a folder lies on a network: SQLite's locks and its shared memory do not hold between machines there."""

from __future__ import annotations

import os
from pathlib import Path

_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "ceph", "glusterfs", "fuse.glusterfs")
_MOUNTS = Path("/proc/self/mountinfo")


def network_kind(folder: Path, mounts: str | None = None) -> str:
    """The kind of network file system that holds a folder; empty for a disk, and where that cannot be known.

    `mounts`: what Linux lists in /proc/self/mountinfo.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text("utf-8", "replace")
        except OSError:
            return ""
    place, longest, kind = os.path.realpath(folder), -1, ""
    for line in mounts.splitlines():
        about, _, system = line.partition(" - ")
        fields = about.split()
        if len(fields) < 5 or not system:
            continue
        point = fields[4].replace("\\040", " ")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= longest:
            longest, kind = len(point), system.split()[0]
    return kind if kind in _NETWORK else ""
