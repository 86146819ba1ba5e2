"""Who may read a file: whoever sees the row it hangs on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lingyan.files.models import Attachment
from lingyan.kernel.refusals import NotVisible
from lingyan.kernel.wires import load, wire


def one_attachment(actor: Any, uuid: UUID) -> Attachment:
    """The file with this uuid, if `actor` sees the row it hangs on; otherwise it is not there."""
    attachment = Attachment.objects.filter(uuid=uuid).first()
    rows = wire("FILE_TARGETS").get(attachment.target_type) if attachment else None
    if attachment is None or rows is None or not load(rows)(actor).filter(pk=attachment.target_id).exists():
        raise NotVisible
    return attachment
