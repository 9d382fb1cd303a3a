"""A course on its way to workers: bounded, the same everywhere, and new when a file changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from grader import course
from grader.cluster import files
from grader.cluster.files import Parcel, parcel_of, unpack
from grader.errors import UsageError

from .ground import TINY


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    )


def listed(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_it_arrives_whole(root: Path, tmp_path: Path) -> None:
    """Everything that checks may need, and what they import beside them; nothing else."""
    (root / "solutions" / "conftest.py").write_text("# shared\n")
    (root / "conftest.py").write_text("# shared by all\n")
    everything = listed(root)
    (root / "solutions" / "__pycache__").mkdir()
    (root / "solutions" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (root / "solutions" / ".git").mkdir()
    (root / "solutions" / ".git" / "config").write_text("x")
    (root / "reports").mkdir()
    (root / "reports" / "results.json").write_text("marks")
    os.mkfifo(root / "solutions" / "pipe")
    unpack(parcel_of(root), tmp_path / "there")
    assert listed(tmp_path / "there") == everything
    assert course.load(tmp_path / "there").name == course.load(root).name


def test_a_change_has_another_digest(root: Path) -> None:
    """The same files have the same digest wherever they lie, any other file another one."""
    first = parcel_of(root)
    assert parcel_of(Path(shutil.copytree(root, root.parent / "copy"))) == first
    check = root / "solutions" / "square" / "test_square.py"
    check.write_text(check.read_text() + "# changed\n")
    assert parcel_of(root).digest != first.digest


def test_linked_folders(root: Path, tmp_path: Path) -> None:
    """What a link leads to comes along; one in a circle is left."""
    shutil.move(root / "solutions" / "square", tmp_path / "elsewhere")
    (root / "solutions" / "square").symlink_to(tmp_path / "elsewhere")
    unpack(parcel_of(root), tmp_path / "there")
    assert (tmp_path / "there" / "solutions" / "square" / "test_square.py").is_file()
    (root / "solutions" / "again").symlink_to(root / "solutions")
    unpack(parcel_of(root), tmp_path / "twice")
    assert not (tmp_path / "twice" / "solutions" / "again").exists()


@pytest.mark.parametrize(("name", "value"), [("MOST_MB", 0), ("MOST_FILES", 5)])
def test_too_much(root: Path, name: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is told, with the file at which it was reached."""
    monkeypatch.setattr(files, name, value)
    with pytest.raises(UsageError, match=r"hold more than .* \(at .*\), .* move away"):
        parcel_of(root)


def test_unreadable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named."""

    def refuses(file: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuses)
    with pytest.raises(UsageError, match=r"course\.toml can't be read \(Permission denied\)"):
        parcel_of(root)


def test_damaged(tmp_path: Path) -> None:
    """What isn't what it says isn't unpacked."""
    with pytest.raises(ValueError, match="damaged on its way"):
        unpack(Parcel("0" * 64, b"x"), tmp_path / "there")
    assert not (tmp_path / "there").exists()
