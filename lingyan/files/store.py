"""Where the contents lie: under MEDIA_ROOT, by uuid. The one file to change for another kind of store."""

from __future__ import annotations

import os
import tempfile
import weakref
from pathlib import Path
from uuid import UUID

from django.conf import settings


def path_of(uuid: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / uuid.hex[:2] / uuid.hex


class Incoming:
    """A content on its way: on the disk, but not yet in its place. It is gone when nobody holds it any more, unless it was put in its place.

    A transaction that is rolled back forgets what was to be done on commit, and with it the last holder: no orphan stays.
    """

    def __init__(self, content: bytes) -> None:
        folder = Path(settings.MEDIA_ROOT) / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        self.path = Path(name)
        self.drop = weakref.finalize(self, remove, self.path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.drop()
            raise

    def put(self, uuid: UUID) -> None:
        """Into its place, at once and whole."""
        place = path_of(uuid)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(self.path, place)


def sweep(before: float) -> int:
    """Remove what was on its way when a process died: contents last written before this moment (seconds since 1970). Says how many."""
    left = [path for path in (Path(settings.MEDIA_ROOT) / "incoming").glob("*") if path.stat().st_mtime < before]
    for path in left:
        remove(path)
    return len(left)


def remove(path: Path) -> None:
    path.unlink(missing_ok=True)
