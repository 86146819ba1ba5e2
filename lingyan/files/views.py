"""Handing out a file."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from lingyan.files.access import one_attachment
from lingyan.files.store import path_of
from lingyan.kernel.access import signed_in
from lingyan.kernel.refusals import NotVisible

logger = logging.getLogger(__name__)
NOTHING_RUNS = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@signed_in
@require_safe
def attachment_download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Pictures are shown, all else is saved; whatever is inside, nothing of it runs."""
    attachment = one_attachment(request.user, uuid)
    try:
        file = path_of(attachment.uuid).open("rb")
    except FileNotFoundError as missing:
        logger.error("the content of attachment %s is missing", attachment.uuid)
        raise NotVisible from missing
    answer = FileResponse(file, as_attachment=not attachment.is_image, filename=attachment.name, content_type=attachment.media_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
