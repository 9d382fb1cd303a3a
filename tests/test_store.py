"""Finished rows survive, faults are no verdicts, and keys change with all that matters."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader import course, keys, store
from grader.engine.config import EngineConfig
from grader.errors import UsageError
from grader.placement import Gpu, Placement
from grader.results import CheckResult, Row
from grader.sandbox.levels import Level
from grader.store import Store, key_of
from grader.text import Text

TINY = Path(__file__).parent / "courses" / "tiny"


def row(student: str = "ada", status: str = "graded", points: float = 6.0) -> Row:
    check = CheckResult("test_values", "passed", points, 6.0, message=Text("well done", "很好"))
    return Row(student, "square", status, points, 6.0, 0.5, checks=(check,), file="square.py")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "verdicts.sqlite"


def test_rows_survive_reopening(file: Path) -> None:
    """What was put comes back the same after the file was closed and opened again."""
    first = Store(file)
    first.put("k", row("王小明"))
    first.set_fact("seed", "7")
    first.close()
    again = Store(file)
    assert again.get("k") == row("王小明")
    assert again.get("other") is None
    assert again.fact("seed") == "7"
    assert again.fact("nothing") is None
    again.close()


def test_rows_are_readable_by_other_processes_at_once(file: Path) -> None:
    """A row is there for another connection as soon as `put` returns."""
    writer, reader = Store(file), Store(file)
    writer.put("k", row())
    assert reader.get("k") == row()
    writer.close()
    reader.close()


def test_reading_is_of_one_moment(file: Path) -> None:
    """What another keeps meanwhile is there afterwards, and nobody waits for anybody."""
    writer, reader = Store(file), Store(file)
    writer.put("first", row())
    with reader.reading():
        assert reader.get("first") == row()
        writer.put("second", row("bob"))
        assert reader.get("second") is None
    assert reader.get("second") == row("bob")
    writer.close()
    reader.close()


def test_writing_ends_what_is_read_at_once(file: Path) -> None:
    """SQLite refuses to write after a read that another's write has made out of date."""
    other, mine = Store(file), Store(file)
    with mine.reading():
        assert mine.get("k") is None
        other.put("k", row())
        mine.set_passed(["digest"])
        assert mine.get("k") == row()
        mine.put("mine", row("bob"))
    assert other.get("mine") == row("bob")
    assert other.has_passed("digest")
    mine.close()
    with pytest.raises(UsageError), mine.reading():
        raise AssertionError
    other.close()


def test_grader_errors_are_never_reused(file: Path) -> None:
    """A fault is handed on to the batch, but a later run asks again."""
    made = Store(file)
    made.put("k", row(status="grader_error"))
    assert made.get("k") is None
    assert [key for _, key, _ in made.since(0)] == ["k"]
    made.put("k", row())
    assert made.get("k") == row()
    made.close()


def test_since_gives_what_came_after(file: Path) -> None:
    """Rows come in the order in which they were put; one that is put anew comes again."""
    made = Store(file)
    made.put("a", row("a"))
    before = made.last()
    made.put("b", row("b"))
    made.put("a", row("a", points=1.0))
    assert [(key, found.points) for _, key, found in made.since(before)] == [("b", 6.0), ("a", 1.0)]
    assert made.since(made.last()) == []
    made.close()


def test_a_row_that_cant_be_read_is_made_anew(file: Path) -> None:
    """A row of an older form, or damaged, counts as not there."""
    made = Store(file)
    made.put("k", row())
    for data in (b"{}", b"\xff", b'{"student": 3}', b""):
        made._db.execute("UPDATE rows SET row = ?", (data,))
        assert made.get("k") is None
        assert made.since(0) == []
    made.close()


def test_a_fault_never_costs_a_verdict(file: Path) -> None:
    """A fault under the key of a verdict, as with --no-cache, is handed on; the verdict stays."""
    made = Store(file)
    made.put("k", row())
    before = made.last()
    made.put("k", row(status="grader_error"))
    assert [found.status for _, _, found in made.since(before)] == ["grader_error"]
    assert made.get("k") == row()
    made.put("k", row(points=1.0))
    assert made.get("k") == row(points=1.0)
    made.close()


def test_a_row_under_another_key(file: Path) -> None:
    """A row is believed only under the key that it was put under."""
    made = Store(file)
    made.put("k", row())
    made._db.execute("UPDATE rows SET key = 'other'")
    assert made.get("other") is None
    assert made.since(0) == []
    made.close()


def test_parts_dont_run_together() -> None:
    """Moving a byte from one part to its neighbour gives another key."""
    assert key_of({"a": "xy", "b": "z"}) != key_of({"a": "x", "b": "yz"})
    assert key_of({"a": "1", "b": ""}) != key_of({"a": "1"})
    assert key_of({"a": "1:b:1:2"}) != key_of({"a": "1", "b": "2"})
    assert key_of({"b": "2", "a": "1"}) == key_of({"a": "1", "b": "2"})
    assert key_of({"name": "\ud800"}) != key_of({"name": "?"})


# -- what a key depends on -------------------------------------------------------------------------

CONFIG = EngineConfig(Level.STRICT, course.load(TINY).limits)
GPU = Placement("gpu", "GPU:0", 1024, (Gpu("GPU-one", 2),))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def key(
    root: Path,
    source: bytes = b"x",
    read_as: str = "square.py",
    config: EngineConfig = CONFIG,
    seed: int = 1,
    exercise: str = "square",
) -> str:
    loaded = course.load(root)
    return keys.keys_for(loaded, loaded.exercises, config, seed)[exercise](source, read_as)


def append(name: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / name
        file.write_text((file.read_text() if file.exists() else "") + "\n# changed\n")

    return change


@pytest.mark.parametrize(
    "name",
    [
        "solutions/square/square.py",
        "solutions/square/test_square.py",
        "solutions/square/helpers.py",
        "solutions/square/conftest.py",
        "solutions/conftest.py",
        "conftest.py",
    ],
)
def test_the_course_is_in_the_key(copy: Path, name: str) -> None:
    """Checks, reference, and whatever pytest reads beside them."""
    before = key(copy)
    assert key(copy) == before, "the key must be stable"
    append(name)(copy)
    assert key(copy) != before


@pytest.mark.parametrize(
    "name",
    [
        "course.toml",  # by a comment
        "exercises/square/square.py",
        "solutions/scale/scale.py",
        "solutions/scale/test_scale.py",
    ],
)
def test_what_no_verdict_depends_on(copy: Path, name: str) -> None:
    """The stub, comments and other exercises may change without grading everything anew."""
    before = key(copy)
    append(name)(copy)
    assert key(copy) == before


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("check_seconds = 5.0", "check_seconds = 6.0"),
        ("memory_mb = 2048", "memory_mb = 1024"),
        ('shortcuts = ["tf.pow", "tf.math.pow"]', 'shortcuts = ["tf.pow"]'),
        ('symbols = ["square"]', 'symbols = ["square", "cube"]'),
    ],
)
def test_what_the_course_says_is_in_the_key(copy: Path, was: str, now: str) -> None:
    """Limits, symbols and shortcuts decide verdicts."""
    before, file = key(copy), copy / "course.toml"
    assert was in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(was, now), "utf-8")
    assert key(copy) != before


@pytest.mark.parametrize(
    "other",
    [
        {"source": b"y"},
        {"read_as": "huber.ipynb"},
        {"seed": 2},
        {"exercise": "scale"},
        {"config": replace(CONFIG, placement=GPU)},
        {"config": replace(CONFIG, level=Level.BASIC)},
        {"config": replace(CONFIG, limits=replace(CONFIG.limits, check_seconds=1.0))},
        {"config": replace(CONFIG, limits=replace(CONFIG.limits, submission_seconds=1.0))},
        {"config": replace(CONFIG, limits=replace(CONFIG.limits, memory_mb=1))},
    ],
    ids=str,
)
def test_the_run_is_in_the_key(other: dict[str, object]) -> None:
    """Submission, how it was read, seed, exercise, device, sandbox level, each limit."""
    assert key(TINY, **other) != key(TINY)  # type: ignore[arg-type]


def test_of_a_gpu_only_its_share_is_in_the_key(copy: Path) -> None:
    """Which GPU it is and how many jobs share it decide nothing; the memory does, on the GPU."""
    on_gpu = replace(CONFIG, placement=GPU)
    moved = replace(GPU, gpus=(Gpu("GPU-two", 7), Gpu("GPU-three", 1)))
    before = key(copy), key(copy, config=on_gpu)
    assert key(copy, config=replace(CONFIG, placement=moved)) == before[1]
    less = replace(GPU, memory_mb=512)
    assert key(copy, config=replace(CONFIG, placement=less)) != before[1]
    file = copy / "course.toml"
    with_share = file.read_text("utf-8").replace("[defaults]", "[defaults]\ngpu_memory_mb = 512")
    assert "gpu_memory_mb" in with_share
    file.write_text(with_share, "utf-8")
    changed = replace(CONFIG, limits=course.load(copy).limits)
    assert changed.limits.gpu_memory_mb == 512
    assert key(copy, config=changed) == before[0]


def test_versions_settings_and_source_are_in_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A new TensorFlow, another setting of its, or a change in the grader grades anew."""
    before = key(TINY)
    with monkeypatch.context() as patch:
        patch.setattr(keys, "versions", lambda: {"tensorflow": "9.9"})
        assert key(TINY) != before
    with monkeypatch.context() as patch:
        patch.setattr(keys, "SETTINGS", {"TF_ENABLE_ONEDNN_OPTS": "1"})
        assert key(TINY) != before
    package = Path(shutil.copytree(Path(keys.__file__).parent, tmp_path / "grader"))
    with monkeypatch.context() as patch:
        patch.setattr(keys, "__file__", str(package / "keys.py"))
        keys.source_digest.cache_clear()  # as in another process
        assert key(TINY) == before
        (package / "engine" / "worker.py").write_text("changed")
        assert key(TINY) == before, "what was loaded stays what it was"
        keys.source_digest.cache_clear()
        assert key(TINY) != before
    keys.source_digest.cache_clear()


def test_versions_name_what_matters() -> None:
    """Grader, Python and the three libraries, each with a version."""
    found = keys.versions()
    assert set(found) == {"grader", "python", "tensorflow", "keras", "numpy"}
    assert all(version[0].isdigit() for version in found.values())


def test_digest_of_files(tmp_path: Path) -> None:
    """Names and contents count; the place of the directory and the order don't."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for name in ("a", "b"):
            (tmp_path / folder / name).write_text(name)

    def digest(folder: str, *names: str) -> str:
        root = tmp_path / folder
        return store.digest_files([root / name for name in names], root)

    assert digest("one", "a", "b") == digest("two", "b", "a")
    assert digest("one", "a") != digest("one", "a", "b")
    (tmp_path / "two" / "b").write_text("changed")
    assert digest("one", "a", "b") != digest("two", "a", "b")
