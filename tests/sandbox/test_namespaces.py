"""The outer wall: what is found where, what is refused, and what a process sees inside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import levels, namespaces
from grader.sandbox.namespaces import OuterWall
from grader.sandbox.paths import default_read_paths

READ = default_read_paths()

needs_bwrap = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap (bwrap) isn't installed"
)

LOOK = """
import json, os, socket, sys
def seen(path):
    return os.path.lexists(path)
def network():
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5).close()
    except OSError as error:
        return type(error).__name__
    return "connected"
print(json.dumps({
    "hidden": seen(sys.argv[2]), "passwd": seen("/etc/passwd"), "home": seen("/home"),
    "shells": seen("/usr/bin/env"), "own": seen(sys.argv[3]), "network": network(),
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "devices": sorted(os.listdir("/dev")),
}))
"""


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a `bwrap` that is this script on the path."""
    file = folder / "bwrap"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where bubblewrap isn't installed there is no outer wall, and the reason is said."""
    monkeypatch.setenv("PATH", str(tmp_path))
    outer, _, why = namespaces.probe(READ)
    assert outer is None
    assert why == "bwrap isn't installed"


def test_a_program_that_may_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel or a container forbids namespaces, bubblewrap's own words are the reason."""
    said = "bwrap: Creating new namespace failed: Operation not permitted"
    fake(tmp_path, f"echo '{said}' >&2; exit 1", monkeypatch)
    outer, inside, why = namespaces.probe(READ)
    assert outer is None
    assert why == said
    assert isinstance(inside.can_drop_uid, bool)


def test_a_program_that_only_pretends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrapper that runs the command without namespaces isn't taken for a wall."""
    fake(tmp_path, 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"', monkeypatch)
    outer, _, why = namespaces.probe(READ)
    assert outer is None
    assert why == "bwrap ran, but not in namespaces of its own"


def test_a_program_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails without a word is told by its status."""
    fake(tmp_path, "exit 7", monkeypatch)
    assert namespaces.probe(READ)[2] == "status 7"


def test_weaker_ways_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container that masks procfs there is still a wall, without a procfs of its own."""
    real = shutil.which("bwrap")
    if real is None:
        pytest.skip("bubblewrap (bwrap) isn't installed")
    masked = (
        f'case "$*" in *--unshare-pid*) echo "no procfs" >&2; exit 1;; *) exec {real} "$@";; esac'
    )
    fake(tmp_path, masked, monkeypatch)
    outer, inside, why = namespaces.probe(READ)
    assert (outer is not None, why) == (True, "")
    assert outer is not None
    assert not outer.processes
    assert inside.private_scratch


@needs_bwrap
def test_what_is_seen_inside(tmp_path: Path) -> None:
    """Only Python, the libraries and the one directory: no other file, process or network."""
    import socket

    outer, _, why = namespaces.probe(READ)
    assert outer is not None, why
    own, hidden = tmp_path / "own", tmp_path / "hidden"
    own.mkdir()
    hidden.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        argv = [sys.executable, "-I", "-c", LOOK, str(port), str(hidden), str(own)]
        command = outer.command(argv, read=READ, write=[str(own)])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert not any(seen[name] for name in ("hidden", "passwd", "home", "shells"))
    assert seen["own"]
    assert seen["network"] != "connected"
    assert "null" in seen["devices"]
    assert not any(name.startswith(("sd", "nvme", "kvm", "nvidia")) for name in seen["devices"])
    if outer.processes:
        assert seen["processes"] == 2  # bubblewrap's own first one, and this


@needs_bwrap
def test_uids_behind_the_wall() -> None:
    """Behind the wall Python is readable for every uid, wherever it is; only root gives uids."""
    found = levels.detect()
    assert found.outer is not None
    assert (found.can_drop_uid, found.unreachable) == (os.geteuid() == 0, "")


@needs_bwrap
def test_another_copy_of_the_grader(tmp_path: Path) -> None:
    """Whoever runs a copy has that copy behind the wall too, and not the one that is installed."""
    shutil.copytree(Path(levels.__file__).parents[1], tmp_path / "grader")
    look = (
        "import grader, json; from grader.sandbox import namespaces, paths;"
        "found = namespaces.probe(paths.default_read_paths());"
        "print(json.dumps([grader.__file__, found[0] is not None, found[2]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    file, outer, why = json.loads(done.stdout)
    assert Path(file).is_relative_to(tmp_path)
    assert outer, why


def test_a_path_that_only_root_reads(tmp_path: Path) -> None:
    """Without the wall such a path keeps workers under root's uid, and is named."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "inside").mkdir()
    found, _ = namespaces.try_out(None, [str(tmp_path / "absent"), "/usr", str(closed / "inside")])
    assert found is not None
    assert not found.can_drop_uid
    if os.geteuid() == 0:
        assert found.unreachable != ""
        assert str(closed).startswith(found.unreachable)
        droppable, _ = namespaces.try_out(None, ["/usr", "/no such path"])
        assert droppable is not None
        assert droppable.can_drop_uid


def test_as_somebody_elses_root() -> None:
    """In a user namespace the wall keeps the right to mount and no other."""
    wall = OuterWall("/usr/bin/bwrap", user=True, processes=True, mounts=True)
    command = wall.command(["/bin/true"], read=[], write=[])
    added = [command[i + 1] for i, word in enumerate(command) if word == "--cap-add"]
    assert added == ["CAP_SYS_ADMIN"]
