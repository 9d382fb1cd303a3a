"""What happens on a full disk, tried out on one of a few megabytes that holds nothing else.

`python tests/faults/small_disk.py WHAT DISK ROOM`, started by `test_disk.py` in a mount namespace
where DISK is that small file system; ROOM is a directory on a larger one. Whatever must hold is an
assertion; the last line of output is a summary in JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment
from msgspec import structs

sys.path.append(str(Path(__file__).parents[1] / "report"))

import ground
from sample import sample

from grader import course, disk, shard
from grader.engine.config import EngineConfig
from grader.job import Job
from grader.report import write_report
from grader.results import Results, Row, to_json, write_atomically
from grader.sandbox import levels
from grader.sandbox.levels import Level
from grader.store import Store

_PAGE = 4096
_MEND = "free some space there or name another folder with"


def _says(full: disk.DiskFull, *parts: str) -> None:
    for part in parts:
        assert part in str(full), full


class Filler:
    """A file that leaves exactly so many pages on its disk."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "filler"
        self.file.touch()

    def leave(self, pages: int) -> None:
        """Grows or shrinks the file until `pages` are free."""
        found = os.statvfs(self.file)
        grow = (found.f_bavail - pages) * found.f_frsize
        size = self.file.stat().st_size + grow
        os.truncate(self.file, max(0, min(size, self.file.stat().st_size)))
        if grow > 0:
            with self.file.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, size)
        assert os.statvfs(self.file).f_bavail == pages

    def release(self) -> None:
        """Leaves everything."""
        os.truncate(self.file, 0)


# -- every write of a run, on a disk with ever more room -------------------------------------------


class Writer:
    """Writes what a run writes: rows into the store, results.json, the pages."""

    def __init__(self, out: Path, seed: int) -> None:
        self.out = out
        self.kept: list[str] = []
        found = sample()
        names = {row.student for row in found.results[:3]}
        rows = tuple(row for row in found.results if row.student in names)
        self.results: Results = replace(found, run=replace(found.run, seed=seed), results=rows)
        self.at = ""

    def __call__(self) -> None:
        self.at = "store"
        store = Store(self.out / ground.STORE)
        try:
            store.verify()
            store.set_fact("seed", str(self.results.run.seed))
            for number in range(40):
                store.put(f"{self.results.run.seed}/{number}", self.row(number))
                self.kept.append(f"{self.results.run.seed}/{number}")
        finally:
            store.close()
        self.at = ground.RESULTS
        write_atomically(self.out / ground.RESULTS, to_json(self.results))
        self.at = "pages"
        write_report(self.results, self.out)
        self.at = ""

    def row(self, number: int) -> Row:
        """A row that fills more than one page of the store's, now and then."""
        row = self.results.results[number % len(self.results.results)]
        return structs.replace(row, file="x" * (number % 7) * 1000)

    def examine(self) -> None:
        """Every row that was said to be kept is there, in a whole store."""
        store = Store(self.out / ground.STORE)
        store.verify()
        for key in self.kept:
            number = int(key.partition("/")[2])
            known = self.row(number)
            found = store.get(key)
            assert found == known or known.status == "grader_error", key
        store.close()


def _files(out: Path) -> dict[str, bytes]:
    """What OUT holds beside the store."""
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in out.rglob("*")
        if file.is_file() and not file.name.startswith(ground.STORE)
    }


def _compile_once() -> None:
    """Has each template compiled once in this process and not for each page of room."""
    known: dict[tuple[object, ...], Any] = {}
    compiled = Environment.compile

    def compile_(self: Environment, *arguments: Any, **named: Any) -> Any:
        key = (*arguments, *sorted(named.items()))
        if key not in known:
            known[key] = compiled(self, *arguments, **named)
        return known[key]

    Environment.compile = compile_  # type: ignore[method-assign]


def sweep(small: Path, room: Path) -> dict[str, int]:
    """Into an empty OUT, and into one with an earlier run's results, page by page of room."""
    _compile_once()
    counts: Counter[str] = Counter()
    whole = {}
    for seed in (1, 2):
        (room / str(seed)).mkdir()
        Writer(room / str(seed), seed)()
        whole[seed] = _files(room / str(seed))
    filler, out = Filler(small), small / "out"
    for earlier in (False, True):
        for pages in range(10_000):
            out.mkdir()
            if earlier:
                Writer(out, 1)()
            filler.leave(pages)
            writer = Writer(out, 2)
            try:
                writer()
            except disk.DiskFull as full:
                counts[writer.at] += 1
                _says(full, str(out), f"{_MEND} --out")
            found = _files(out)
            old = whole[1] if earlier else {}
            for name, content in found.items():
                assert content in (old.get(name), whole[2][name]), f"{pages}: {name}"
            assert found.keys() >= old.keys(), f"{pages}: {old.keys() - found.keys()}"
            filler.release()
            writer.examine()
            again = Writer(out, 2)
            again()
            again.examine()
            assert _files(out) == whole[2]
            shutil.rmtree(out)
            if not writer.at:
                break
        counts["pages"] += pages
    return counts


# -- the real command ------------------------------------------------------------------------------


def _refused(done: object, folder: Path, said: str) -> str:
    """Status 2 and one clear line that names the folder; no traceback."""
    assert done.returncode == 2, done  # type: ignore[attr-defined]
    stderr: str = done.stderr  # type: ignore[attr-defined]
    assert "Traceback" not in stderr, stderr
    (line,) = [line for line in stderr.splitlines() if line.startswith("grader: ")]
    assert str(folder) in line, line
    assert said in line, line
    return line


def _class(room: Path) -> tuple[Path, Path]:
    handed_in, lessons = room / "class", ground.make_course(room / "course")
    for number in range(4):
        kind = ("right", "cube")[number % 2]
        ground.hand_in(handed_in / f"s{number}" / "square.py", kind, number)
    return handed_in, lessons


def out(small: Path, room: Path) -> dict[str, int]:
    """OUT's disk fills up at every stage of a real run, which then goes on with more room."""
    handed_in, lessons = _class(room)
    temporary = room / "tmp"
    temporary.mkdir()
    temporary.chmod(0o755)
    seed = ("--seed", "3")
    undisturbed = room / "undisturbed"
    done = ground.call(ground.command(handed_in, lessons, undisturbed, *seed), temporary)
    assert done.returncode == 0, done.stderr
    filler, counts = Filler(small), Counter[str]()
    for pages in (0, 24, 48):
        target = small / f"out{pages}"
        filler.leave(pages)
        command = ground.command(handed_in, lessons, target, *seed)
        done = ground.call(command, temporary)
        _refused(done, target, f"{_MEND} --out")
        counts["refused"] += 1
        filler.release()
        known = ground.stored(target) if (target / ground.STORE).exists() else {}
        counts["rows kept"] += len(known)
        if target.exists():
            ground.assert_whole(target)
        done = ground.call(command, temporary)
        assert done.returncode == 0, done.stderr
        assert ground.verdicts(target) == ground.verdicts(undisturbed)
        assert known.keys() <= ground.cached(target)
        ground.assert_tidy(target, temporary)
        shutil.rmtree(target)
    return counts


def tmp(small: Path, room: Path) -> dict[str, int]:
    """TMPDIR is too small from the start, or filled up by something else during the run."""
    handed_in, lessons = _class(room)
    target, counts = room / "out", Counter[str]()
    temporary = small / "tmp"
    temporary.mkdir()
    temporary.chmod(0o755)
    command = ground.command(handed_in, lessons, target, "--seed", "3")
    filler = Filler(small)
    filler.leave(0)
    counts["refused"] += bool(_refused(ground.call(command, temporary), small, "has 0 MB free"))
    assert not target.exists()
    filler.leave((100 << 20) // _PAGE)
    line = _refused(ground.call(command, temporary), small, "has 100 MB free")
    assert "2 job(s) need 192 MB" in line
    filler.release()
    # A check's own code fills the disk amid the run, as another program could at any moment.
    file = lessons / "solutions/square/test_square.py"
    text, line = file.read_text("utf-8"), "    x = rng.normal(size=(4,))"
    assert text.count(line) == 1
    file.write_text(text.replace(line, f"    fill()\n{line}") + _FILL, "utf-8")
    filled = {"FILLER": str(filler.file)}
    _refused(ground.call(command, temporary, **filled), temporary, f"{_MEND} TMPDIR")
    counts["refused"] += 2
    filler.release()
    counts["rows kept"] = len(known := ground.stored(target))
    done = ground.call(command, temporary)
    assert done.returncode == 0, done.stderr
    assert known.keys() <= ground.cached(target)
    points = {student: row[1] for (student, exercise), row in ground.verdicts(target).items()
              if exercise == "square"}  # fmt: skip
    assert points == {"s0": 10, "s1": 0, "s2": 10, "s3": 0}
    ground.assert_tidy(target, temporary)
    return counts


_FILL = """

def fill():
    import os
    if name := os.environ.get("FILLER"):
        with open(name, "r+b") as file:
            found = os.fstatvfs(file.fileno())
            size = os.fstat(file.fileno()).st_size + found.f_bavail * found.f_frsize
            os.posix_fallocate(file.fileno(), 0, size)
"""


# -- a student's own writes ------------------------------------------------------------------------

_SAVES = """
def square(x):
    for number in range(5):
        with open(f"model{number}", "wb") as file:
            file.write(bytes(30 << 20))
    return x * x
"""


def student(small: Path, room: Path) -> dict[str, int]:
    """A student's code finds the machine's disk full: no fault of the student's.

    Where a worker has a file system of its own that can't happen, so it gets none here.
    """
    found = levels.detect()
    levels.detect = lambda *_: replace(found, private_scratch=False)
    work, filler = small / "work", Filler(small)
    work.mkdir()
    work.chmod(0o711)
    lessons = course.load(ground.make_course(room / "course"))
    config = EngineConfig(Level.STRICT, lessons.limits)
    process = shard.Process(lessons.root, config, work)
    counts: Counter[str] = Counter()

    def outcomes(source: str) -> set[str]:
        rows: list[Row] = []
        job = Job("key", "ada", "square", source.encode(), "square.py", None, ())
        shard.run(process, 3, [job], lambda _, row: rows.append(row))
        (row,) = rows
        counts[row.status] += 1
        return {check.outcome for check in row.checks}

    wrong = "def square(x):\n    return x\n"
    filler.leave((90 << 20) // _PAGE)
    assert outcomes(_SAVES) == {"grader_error"}, "its own doing, but that can't be known"
    assert outcomes(wrong) == {"failed"}, "there is room again, and another is judged as ever"
    filler.leave((20 << 20) // _PAGE)
    try:
        outcomes(wrong)
    except disk.DiskFull as full:
        _says(full, str(small), f"{_MEND} TMPDIR")
        counts["stopped"] += 1
    filler.release()
    assert outcomes(_SAVES) == {"passed"}
    process.close()
    return counts


def main() -> None:
    """Does what is asked for in an empty directory of the small disk."""
    what, small, room = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    ways = {"sweep": sweep, "out": out, "tmp": tmp, "student": student}
    print(json.dumps(ways[what](small, room)))


if __name__ == "__main__":
    main()
