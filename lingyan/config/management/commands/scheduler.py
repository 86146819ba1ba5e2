"""Ticks once a minute; see `lingyan.config.scheduler`."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from lingyan.config import scheduler
from lingyan.config.checks import refuse_insecure


class Command(BaseCommand):
    help = "Run periodic jobs and look after tasks, until told to stop."
    requires_system_checks = ()  # refuse_insecure says more

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_insecure()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_details: stop.set())
        scheduler.run(stop)
