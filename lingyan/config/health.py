"""GET /healthz: is this installation whole? For load balancers and for the person on duty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

import lingyan
from lingyan.config.models import Heartbeat, PeriodicJob
from lingyan.config.scheduler import DEAD_AFTER, FAILED, READY
from lingyan.kernel.access import public
from lingyan.kernel.clock import now

_migrated = False  # once nothing is pending, nothing is until this process starts anew


def pending_migrations() -> list[str]:
    """Migrations of this code that the database has not had, as "people.0002_kept_password"."""
    global _migrated
    if _migrated:
        return []
    executor = MigrationExecutor(connection)
    pending = [f"{migration.app_label}.{migration.name}" for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    _migrated = not pending
    return pending


def process_state(kind: str) -> dict[str, Any]:
    """How many processes of this kind live, and when one was last seen and last did something."""
    beats = list(Heartbeat.objects.filter(kind=kind).order_by("-seen_at")[:100])
    alive = [beat for beat in beats if beat.seen_at > now() - DEAD_AFTER]
    ran = max((beat.ran_at for beat in beats if beat.ran_at), default=None)
    return {
        "alive": bool(alive),
        "processes": len(alive),
        "last_seen": beats[0].seen_at.isoformat() if beats else None,
        "last_ran": ran.isoformat() if ran else None,
    }


def examine() -> dict[str, Any]:
    """The state of the installation; `problems` is empty when it is whole."""
    report: dict[str, Any] = {"status": "ok", "problems": [], "version": lingyan.__version__, "database": {"engine": connection.vendor, "reachable": False}}
    problems: list[str] = report["problems"]
    try:
        pending = pending_migrations()
        report["database"]["reachable"] = True
        report["pending_migrations"] = pending
        if pending:
            problems.append("pending_migrations")
        else:
            for kind in (Heartbeat.Kind.WORKER, Heartbeat.Kind.SCHEDULER):
                report[kind.value] = state = process_state(kind)
                if not state["alive"]:
                    problems.append(f"no_{kind.value}")
            failing = list(PeriodicJob.objects.filter(failures__gte=3).order_by("name").values_list("name", flat=True))
            problems += [f"job_failing:{name}" for name in failing]
            recent = now() - timedelta(days=1)
            report["tasks"] = {
                "waiting": DBTaskResult.objects.filter(status=READY).count(),
                "failed_last_day": DBTaskResult.objects.filter(status=FAILED, finished_at__gt=recent).count(),
            }
    except DatabaseError:
        problems.append("database_unreachable" if not report["database"]["reachable"] else "database_error")
    if problems:
        report["status"] = "unhealthy"
    return report


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    report = examine()
    answer = JsonResponse(report, status=503 if report["problems"] else 200, json_dumps_params={"indent": 1})
    answer._has_been_logged = True  # type: ignore[attr-defined]  # a probe every few seconds is no news: Django would log each 503 as an error
    return answer
