"""Setting up: what is skipped, and the sentence for each thing that may be missing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from lingyan.config import install
from lingyan.config.environment import BASE_DIR


@pytest.mark.parametrize(
    "version, fits",
    [("v20.19.0", True), ("v20.18.3", False), ("v18.20.1", False), ("v21.7.0", False), ("v22.11.0", False), ("v22.12.0", True), ("v24.1.0", True), ("", False)],
)
def test_knows_which_node_can_build(version, fits):
    assert install.node_fits(version) is fits


@pytest.mark.parametrize(
    "output, words",
    [
        ("WARNING: Retrying … [Errno -3] Temporary failure in name resolution", "连不上软件源"),
        ("npm error code ENOTFOUND", "连不上软件源"),
        ("OSError: [Errno 28] No space left on device", "磁盘满了"),
        ("[Errno 13] Permission denied: '/srv'", "没有写入权限"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "校验值不一致"),
        ("something else", "没有成功"),
    ],
)
def test_says_what_went_wrong_while_installing(output, words):
    assert words in install.explained(output, "安装")


def test_a_program_that_fails_is_quoted_with_its_last_lines():
    with pytest.raises(install.Stopped, match=r"(?s)这一步没有成功。.*the reason"):
        install.call([sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)"], "这一步")


def test_a_taken_port_is_refused_with_the_program_that_has_it():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(install.Stopped, match=f"端口 {port} 已被占用。占用者是进程 {os.getpid()}：.*--port {port + 1}"):
            install.check_port("127.0.0.1", port)


def test_a_free_port_is_fine():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    install.check_port("127.0.0.1", port)


def test_a_port_that_is_none_is_refused():
    with pytest.raises(install.Stopped, match="1 到 65535"):
        install.check_port("127.0.0.1", 70000)


def test_a_folder_that_cannot_be_written_is_refused_by_name(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(install.Stopped, match=r"写不进文件夹.*LINGYAN_DATA"):
        install.check_folder(tmp_path / "file" / "var")


def test_a_full_disk_is_said_before_anything_is_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "SPACE_NEEDED", 10**18)

    with pytest.raises(install.Stopped, match="磁盘空间不够"):
        install.check_space(tmp_path)


def test_nothing_is_installed_twice(monkeypatch, tmp_path):
    lock = install.ROOT / "requirements.txt"
    monkeypatch.setattr(install, "STAMPS", tmp_path / "stamps.json")
    install.stamp("requirements", install.digest([lock]))
    monkeypatch.setattr(install, "call", lambda *_args, **_more: pytest.fail("pip was called"))
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "put_on_path", lambda: None)

    install.install("requirements", "安装")


@pytest.mark.parametrize("command", ["run", "test"])
def test_a_machine_without_a_new_enough_python_is_told_so(tmp_path, command):
    for name in ("python3", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")

    done = subprocess.run(["/bin/sh", BASE_DIR / command], env={"PATH": str(tmp_path)}, capture_output=True, text=True)

    assert done.returncode == 1 and "Python 3.11" in done.stderr
