"""GET /healthz: whole only when worker and scheduler live and no migration is pending."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError

import lingyan
from lingyan.config import health
from lingyan.config.models import Heartbeat, PeriodicJob
from lingyan.kernel.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    return [
        Heartbeat.objects.create(kind=kind, name=kind, started_at=now(), seen_at=now() - timedelta(seconds=20), ran_at=now() - timedelta(minutes=1))
        for kind in Heartbeat.Kind.values
    ]


def test_a_whole_installation_says_so(client, alive):
    answer = client.get("/healthz")

    report = answer.json()
    assert answer.status_code == 200
    assert report["status"] == "ok" and report["problems"] == [] and report["version"] == lingyan.__version__
    assert report["database"]["engine"] in {"sqlite", "postgresql"} and report["pending_migrations"] == []
    assert report["worker"]["alive"] and report["worker"]["processes"] == 1 and report["scheduler"]["last_ran"]


@pytest.mark.parametrize("kind", Heartbeat.Kind.values)
def test_a_dead_process_is_a_problem(client, alive, kind):
    Heartbeat.objects.filter(kind=kind).update(seen_at=now() - timedelta(seconds=61))

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["problems"] == [f"no_{kind}"]
    assert answer.json()[kind]["last_seen"]


def test_a_pending_migration_is_a_problem(client, alive, monkeypatch):
    monkeypatch.setattr(health, "pending_migrations", lambda: ["people.0009_more"])

    answer = client.get("/healthz")

    assert answer.status_code == 503 and answer.json()["pending_migrations"] == ["people.0009_more"]


def test_a_periodic_job_that_keeps_failing_is_a_problem(client, alive):
    PeriodicJob.objects.create(name="ledger.seal", due_at=now(), failures=3)

    assert client.get("/healthz").json()["problems"] == ["job_failing:ledger.seal"]


def test_a_database_that_is_away_is_said_without_a_trace(client, monkeypatch):
    def away():
        raise OperationalError("password authentication failed for user secret")

    monkeypatch.setattr(health, "pending_migrations", away)

    answer = client.get("/healthz")

    assert answer.status_code == 503 and answer.json()["problems"] == ["database_unreachable"]
    assert "secret" not in answer.content.decode()


def test_only_reading_is_possible(client):
    assert client.post("/healthz").status_code == 405
