"""Messages to a person inside the system: the inbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingyan.people.models import Person


class Notice(models.Model):
    """One message to one person, with the page it is about."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices", verbose_name=_("给谁"))
    sentence = models.CharField(_("内容"), max_length=200)
    url = models.CharField(_("哪一页"), max_length=200)
    key = models.CharField(_("同一条的标识"), max_length=120, unique=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("看过的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notices_notice_newest"),
            models.Index(fields=["person"], name="notices_notice_unread", condition=Q(read_at__isnull=True)),
        ]
