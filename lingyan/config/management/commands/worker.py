"""Does the tasks that the house enqueues, and gives signs of life meanwhile."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from lingyan.config.checks import refuse_insecure
from lingyan.config.models import Heartbeat
from lingyan.config.scheduler import Pulse, beat


class LivingWorker(Worker):
    """The worker of django-tasks-db, which also notes when it last did a task."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        super().run_task(db_task_result)
        beat(Heartbeat.Kind.WORKER, self.worker_id, ran=True)


class Command(BaseCommand):
    help = "Do the tasks that the house enqueues, until told to stop."
    requires_system_checks = ()  # refuse_insecure says more

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_insecure()
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # that it was asked to stop is no warning
        worker = LivingWorker(
            queue_names=["*"],
            interval=1,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"worker-{get_random_string(16)}",
            excluded_queue_names=[],
        )
        worker.configure_signals()
        with Pulse(Heartbeat.Kind.WORKER, worker.worker_id):
            worker.run()
