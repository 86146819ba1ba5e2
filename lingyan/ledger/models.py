"""What happened: entries that are only ever added, sealed in blocks by a chain of keyed digests."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """A sealed run of entries; its digest covers them and the block before."""

    sealed_at = models.DateTimeField(_("封存时间"))
    previous = models.CharField(_("前一块的摘要"), max_length=64, unique=True)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    entry_count = models.PositiveIntegerField(_("条数"))

    class Meta:
        verbose_name = _("封存块")


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> int:
        if set(kwargs) != {"block"}:
            raise TypeError("ledger entries are never changed")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("ledger entries are never deleted")


class Entry(models.Model):
    """One thing that happened: who, by what way, did what, to which row. Ids and keyed digests only, never a personal value."""

    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("何人"), null=True)
    via = models.CharField(_("途径"), max_length=20)
    verb = models.CharField(_("做了什么"), max_length=60)
    target_type = models.CharField(_("对象类别"), max_length=60)
    target_id = models.BigIntegerField(_("对象编号"), null=True)
    community_id = models.BigIntegerField(_("社区"), null=True)
    fields = models.JSONField(_("改动的字段"), default=dict)
    digest = models.CharField(_("摘要"), max_length=64)
    block = models.ForeignKey(Block, on_delete=models.PROTECT, null=True, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("流水")
        indexes = [
            models.Index(fields=["-at", "-id"], name="ledger_entry_newest"),
            models.Index(fields=["target_type", "target_id"], name="ledger_entry_target"),
            models.Index(fields=["community_id", "-at"], name="ledger_entry_community"),
            models.Index(fields=["id"], name="ledger_entry_unsealed", condition=models.Q(block__isnull=True)),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("ledger entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("ledger entries are never deleted")
