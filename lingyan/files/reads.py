"""Questions about files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models

from lingyan.files.kinds import BY_ENDING, KINDS
from lingyan.files.models import Attachment
from lingyan.files.services import MOST_FILES


def attachments_of(target: models.Model) -> list[Attachment]:
    """The files on a row, first uploaded first. Who sees the row sees them."""
    return list(Attachment.objects.filter(target_type=target._meta.label_lower, target_id=target.pk).order_by("pk"))


def attachments_of_many(targets: Iterable[models.Model]) -> dict[int, list[Attachment]]:
    """The files on rows of one model, by the row's key, in one query; a row without files has an empty list."""
    rows = list(targets)
    found: dict[int, list[Attachment]] = {row.pk: [] for row in rows}
    if rows:
        for attachment in Attachment.objects.filter(target_type=rows[0]._meta.label_lower, target_id__in=list(found)).order_by("pk"):
            found[attachment.target_id].append(attachment)
    return found


def file_drop(**changes: Any) -> dict[str, Any]:
    """The arguments of `ui/file_drop.html` that say what is taken: accept, types, max_mb, max_files."""
    return {
        "accept": ",".join(f".{ending}" for ending in BY_ENDING),
        "types": "、".join(kind.label for kind in KINDS.values()),
        "max_mb": settings.UPLOAD_LIMIT // (1024 * 1024),
        "max_files": MOST_FILES,
    } | changes
