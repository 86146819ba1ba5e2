"""Taking files: checked, freed of what they need not tell, and kept together with the row they hang on or not at all."""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from lingyan.files.kinds import BY_ENDING, KINDS, MACRO_ENDINGS, OLD_ENDINGS, Suspicious, ending_of, kind_by_content, name_of_content
from lingyan.files.models import LONGEST_NAME, Attachment
from lingyan.files.positions import Broken, without_position
from lingyan.files.store import Incoming, sweep
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.kernel.wires import wire
from lingyan.ledger.services import record

logger = logging.getLogger(__name__)
MOST_FILES = 9


@dataclass
class Checked:
    """A file that may be kept: it lies on the disk, waiting for its row."""

    name: str
    media_type: str
    size: int
    sha256: str
    incoming: Incoming


def refused(code: str, sentence: str) -> Refused:
    return Refused(f"file.{code}", sentence, field="files")


def checked_name(name: str) -> str:
    """The name of a file without folders, control characters and marks that turn the reading direction."""
    plain = "".join(
        letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    plain = plain.replace("\\", "/").rpartition("/")[2].strip()
    if not plain.strip("."):
        raise refused("name_empty", _("文件没有名字，请改好名字再传。"))
    if len(plain) > LONGEST_NAME:
        raise refused("name_long", _("“%(name)s…”的文件名太长，最多 %(most)d 个字，请改短再传。") % {"name": plain[:20], "most": LONGEST_NAME})
    return plain


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


def checked_kind(name: str) -> str:
    """The kind a name promises, if it is one that is taken."""
    ending = ending_of(name)
    if ending in MACRO_ENDINGS:
        raise refused("macro", _("“%(name)s”带宏，打开会运行程序，请另存为不带宏的文件再传。") % {"name": name})
    if ending in OLD_ENDINGS:
        raise refused("old", _("“%(name)s”是旧格式，请另存为 docx、xlsx、pptx 或 PDF 再传。") % {"name": name})
    if ending not in BY_ENDING:
        taken = "、".join(kind.label for kind in KINDS.values())
        raise refused("kind", _("“%(name)s”这种文件不收。收的有：%(taken)s。") % {"name": name, "taken": taken})
    return BY_ENDING[ending]


def why_not(why: str, name: str) -> Refused:
    sentences = {
        "macro": _("“%(name)s”里带宏，打开会运行程序，请另存为不带宏的文件再传。"),
        "bomb": _("“%(name)s”解开以后大得不像正常的文档，没有收。"),
        "locked": _("“%(name)s”加了密码或是旧格式，别人打不开，请去掉密码、存成新格式再传。"),
        "broken": _("“%(name)s”是坏的，打不开，请重新存一份再传。"),
        "utf16": _("“%(name)s”的文字编码是 UTF-16，请另存为 UTF-8 再传。"),
    }
    return refused(why, sentences[why] % {"name": name})


def check_upload(upload: UploadedFile) -> Checked:
    """A file that may be kept, or `Refused` with a sentence that names it. It is on the disk then, and gone again unless it is attached.

    Call it before the transaction that attaches: reading, checking and writing take time.
    """
    name = checked_name(upload.name or "")
    wanted = checked_kind(name)
    if not upload.size:
        raise refused("empty", _("“%(name)s”是空的，里面没有内容，请重选。") % {"name": name})
    if upload.size > settings.UPLOAD_LIMIT:
        values = {"name": name, "size": megabytes(upload.size), "most": megabytes(settings.UPLOAD_LIMIT)}
        raise refused("big", _("“%(name)s”有 %(size)s MB，最多 %(most)s MB。照片可以压小，视频可以剪短。") % values)
    upload.seek(0)
    content = upload.read()
    try:
        found = kind_by_content(content, wanted)
    except Suspicious as suspicious:
        raise why_not(suspicious.why, name) from suspicious
    if found != wanted:
        seems = name_of_content(content)
        says = KINDS[wanted].label
        if seems and seems != says:
            raise refused("lies", _("“%(name)s”名字说是 %(says)s，打开看是 %(seems)s，请看看是不是选错了。") % {"name": name, "says": says, "seems": seems})
        raise refused("lies", _("“%(name)s”名字说是 %(says)s，打开看不是，可能坏了或选错了。") % {"name": name, "says": says})
    try:
        content = without_position(found, content)
    except Broken as broken:
        raise why_not("broken", name) from broken
    return Checked(name, KINDS[found].media_type, len(content), hashlib.sha256(content).hexdigest(), written(content, name))


def written(content: bytes, name: str) -> Incoming:
    try:
        return Incoming(content)
    except OSError as error:
        logger.exception("an attachment could not be written")
        raise refused("disk", _("“%(name)s”没存下来：服务器的磁盘写不进去，请告诉区里管系统的人。") % {"name": name}) from error


def check_all(uploads: Iterable[UploadedFile | Checked]) -> list[Checked]:
    """All of them, or `Refused` for the first that may not be kept; then none is."""
    uploads = list(uploads)
    if len(uploads) > MOST_FILES:
        raise refused("many", _("一次最多 %(most)d 个文件，这里有 %(number)d 个，请分几次传。") % {"most": MOST_FILES, "number": len(uploads)})
    return [upload if isinstance(upload, Checked) else check_upload(upload) for upload in uploads]


@transaction.atomic
def attach(*, actor: Any, target: models.Model, upload: UploadedFile | Checked, client_uuid: UUID | None = None, is_unnamed: bool = False) -> Attachment:
    """Hang a file on a row the caller has checked that `actor` may write to. The content comes into its place when the transaction is committed.

    `is_unnamed`: the ledger does not say who (a confidential asker). `client_uuid` comes from a device that may send twice: the second time
    changes nothing. Raises Refused as `check_upload` does.
    """
    label = target._meta.label_lower
    if label not in wire("FILE_TARGETS"):
        raise LookupError(f"FILE_TARGETS does not say who sees a {label}")
    if client_uuid and (known := Attachment.objects.filter(uuid=client_uuid).first()):
        if (known.uploader_id, known.target_type, known.target_id) != (actor.pk, label, target.pk):
            raise refused("uuid", _("这个文件的标识已用在别处，请重新选一次文件。"))
        return known
    checked = upload if isinstance(upload, Checked) else check_upload(upload)
    attachment = Attachment.objects.create(
        uuid=client_uuid or uuid4(),
        name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        uploader_id=actor.pk,
        uploaded_at=now(),
        target_type=label,
        target_id=target.pk,
    )
    community_id = getattr(target, "community_id", None)
    record(
        actor=None if is_unnamed else actor,
        verb="file.attached",
        target=attachment,
        community_id=community_id,
        fields={"sha256": checked.sha256, "target": f"{label}:{target.pk}"},
    )
    transaction.on_commit(Putting(checked.incoming, attachment.uuid))
    return attachment


@dataclass
class Putting:
    """What is to be done on commit; it holds the content until then."""

    incoming: Incoming
    uuid: UUID

    def __call__(self) -> None:
        self.incoming.put(self.uuid)


@transaction.atomic
def attach_all(*, actor: Any, target: models.Model, uploads: Iterable[UploadedFile | Checked], is_unnamed: bool = False) -> list[Attachment]:
    """Hang several files on a row, all or none."""
    return [attach(actor=actor, target=target, upload=each, is_unnamed=is_unnamed) for each in check_all(uploads)]


def sweep_incoming() -> int:
    """Remove contents that never found their row because a process died, a day later; says how many. Safe to run twice."""
    return sweep((now() - timedelta(days=1)).timestamp())
