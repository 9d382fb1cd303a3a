"""A batch: whatever breaks, everything else is graded; a row depends on nothing but itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import pytest
from msgspec import structs

from grader import batch, course, member, shard
from grader.engine.config import EngineConfig
from grader.errors import EngineError
from grader.job import REFERENCE, Job
from grader.results import CheckResult, Row
from grader.sandbox import levels
from grader.sandbox.levels import Level
from grader.store import Store
from grader.submissions import Submission
from grader.text import Text

from .faults.processes import by_kind, descendants

TINY = Path(__file__).parent / "courses" / "tiny"
HEAD = "import tensorflow as tf\n"
RIGHT = HEAD + "def square(x):\n    return x * x\n"
CUBE = HEAD + "def square(x):\n    return x * x * x\n"

Grade = Callable[..., list[Row]]


def submission(student: str, source: str = RIGHT, exercise: str = "square") -> Submission:
    return Submission(
        student, exercise, "ready", source.encode(), f"{student}/{exercise}.py",
        notes=(Text(f"for {student}", student),),
    )  # fmt: skip


def several(count: int) -> list[Submission]:
    """Right submissions, no two alike."""
    return [submission(f"s{n}", f"{RIGHT}# {n}\n") for n in range(count)]


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The temporary directory of this test's batches; it must be empty again at the end."""
    # Not tmp_path: only its owner may enter that, and a worker has a uid of its own.
    folder = Path(tempfile.mkdtemp(prefix="batch-"))
    folder.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    left = os.listdir(folder)
    shutil.rmtree(folder)
    assert left == []


@pytest.fixture
def grade(tmp_path: Path, temporary: Path) -> Grade:
    """Grades submissions with a store that all calls of one test share."""

    def run(
        submissions: Sequence[Submission],
        root: Path = TINY,
        jobs: int = 1,
        on_row: Callable[[Row], None] = lambda row: None,
        store: str = "verdicts.sqlite",
    ) -> list[Row]:
        loaded = course.load(root)
        ids = {s.exercise for s in submissions}
        opened = Store(tmp_path / store)
        plan = batch.Plan(
            course=loaded,
            specs=shard.collect([e for e in loaded.exercises if e.id in ids]),
            submissions=submissions,
            config=EngineConfig(Level.STRICT, loaded.limits),
            seed=3,
            jobs=jobs,
            store=opened,
            use_store=True,
        )
        try:
            return batch.grade(plan, on_row)
        finally:
            opened.close()

    return run


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """The tiny course with a piece of `square`'s checks replaced."""

    def change(old: str, new: str) -> Path:
        root = Path(shutil.copytree(TINY, tmp_path / "changed"))
        file = root / "solutions/square/test_square.py"
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))
        return root

    return change


def outcomes(row: Row) -> dict[str, str]:
    return {check.id: check.outcome for check in row.checks}


def plain(row: Row) -> Row:
    """A row without what may differ from run to run: how long it took."""
    checks = tuple(structs.replace(check, seconds=0.0) for check in row.checks)
    return structs.replace(row, seconds=0.0, cached=False, checks=checks)


def victims(kind: str, spared: Collection[int]) -> list[int]:
    """Processes of a kind below this one; other tests of this process keep some of their own."""
    return [pid for pid in by_kind(os.getpid()).get(kind, []) if pid not in spared]


def test_a_row_depends_on_nothing_but_itself(grade: Grade) -> None:
    """Alone or in company, first or last, in one process or two: the same row."""
    scale = (TINY / "solutions/scale/scale.py").read_text()
    everybody = [
        submission("ada"),
        submission("bob", CUBE),
        submission("eve", HEAD + "def square(x):\n    return 1 / 0\n"),
        submission("loop", HEAD + "while True: pass\n"),
        submission("gone", HEAD + "import os\ndef square(x):\n    os._exit(1)\n"),
        submission("王小明", scale, "scale"),
        submission("none", scale.replace("* self.factor", ""), "scale"),
    ]
    one = {row.student: plain(row) for row in grade(everybody, jobs=1)}
    two = grade(everybody[::-1], jobs=2, store="two.sqlite")
    assert [row.student for row in two] == [s.student for s in everybody[::-1]]
    assert {row.student: plain(row) for row in two} == one
    alone = plain(grade([everybody[1]], jobs=2, store="alone.sqlite")[0])
    assert alone == one["bob"]

    assert {name: row.points for name, row in one.items()} == {
        "ada": 10, "bob": 0, "eve": 0, "loop": 0, "gone": 0, "王小明": 10, "none": 2,
    }  # fmt: skip
    assert {row.status for row in one.values()} == {"graded"}
    assert {s.student: s.text for s in everybody} == {row.student: row.source for row in two}
    assert outcomes(one["loop"]) == {"test_values": "timeout", "test_gradient": "not_run"}
    assert outcomes(one["gone"]) == {"test_values": "crashed", "test_gradient": "crashed"}

    again = grade(everybody, jobs=2)
    assert all(row.cached for row in again)
    assert {row.student: plain(row) for row in again} == one


@pytest.mark.parametrize(("count", "processes"), [(0, 2), (1, 1), (5, 2), (101, 2), (1000, 8)])
def test_shards(count: int, processes: int) -> None:
    """All jobs once, the reference first; no shard is more than a share of what is left."""
    names = [*map(str, range(count - 1)), REFERENCE][-count:] if count else []
    jobs = [Job(n, n, "square", b"", "square.py", None, ()) for n in names]
    cut = batch._shards(jobs, processes)
    assert sorted(job.key for one in cut for job in one) == sorted(names)
    left = count
    for one in cut:
        assert 1 <= len(one) <= max(1, min(16, left // (2 * processes)))
        left -= len(one)
    if cut:
        assert cut[0][0].student == REFERENCE
        assert len(cut[-1]) == 1


def test_the_same_file_runs_once(grade: Grade, tmp_path: Path) -> None:
    """Two students with the same file share one run; each keeps the own name and notes."""
    told: list[str] = []
    rows = grade(
        [submission("ada"), submission("bob")], on_row=lambda row: told.append(row.student)
    )
    assert [(row.student, row.points) for row in rows] == [("ada", 10.0), ("bob", 10.0)]
    assert [row.notes[0].en for row in rows] == ["for ada", "for bob"]
    assert sorted(told) == ["ada", "bob"]
    store = Store(tmp_path / "verdicts.sqlite")
    assert len(store.since(0)) == 2, "the reference and one submission"
    store.close()


def test_what_cant_be_run_has_a_row_too(grade: Grade) -> None:
    """Missing and unreadable submissions are told without any process."""
    why = Text("no file", "没有文件")
    rows = grade(
        [
            Submission("ada", "square", "missing", reason=why),
            Submission("bob", "square", "unreadable", origin="bob/square.py", reason=why),
        ]
    )
    assert [(r.status, r.points, r.max_points, r.reason) for r in rows] == [
        ("missing", 0.0, 10.0, why),
        ("unreadable", 0.0, 10.0, why),
    ]


@pytest.mark.parametrize("kind", ["job", "zygote", "wall"])
def test_a_killed_process(grade: Grade, kind: str) -> None:
    """A process that dies while it grades costs nobody anything."""
    killed: list[int] = []
    spared = descendants(os.getpid())

    def kill(row: Row) -> None:
        if not killed:
            killed.extend(victims(kind, spared))
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

    rows = grade(several(8), on_row=kill)
    assert killed or (kind == "wall" and levels.detect().outer is None)
    assert [row.status for row in rows] == ["graded"] * 8
    assert [row.points for row in rows] == [10.0] * 8


def test_a_submission_that_breaks_its_process(grade: Grade, changed: Callable[..., Path]) -> None:
    """Only the row that breaks the process every time is lost, and marked as the grader's fault."""
    root = changed(
        "    expect.close(student.square(x), reference.square(x), ask=ASK)\n",
        "    got = student.square(x)\n"
        "    if got.sum() == 13 * 4:\n"
        "        __import__('os').kill(__import__('os').getpid(), 9)\n"
        "    expect.close(got, reference.square(x), ask=ASK)\n",
    )
    killer = submission("eve", HEAD + "def square(x):\n    return x * 0 + 13\n")
    rows = grade([killer, *several(4)], root, jobs=2)
    assert [row.status for row in rows] == ["grader_error", *["graded"] * 4]
    assert [row.points for row in rows[1:]] == [10.0] * 4
    assert "process ended" in rows[0].reason.en
    assert set(outcomes(rows[0]).values()) == {"grader_error"}


def test_a_check_that_stumbles_over_an_answer(grade: Grade, changed: Callable[..., Path]) -> None:
    """The reference passes it, so an answer that no check expects is a failure, and says so.

    The exception is kept for the staff, and the row isn't stored as a verdict.
    """
    root = changed(
        "    expect.close(student.square(x), reference.square(x), ask=ASK)\n",
        "    expect.close(student.square(x) / {}[len('')] if student.square(3) == 27 else"
        " student.square(x), reference.square(x), ask=ASK)\n",
    )
    submissions = [submission("bob", CUBE), submission("ada")]
    for _ in range(2):
        rows = grade(submissions, root)
        assert [row.status for row in rows] == ["graded", "graded"]
        assert outcomes(rows[0]) == {"test_values": "failed", "test_gradient": "failed"}
        assert "can't be examined" in rows[0].checks[0].message.en
        assert "KeyError" in rows[0].checks[0].evidence["internal"]
        assert not rows[0].cached


def test_a_check_that_the_reference_fails(grade: Grade, changed: Callable[..., Path]) -> None:
    """Such a check says nothing about anybody: grader_error for all, in the next run as well."""
    root = changed("want.grads[0], ask=GRADIENT", "3 * want.grads[0], ask=GRADIENT")
    for cached in (False, True):
        rows = grade([submission("ada"), submission("bob", CUBE)], root)
        assert [row.status for row in rows] == ["grader_error"] * 2
        assert outcomes(rows[0]) == {"test_values": "passed", "test_gradient": "grader_error"}
        assert outcomes(rows[1]) == {"test_values": "failed", "test_gradient": "grader_error"}
        assert [row.points for row in rows] == [6.0, 0.0]
        assert "the course's own solution" in rows[0].checks[1].message.en
        assert [row.cached for row in rows] == [cached] * 2


def test_the_command_says_so(changed: Callable[..., Path], temporary: Path) -> None:
    """Then `grader grade` writes everything and ends with status 3."""
    root = changed("want.grads[0], ask=GRADIENT", "3 * want.grads[0], ask=GRADIENT")
    handed_in = root / "class" / "ada"
    handed_in.mkdir(parents=True)
    (handed_in / "square.py").write_text(RIGHT)
    done = subprocess.run(
        [sys.executable, "-m", "grader", "grade", str(handed_in.parent), "--course", str(root),
         "--exercise", "square", "--out", str(root / "out"), "--jobs", "1", "--quiet"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "grader's or the course's fault" in done.stderr
    assert (root / "out/results.json").is_file()
    assert (root / "out/index.html").is_file()


def test_the_environment_of_pytest_doesnt_matter(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options for somebody's own pytest must not stop a batch at its first failure."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x --maxfail=1 -k nothing")
    monkeypatch.setenv("PYTEST_PLUGINS", "there_is_no_such_plugin")
    rows = grade([submission("bob", CUBE), submission("ada")])
    assert [row.points for row in rows] == [0.0, 10.0]
    assert os.environ["PYTEST_ADDOPTS"] == "-x --maxfail=1 -k nothing"


def test_when_nothing_works_at_all(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that can't even start are told in one line, not as a class of faults."""
    monkeypatch.setattr(member, "serve", os.abort)
    with pytest.raises(EngineError, match="nothing could be graded"):
        grade(several(3))


def test_interrupted(grade: Grade, tmp_path: Path) -> None:
    """Ctrl-C ends the processes at once; what was finished is there for the next run."""

    def interrupt(row: Row) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(several(6), on_row=interrupt)
    assert victims("job", ()) == []
    rows = grade(several(6))
    assert [row.points for row in rows] == [10.0] * 6
    assert any(row.cached for row in rows)


def test_passed_checks_keep_no_symbols(tmp_path: Path) -> None:
    """What an audit asks of a row isn't written into anybody's results; of a failure it is."""
    evidence = {"symbols": ["f"], "rests_on": "worker"}
    checks = tuple(
        CheckResult(name, outcome, 1.0, 1.0, evidence=evidence)
        for name, outcome in (("test_a", "passed"), ("test_b", "not_run"))
    )
    row = Row("ada", "square", "graded", 1.0, 2.0, checks=checks)
    tiny = course.load(TINY)
    config = EngineConfig(Level.STRICT, tiny.limits)
    kept = Store(tmp_path / "store.sqlite")
    plan = batch.Plan(tiny, {}, (), config, 1, 1, kept, True)
    (lean,) = batch.diagnosed(plan, [row])
    kept.close()
    assert lean.checks[0].evidence == {"rests_on": "worker"}
    assert lean.checks[1].evidence == evidence
