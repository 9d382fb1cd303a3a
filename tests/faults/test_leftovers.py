"""What a killed grader leaves behind is removed by the next one, and nothing else is."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader import disk, folders
from grader.errors import UsageError
from grader.results import remove_abandoned

_HOLDS = """
import sys, time
from pathlib import Path
from grader import folders
with folders.temporary(Path(sys.argv[1])) as folder:
    (folder / "deep" / "er").mkdir(parents=True)
    print(folder, flush=True)
    sys.stdin.read()
"""


def holder(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has a temporary directory, until it is told to end or is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(parent)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_the_dead_and_the_living(tmp_path: Path) -> None:
    """A killed one's directory goes at the next start; that of a living one stays."""
    living, kept = holder(tmp_path)
    dead, gone = holder(tmp_path)
    assert kept.is_dir()
    dead.send_signal(signal.SIGKILL)
    dead.communicate()
    assert gone.is_dir()
    with folders.temporary(tmp_path) as own:
        assert not gone.exists()
        assert kept.is_dir()
        assert own.stat().st_mode & 0o777 == 0o711
    living.communicate()
    assert living.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_what_isnt_ours(tmp_path: Path) -> None:
    """Other names, files, links and other users' directories are left alone."""
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "grader-run-link").symlink_to(target)
    (tmp_path / "grader-run-file").write_text("")
    (tmp_path / "grader-batch-other").mkdir()
    if os.geteuid() == 0:
        (tmp_path / "grader-run-theirs").mkdir()
        os.chown(tmp_path / "grader-run-theirs", 1234, 1234)
    before = sorted(tmp_path.iterdir())
    with folders.temporary(tmp_path):
        pass
    assert sorted(tmp_path.iterdir()) == before


def test_many_at_once(tmp_path: Path) -> None:
    """Starting, tidying up and ending side by side, none loses its directory to another."""

    def one(number: int) -> None:
        with folders.temporary(tmp_path) as folder:
            (folder / "file").write_text(str(number))
            folders._remove_abandoned(tmp_path)
            assert (folder / "file").read_text() == str(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(200)))
    assert list(tmp_path.iterdir()) == []


def test_taken_for_abandoned_at_its_birth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever another grader does between making a directory and locking it, one is had."""
    made = tempfile.mkdtemp
    events = []

    def mkdtemp(**named: object) -> str:
        folder = made(**named)  # type: ignore[call-overload]
        events.append(folder)
        if len(events) == 1:
            os.rmdir(folder)
        if len(events) == 2:
            taken.append(folders._hold(Path(folder)))
        return str(folder)

    def removed_meanwhile(folder: Path) -> int:
        descriptor = held(folder)
        if len(events) == 3:
            os.rmdir(folder)
        return descriptor

    taken: list[int] = []
    held = folders._hold
    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    monkeypatch.setattr(folders, "_hold", removed_meanwhile)
    with folders.temporary(tmp_path) as folder:
        assert len(events) == 4
        assert str(folder) == events[3]
    os.close(taken[0])


def test_no_room_for_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without a free inode is full, too; other errors aren't hidden."""

    def refuse(number: int) -> None:
        def mkdtemp(**_: object) -> str:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)

    refuse(errno.ENOSPC)
    with pytest.raises(disk.DiskFull, match="TMPDIR"), folders.temporary(tmp_path):
        pass
    refuse(errno.EROFS)
    with pytest.raises(OSError, match="Read-only"), folders.temporary(tmp_path):
        pass


def test_outside(tmp_path: Path) -> None:
    """Staff is told of the directory that stays, not of one within it."""
    assert folders.outside(tmp_path / "grader-run-a" / "grader-run-b" / "grader-c") == tmp_path
    assert folders.outside(tmp_path) == tmp_path


def test_files_of_killed_writers(tmp_path: Path) -> None:
    """What `write_atomically` leaves when it is killed is removed; similar names are not."""
    (tmp_path / ".0123456789abcdef.tmp").write_text("half a page")
    kept = [".0123456789abcdef.tmp.html", ".notes.tmp", "0123456789abcdef.tmp", "index.html"]
    for name in kept:
        (tmp_path / name).write_text("")
    (tmp_path / ".fedcba9876543210.tmp").mkdir()
    remove_abandoned(tmp_path)
    remove_abandoned(tmp_path / "nowhere")
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {*kept, ".fedcba9876543210.tmp"}


# -- where temporary files go ----------------------------------------------------------------------


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """As in a fresh process without any variable."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_where_temporary_files_go(unset: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the variables say, made absolute; else in /tmp; nothing is tried out there."""
    assert disk.temporary_folder(1) == Path("/tmp")
    unset.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    for name in ("TMP", "TEMP", "TMPDIR"):
        unset.setenv(name, "here")
        assert disk.temporary_folder(1) == tmp_path / "here"
        unset.setenv(name, "")
    assert disk.temporary_folder(1) == Path("/tmp")


def test_nowhere_to_write(unset: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A TMPDIR that isn't there, or a file, is refused and not replaced by another place."""
    (tmp_path / "file").write_text("")
    for name in ("file", "nowhere"):
        unset.setenv("TMPDIR", str(tmp_path / name))
        with pytest.raises(UsageError, match=r"\(TMPDIR\) isn't a folder that can be written"):
            disk.temporary_folder(1)


def test_what_no_room_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither blocks nor inodes may be used up; folders yet to be made count as what's above."""

    def found(free: int, files: int, free_files: int) -> None:
        real = os.statvfs_result(
            (4096, 4096, 1000, free, free, files, free_files, free_files, 0, 9)
        )
        monkeypatch.setattr(os, "statvfs", lambda _: real)

    assert disk.free_mb(tmp_path / "yet" / "to" / "be") == disk.free_mb(tmp_path)
    found(512, 0, 0)
    assert disk.free_mb(tmp_path) == 2
    found(512, 100, 1)
    assert disk.free_mb(tmp_path) == 2
    found(512, 100, 0)
    assert disk.free_mb(tmp_path) == 0
    assert "has 0 MB free" not in str(disk.full(tmp_path, "--out"))
    assert "is full (0 MB free)" in str(disk.full(tmp_path, "--out"))
    found(1 << 20, 0, 0)
    assert "no room left for you (a quota?)" in str(disk.full(tmp_path, "--out"))
