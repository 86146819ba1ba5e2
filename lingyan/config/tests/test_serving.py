"""The whole installation as an operator starts it: processes come up whole, one that is killed comes back, all end together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from lingyan.config.environment import BASE_DIR

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")]


@pytest.fixture
def empty_database():
    """The address of an empty database on the engine the suite runs on: a PostgreSQL of its own, or "" for SQLite."""
    server = os.environ.get("LINGYAN_TEST_DATABASE_URL")
    if not server:
        yield ""
        return
    name = f"serving_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def served(tmp_path, empty_database):
    """`lingyan serve --prepare` on a free port with an empty database: (the process, its address, what it prints)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {"LINGYAN_DATA": str(tmp_path), "LINGYAN_DATABASE_URL": empty_database, "LINGYAN_LOG_LEVEL": "WARNING", "LINGYAN_TEST_DATABASE_URL": ""}
    log = tmp_path / "log"
    with log.open("w") as file:
        command = [sys.executable, "-m", "lingyan.config.command", "serve", "--prepare", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, cwd=BASE_DIR, env=env, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
    yield process, f"http://127.0.0.1:{port}", log
    if process.poll() is None:
        process.kill()
        process.wait()


def health(address: str) -> dict:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return {"status": "no answer"}


def until(condition, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def children(pid: int) -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"\nPPid:\t{pid}\n" in (folder / "status").read_text():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def test_an_empty_installation_comes_up_whole_heals_and_ends_without_a_trace(served):
    process, address, log = served

    assert until(lambda: health(address)["status"] == "ok", 150), f"{health(address)}\n{log.read_text()}"
    assert until(lambda: f"领雁已启动：{address}" in log.read_text(), 60)
    running = children(process.pid)
    assert len(running) == 3

    worker = next(pid for pid, command in running.items() if command.rstrip().endswith("manage worker"))
    os.kill(worker, signal.SIGKILL)
    assert until(lambda: len(children(process.pid)) == 3 and worker not in children(process.pid), 30), log.read_text()
    assert "后台任务意外停止" in log.read_text()

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in running)
    assert "Traceback" not in log.read_text()
