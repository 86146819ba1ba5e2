"""One tick a minute: periodic jobs that are due run, tasks whose worker died are queued again, failed ones are tried again later.

Safe to run twice, on one machine or on many: the row of a periodic job is its lock, and a task is taken by whoever changes its row first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from django_tasks_db.models import DBTaskResult

from lingyan.config.models import Heartbeat, PeriodicJob
from lingyan.kernel.clock import now
from lingyan.kernel.wires import load, wire
from lingyan.ledger.services import via

log = logging.getLogger(__name__)

BEAT = timedelta(seconds=10)
DEAD_AFTER = timedelta(seconds=60)
LEASE = timedelta(hours=1)  # a periodic job cut off by a dead scheduler is taken up again after this at the latest
ATTEMPTS = 5
READY, RUNNING, FAILED, SUCCESSFUL = "READY", "RUNNING", "FAILED", "SUCCESSFUL"
REFUSALS = "lingyan.kernel.refusals."
OWN_JOBS: list[tuple[str, str, int]] = [("config.tidy", "lingyan.config.scheduler:tidy", 60)]


def pause_before(attempt: int) -> timedelta:
    """How long a task rests after its first, second, … failure: 1, 5, 25, 125 minutes."""
    return timedelta(minutes=5 ** (attempt - 1))


# --- signs of life ------------------------------------------------------------------------------------------------------


class Pulse:
    """A thread that writes this process's heartbeat while its main thread works, and takes it back at a clean end."""

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind, self.name = kind, name or f"{kind}-{get_random_string(16)}"
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.keep_beating, name="pulse", daemon=True)

    def __enter__(self) -> Pulse:
        beat(self.kind, self.name)
        self.thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self.ended.set()
        self.thread.join(5)
        with suppress(DatabaseError):
            Heartbeat.objects.filter(name=self.name).delete()

    def keep_beating(self) -> None:
        while not self.ended.wait(BEAT.total_seconds()):
            try:
                beat(self.kind, self.name)
            except DatabaseError as error:  # the database is away for a while; the next beat tries again
                log.warning("no heartbeat written: %s", error)
            finally:
                close_old_connections()
        connection.close()


def beat(kind: str, name: str, *, ran: bool = False) -> None:
    """This process lives; with `ran`, it has just done something."""
    moment = now()
    fields = {"seen_at": moment} | ({"ran_at": moment} if ran else {})
    Heartbeat.objects.update_or_create(name=name, defaults=fields, create_defaults=fields | {"kind": kind, "started_at": moment})


def living(kind: str) -> QuerySet[Heartbeat]:
    """The processes of this kind that have given a sign of life lately."""
    return Heartbeat.objects.filter(kind=kind, seen_at__gt=now() - DEAD_AFTER)


# --- periodic jobs ------------------------------------------------------------------------------------------------------


def claim(name: str, every: timedelta) -> bool:
    """Whether this caller, and no other, is to run the job now."""
    moment = now()
    PeriodicJob.objects.get_or_create(name=name, defaults={"due_at": moment})
    with transaction.atomic():
        job = PeriodicJob.objects.select_for_update().get(name=name)
        if job.due_at > moment:
            return False
        job.started_at, job.due_at = moment, moment + min(every, LEASE)
        job.save(update_fields=["started_at", "due_at"])
    return True


def finish(name: str, every: timedelta, *, failed: bool) -> None:
    """Note how a job ended and when it is due again: sooner than usual after a failure, later with each further one."""
    moment = now()
    job = PeriodicJob.objects.get(name=name)
    job.finished_at = moment
    job.failures = job.failures + 1 if failed else 0
    begin = job.started_at or moment
    # A little less than the period, so that a job of one minute is not missed by a tick that comes some milliseconds early.
    job.due_at = moment + min(every, timedelta(minutes=5 * 2 ** min(job.failures - 1, 10))) if failed else begin + every - timedelta(seconds=5)
    job.save(update_fields=["finished_at", "failures", "due_at"])


def run_due_jobs() -> list[str]:
    """Run each periodic job that is due, one after the other; the names of those that ran. A job that takes long enqueues a task instead."""
    ran = []
    for name, address, minutes in [*wire("PERIODIC"), *OWN_JOBS]:
        every = timedelta(minutes=minutes)
        if not claim(name, every):
            continue
        failed = False
        try:
            with via("job"):
                load(address)()
        except Exception:
            failed = True
            log.exception("periodic job %s failed", name)
        finish(name, every, failed=failed)
        ran.append(name)
    return ran


def tidy() -> None:
    """Forget what nobody asks for any more: done tasks, dead heartbeats, expired sessions."""
    moment = now()
    for status, age in ((SUCCESSFUL, timedelta(days=7)), (FAILED, timedelta(days=90))):
        while True:  # in batches, so that no write lasts
            old = DBTaskResult.objects.filter(status=status, finished_at__lt=moment - age).values_list("pk", flat=True)[:500]
            if not DBTaskResult.objects.filter(pk__in=list(old)).delete()[0]:
                break
    Heartbeat.objects.filter(seen_at__lt=moment - timedelta(days=1)).delete()
    SessionStore.clear_expired()


# --- tasks --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def requeue_orphans() -> int:
    """Queue again each running task whose worker has given no sign of life; one that has killed too many workers is given up."""
    moment = now()
    alive = set(living(Heartbeat.Kind.WORKER).values_list("name", flat=True))
    count = 0
    for task in DBTaskResult.objects.select_for_update(skip_locked=True).filter(status=RUNNING, started_at__lt=moment - DEAD_AFTER)[:200]:
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        if len(task.worker_ids) >= ATTEMPTS:
            task.status, task.finished_at, task.exception_class_path = FAILED, moment, "lingyan.config.scheduler.WorkerDied"
            log.error("task %s (%s) given up: its worker died %d times", task.pk, task.task_path, len(task.worker_ids))
        else:
            task.status = READY
            log.warning("task %s (%s) queued again: its worker died", task.pk, task.task_path)
        task.save(update_fields=["status", "finished_at", "exception_class_path"])
        count += 1
    return count


@transaction.atomic
def retry_failed() -> int:
    """Queue again each failed task whose rest is over. A refusal is an answer and is not asked again."""
    moment = now()
    count = 0
    failed = DBTaskResult.objects.select_for_update(skip_locked=True).filter(status=FAILED, finished_at__gt=moment - timedelta(days=1))
    for task in failed.exclude(exception_class_path__startswith=REFUSALS).order_by("finished_at")[:200]:
        attempts = len(task.worker_ids)
        if attempts >= ATTEMPTS or task.finished_at is None or task.finished_at + pause_before(max(attempts, 1)) > moment:
            continue
        task.status = READY
        task.save(update_fields=["status"])
        count += 1
    return count


# --- the loop -----------------------------------------------------------------------------------------------------------


def tick() -> list[str]:
    """Everything of one minute; a part that fails does not keep the others from running."""
    ran: list[str] = []
    for part in (lambda: ran.extend(run_due_jobs()), requeue_orphans, retry_failed):
        try:
            part()
        except DatabaseError:
            log.exception("a part of the tick failed")
        finally:
            close_old_connections()
    return ran


def seconds_to_next_minute(moment: datetime) -> float:
    return 60 - moment.second - moment.microsecond / 1_000_000


def run(stop: threading.Event, *, wait: Callable[[float], bool] | None = None) -> None:
    """Tick at once and then with each minute, until `stop` is set."""
    wait = wait or stop.wait
    with Pulse(Heartbeat.Kind.SCHEDULER) as pulse:
        while not stop.is_set():
            tick()
            with suppress(DatabaseError):
                beat(pulse.kind, pulse.name, ran=True)
            if wait(seconds_to_next_minute(now())):
                break
