"""The tick: periodic jobs once, tasks of dead workers queued again, failed ones tried later."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from lingyan.config import scheduler
from lingyan.config.models import Heartbeat, PeriodicJob
from lingyan.kernel import clock

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.get_default_timezone())
ran: list[datetime] = []


def job() -> None:
    ran.append(clock.now())


def broken_job() -> None:
    ran.append(clock.now())
    raise ValueError("broken")


@pytest.fixture(autouse=True)
def only_test_jobs(monkeypatch):
    ran.clear()
    monkeypatch.setattr(scheduler, "wire", lambda name: [("test.job", f"{__name__}:job", 60)])
    monkeypatch.setattr(scheduler, "OWN_JOBS", [])


def tick_at(moment: datetime) -> list[str]:
    with clock.at(moment):
        return scheduler.run_due_jobs()


def make_task(
    *, status: str, attempts: int = 1, started: datetime = NOON, finished: datetime | None = None, exception: str = "builtins.OSError", worker: str = "gone"
) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="lingyan.test.task",
        worker_ids=[worker] * attempts,
        backend_name="default",
        run_after=get_date_max(),
        started_at=started,
        finished_at=finished,
        exception_class_path=exception,
        traceback="",
    )


def test_a_job_runs_when_it_is_due_and_not_before():
    assert tick_at(NOON) == ["test.job"]
    assert tick_at(NOON) == []
    assert tick_at(NOON + timedelta(minutes=59)) == []
    assert tick_at(NOON + timedelta(minutes=60)) == ["test.job"]


def test_a_job_of_one_minute_runs_with_every_tick(monkeypatch):
    monkeypatch.setattr(scheduler, "wire", lambda name: [("test.job", f"{__name__}:job", 1)])

    for minute in range(5):
        tick_at(NOON + timedelta(minutes=minute, seconds=minute % 2))

    assert len(ran) == 5


@pytest.mark.errors_expected
def test_a_job_that_fails_is_tried_again_sooner_than_its_period_and_counted(monkeypatch):
    monkeypatch.setattr(scheduler, "wire", lambda name: [("test.job", f"{__name__}:broken_job", 24 * 60)])

    tick_at(NOON)
    tick_at(NOON + timedelta(minutes=4))
    tick_at(NOON + timedelta(minutes=5))
    tick_at(NOON + timedelta(minutes=14))
    tick_at(NOON + timedelta(minutes=15))

    assert ran == [NOON, NOON + timedelta(minutes=5), NOON + timedelta(minutes=15)]
    assert PeriodicJob.objects.get().failures == 3


@pytest.mark.errors_expected
def test_one_broken_job_does_not_keep_the_next_from_running(monkeypatch):
    monkeypatch.setattr(scheduler, "wire", lambda name: [("broken", f"{__name__}:broken_job", 1), ("test.job", f"{__name__}:job", 1)])

    assert tick_at(NOON) == ["broken", "test.job"]


def test_a_job_cut_off_by_a_dead_scheduler_is_taken_up_again():
    with clock.at(NOON):
        assert scheduler.claim("nightly", timedelta(days=1))

    with clock.at(NOON + timedelta(minutes=59)):
        assert not scheduler.claim("nightly", timedelta(days=1))
    with clock.at(NOON + timedelta(minutes=60)):
        assert scheduler.claim("nightly", timedelta(days=1))


def test_a_task_whose_worker_died_is_queued_again():
    task = make_task(status="RUNNING")

    with clock.at(NOON + timedelta(seconds=61)):
        assert scheduler.requeue_orphans() == 1

    task.refresh_from_db()
    assert task.status == "READY" and task.exception_class_path == "builtins.OSError"


def test_a_task_whose_worker_lives_is_left_alone_however_long_it_takes():
    task = make_task(status="RUNNING", worker="alive")
    later = NOON + timedelta(hours=3)
    Heartbeat.objects.create(kind="worker", name="alive", started_at=NOON, seen_at=later - timedelta(seconds=50))

    with clock.at(later):
        assert scheduler.requeue_orphans() == 0

    task.refresh_from_db()
    assert task.status == "RUNNING"


@pytest.mark.errors_expected
def test_a_task_that_killed_too_many_workers_is_given_up():
    task = make_task(status="RUNNING", attempts=scheduler.ATTEMPTS)

    with clock.at(NOON + timedelta(minutes=5)):
        scheduler.requeue_orphans()

    task.refresh_from_db()
    assert task.status == "FAILED" and task.exception_class_path.endswith("WorkerDied")


@pytest.mark.parametrize("attempts, minutes", [(1, 1), (2, 5), (3, 25), (4, 125)])
def test_a_failed_task_is_tried_again_after_a_rest_that_grows(attempts, minutes):
    task = make_task(status="FAILED", attempts=attempts, finished=NOON)

    with clock.at(NOON + timedelta(minutes=minutes, seconds=-1)):
        assert scheduler.retry_failed() == 0
    with clock.at(NOON + timedelta(minutes=minutes)):
        assert scheduler.retry_failed() == 1

    task.refresh_from_db()
    assert task.status == "READY"


@pytest.mark.parametrize("more", [{"attempts": scheduler.ATTEMPTS}, {"exception": "lingyan.kernel.refusals.Refused"}])
def test_a_task_tried_often_enough_or_refused_by_a_rule_stays_failed(more):
    make_task(status="FAILED", finished=NOON, **more)

    with clock.at(NOON + timedelta(hours=12)):
        assert scheduler.retry_failed() == 0


def test_tidying_forgets_old_tasks_and_keeps_the_others():
    old, fresh = NOON - timedelta(days=8), NOON - timedelta(days=6)
    make_task(status="SUCCESSFUL", finished=old)
    kept = [make_task(status="SUCCESSFUL", finished=fresh), make_task(status="FAILED", finished=old), make_task(status="READY", started=old)]

    with clock.at(NOON):
        scheduler.tidy()

    assert set(DBTaskResult.objects.all()) == set(kept)


def test_a_pulse_gives_a_sign_of_life_and_takes_it_back():
    with scheduler.Pulse("worker", "one"):
        assert scheduler.living("worker").count() == 1

    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)  # a tick gives its connection back
def test_the_loop_ticks_at_once_and_then_with_each_minute():
    stop, waited = threading.Event(), []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 2

    scheduler.run(stop, wait=wait)

    assert len(waited) == 2 and all(0 < seconds <= 60 for seconds in waited)
    assert len(ran) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_schedulers_one_alone_runs_a_job():
    begin, won = threading.Barrier(4), []

    def race() -> None:
        begin.wait()
        won.append(scheduler.claim("raced", timedelta(minutes=1)))
        connection.close()

    threads = [threading.Thread(target=race) for _racer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False, False, False, True]
