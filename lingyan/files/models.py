"""Files that hang on something: a case, a line of its history, a note."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 120
SHOWN_IN_THE_PAGE = {"image/jpeg", "image/png", "image/webp"}


class Attachment(models.Model):
    """One file on one row of another module. The content lies in MEDIA_ROOT under the uuid; who may read it is who may see the row."""

    uuid = models.UUIDField(_("标识"), unique=True, default=uuid4)
    name = models.CharField(_("文件名"), max_length=LONGEST_NAME)
    size = models.PositiveBigIntegerField(_("大小（字节）"))
    media_type = models.CharField(_("类型"), max_length=100)
    sha256 = models.CharField(_("摘要"), max_length=64)
    uploader_id = models.BigIntegerField(_("谁传的"))  # a person's key: files lie below people
    uploaded_at = models.DateTimeField(_("上传时间"))
    target_type = models.CharField(_("挂在哪类"), max_length=60)
    target_id = models.BigIntegerField(_("挂在哪一条"))

    class Meta:
        verbose_name = _("附件")
        indexes = [models.Index(fields=["target_type", "target_id", "id"], name="files_attachment_target")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return reverse("files:download", args=[self.uuid])

    @property
    def is_image(self) -> bool:
        """Whether a page may show it as a picture."""
        return self.media_type in SHOWN_IN_THE_PAGE

    @property
    def size_in_words(self) -> str:
        """860 B, 12 KB, 3.4 MB."""
        if self.size < 1024:
            return f"{self.size} B"
        return f"{self.size / 1024:.0f} KB" if self.size < 1024 * 1024 else f"{self.size / 1024 / 1024:.1f} MB"
