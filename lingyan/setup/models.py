"""How far the demonstration has been loaded, so that an interrupted loading goes on where it stopped."""

from __future__ import annotations

from django.db import models


class DemonstrationLoad(models.Model):
    """The one loading of the demonstration: the moment it is told from, and which act comes next."""

    told_at = models.DateTimeField()
    next_act = models.PositiveIntegerField(default=0)
    act_count = models.PositiveIntegerField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.next_act}/{self.act_count}"
