"""The processes of one node: web, worker and scheduler, started, watched, restarted and stopped together. Knows no Django."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SETTLED_AFTER = 60.0  # seconds after which a process that dies is not counted as failing at once
GRACE = 15.0  # seconds a process has to finish what it is doing
DIE_WITH_PARENT = 1  # prctl(PR_SET_PDEATHSIG)


@dataclass
class Program:
    """One process to keep running: its name for people, its command, and what has become of it."""

    name: str
    command: Sequence[str]
    running: subprocess.Popen | None = None
    started: float = 0.0
    again_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE)


def with_parent() -> None:
    """In the child, on Linux: end when the parent dies, however it dies."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def say_at_once(sentence: str) -> None:
    print(sentence, flush=True)  # a log file or a journal has it now, not when a buffer is full


class Supervisor:
    """Keeps programs running until it is told to stop, and leaves none behind."""

    def __init__(self, programs: Sequence[Program], say: Callable[[str], None] = say_at_once) -> None:
        self.programs = programs
        self.say = say
        self.stopping = False

    def start(self, program: Program) -> None:
        program.started = time.monotonic()
        # A session of its own, so that Ctrl-C reaches the supervisor alone and each program is stopped once.
        program.running = subprocess.Popen(program.command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=with_parent)

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self.stopping:  # asked twice: no more grace
            self.signal_all(signal.SIGKILL)
        self.stopping = True

    def run(self, when_started: Callable[[], bool] | None = None) -> int:
        """Start all, then watch. `when_started` is asked again and again until it says True."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        for program in self.programs:
            self.start(program)
        while not self.stopping:
            self.look_after()
            if when_started and when_started():
                when_started = None
            time.sleep(0.2)
        self.say("正在停止……")
        return self.stop()

    def look_after(self) -> None:
        """Start again, after a pause that grows, each program that has ended."""
        moment = time.monotonic()
        for program in self.programs:
            if program.running is None:
                if moment >= program.again_at:
                    self.start(program)
            elif (code := program.running.poll()) is not None:
                if moment - program.started > SETTLED_AFTER:
                    program.pause = FIRST_PAUSE
                self.say(f"{program.name}意外停止（{code}），{program.pause:.0f} 秒后重新启动。")
                program.running, program.again_at = None, moment + program.pause
                program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def signal_all(self, number: int) -> None:
        for program in self.programs:
            if program.running and program.running.poll() is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    if number == signal.SIGKILL:  # with all that it has started
                        os.killpg(program.running.pid, number)
                    else:
                        program.running.send_signal(number)

    def stop(self) -> int:
        """Ask all to end, wait, end those that do not."""
        self.signal_all(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for program in self.programs:
            if program.running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.running.wait(max(0.1, deadline - time.monotonic()))
        late = [program.name for program in self.programs if program.running and program.running.poll() is None]
        self.signal_all(signal.SIGKILL)
        if late:
            self.say(f"{'、'.join(late)}没有按时结束，已强行停止；没做完的任务下次启动后会重做。")
        self.say("已停止。")
        return 0


def answers(address: str) -> bool:
    """Whether a server answers at this address at all, well or not."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def programs(chosen: Sequence[str], *, host: str, port: int, workers: int, threads: int) -> list[Program]:
    """The programs of this node among web, worker and scheduler."""
    django = [sys.executable, "-m", "lingyan.config.command", "manage"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [sys.executable, "-m", "gunicorn", "lingyan.config.wsgi", "--bind", bind, "--no-control-socket", "--log-level", "warning"]
    web += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--timeout", "60", "--graceful-timeout", "10"]
    if os.path.isdir("/dev/shm"):  # the workers' sign of life costs no disk
        web += ["--worker-tmp-dir", "/dev/shm"]
    known = {"web": Program("网页服务", web), "worker": Program("后台任务", [*django, "worker"]), "scheduler": Program("定时器", [*django, "scheduler"])}
    return [known[name] for name in chosen]
