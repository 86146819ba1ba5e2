"""The processes of a node: started again when they die, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lingyan.config import processes
from lingyan.config.environment import BASE_DIR
from lingyan.config.processes import Program, Supervisor


def sleeper(folder: Path, name: str, *, deaf: bool = False, lives: float = 60) -> Program:
    """A program that notes its process id each time it starts."""
    deafness = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if deaf else ""
    code = f"import os, signal, time; {deafness} open({str(folder / name)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep({lives})"
    return Program(name, [sys.executable, "-S", "-c", code])


def started(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def until(condition, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_that_dies_is_started_again_after_a_pause(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.05)
    program = sleeper(tmp_path, "web", lives=0)
    program.pause = 0.05
    said: list[str] = []
    supervisor = Supervisor([program], said.append)
    supervisor.start(program)

    def twice() -> bool:
        supervisor.look_after()
        return len(started(tmp_path, "web")) >= 2

    assert until(twice)
    assert "web意外停止" in said[0]
    assert program.pause > 0.05
    supervisor.stop()


def test_stopping_ends_every_program(tmp_path):
    supervisor = Supervisor([sleeper(tmp_path, "web"), sleeper(tmp_path, "worker")], lambda _sentence: None)
    for program in supervisor.programs:
        supervisor.start(program)
    assert until(lambda: started(tmp_path, "web") and started(tmp_path, "worker"))

    assert supervisor.stop() == 0

    assert not any(is_alive(pid) for name in ("web", "worker") for pid in started(tmp_path, name))


def test_a_program_that_does_not_listen_is_ended_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.3)
    said: list[str] = []
    supervisor = Supervisor([sleeper(tmp_path, "worker", deaf=True)], said.append)
    supervisor.start(supervisor.programs[0])
    assert until(lambda: started(tmp_path, "worker"))

    supervisor.stop()

    assert until(lambda: not is_alive(started(tmp_path, "worker")[0]) or supervisor.programs[0].running.poll() is not None)
    assert "worker没有按时结束" in said[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_program_outlives_its_supervisor(tmp_path, number):
    code = (
        "import sys; from pathlib import Path; from lingyan.config.processes import Supervisor; from lingyan.config.tests.test_processes import sleeper;"
        "sys.exit(Supervisor([sleeper(Path(sys.argv[1]), 'web')]).run())"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=BASE_DIR, stdout=subprocess.DEVNULL)
    assert until(lambda: started(tmp_path, "web"))

    supervisor.send_signal(number)

    assert supervisor.wait(10) == (-number if number == signal.SIGKILL else 0)
    assert until(lambda: not is_alive(started(tmp_path, "web")[0]))


def test_what_is_to_happen_after_the_start_happens_once(tmp_path):
    asked = []
    code_done = threading.Event()
    supervisor = Supervisor([sleeper(tmp_path, "web")], lambda _sentence: None)

    def when_started() -> bool:
        asked.append(1)
        if len(asked) == 3:
            supervisor.stopping = True
            code_done.set()
        return len(asked) == 2

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    threading.Timer(1.0, lambda: setattr(supervisor, "stopping", True)).start()
    try:
        supervisor.run(when_started)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert len(asked) == 2 and not code_done.is_set()
