"""What the running installation knows of itself: which processes live, and when each periodic job ran. In the database, so that it holds for many nodes."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """A worker or scheduler process that says every few seconds that it lives."""

    class Kind(models.TextChoices):
        WORKER = "worker"
        SCHEDULER = "scheduler"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-seen_at"], name="config_heartbeat_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class PeriodicJob(models.Model):
    """When a periodic job is due; its row is the lock that lets one scheduler among many run it."""

    name = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
