"""The notebook: what was seen, heard and thought at an enterprise, and the requests that arose from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lingyan.cases.models import Request
from lingyan.people.models import Person
from lingyan.registry.models import Enterprise, IndustrialCommunity

NOTE_LIMIT = 5000


class FieldNote(models.Model):
    """A note written at an enterprise. Its requests live on as cases of their own."""

    client_uuid = models.UUIDField(_("提交标识"), unique=True)
    community = models.ForeignKey(IndustrialCommunity, on_delete=models.PROTECT, related_name="notes", verbose_name=_("社区"))
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="notes", verbose_name=_("企业"))
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notes", verbose_name=_("谁记的"))
    companions = models.ManyToManyField(Person, related_name="accompanied_notes", blank=True, verbose_name=_("一起去的"))
    seen = models.TextField(_("看到的"), max_length=NOTE_LIMIT, blank=True)
    heard = models.TextField(_("听到的"), max_length=NOTE_LIMIT, blank=True)
    thought = models.TextField(_("想到的"), max_length=NOTE_LIMIT, blank=True)
    visited_at = models.DateTimeField(_("走访时间"))
    arrived_at = models.DateTimeField(_("到达时间"))
    requests = models.ManyToManyField(Request, related_name="notes", blank=True, verbose_name=_("诉求"))

    class Meta:
        verbose_name = _("走访笔记")
        indexes = [
            models.Index(fields=["community", "-visited_at"], name="visits_note_newest"),
            models.Index(fields=["enterprise", "-visited_at"], name="visits_note_enterprise"),
            models.Index(fields=["author", "-visited_at"], name="visits_note_author"),
        ]
