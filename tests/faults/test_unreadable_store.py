"""A store that can't be read: no batch stops for it, no verdict changes, the questions stay."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import store, stores
from grader.errors import UsageError
from grader.results import CheckResult, Row, write_atomically
from grader.store import Store, StoreDamaged
from grader.text import Text

from .ground import RESULTS, SEED, STORE, assert_tidy, cached, call, command, hand_in, make_course
from .ground import verdicts as verdicts_of

RESULTS_OF_SEED_5 = (
    '{"schema": 1, "run": {"started": "2030-01-01T00:00:00Z", "seconds": 1.0, "seed": 5,'
    ' "jobs": 1, "device": "cpu", "sandbox": "strict", "versions": {}, "sandbox_notes": []},'
    ' "exercises": [], "results": []}'
)
NOBODY = 1234  # a uid without any right


def row(number: int) -> Row:
    """A row with text enough for damage to find it."""
    said = Text(f"expected {number}, got {number + 1}; " * 20, "王小明" * number)
    check = CheckResult("test_values", "failed", float(number), 10.0, message=said)
    return Row(f"s{number}", "square", "graded", float(number), 10.0, checks=(check,))


ROWS = {f"key{number}": row(number) for number in range(40)}


def fill(out: Path) -> None:
    """A store with rows and seed 5, closed as a finished run leaves it."""
    made = Store(out / STORE)
    made.set_fact("seed", "5")
    for key, known in ROWS.items():
        made.put(key, known)
    made.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An OUT with a finished run: a store and results.json."""
    folder = tmp_path / "out"
    folder.mkdir()
    fill(folder)
    (folder / RESULTS).write_text(RESULTS_OF_SEED_5)
    return folder


def use(out: Path, wanted: int | None = None) -> tuple[int, int]:
    """What a batch does with a store: how many rows were known, and the seed.

    Every row that the store gives out must be what was put into it.
    """

    def grade(opened: Store, seed: int) -> int:
        known = 0
        begun = opened.last()
        for key, expected in ROWS.items():
            found = opened.get(key)
            assert found in (None, expected), key
            known += found is not None
            if found is None:
                opened.put(key, expected)
        again = {key: found for _, key, found in opened.since(begun)}
        assert all(found == ROWS[key] for key, found in again.items())
        assert known + len(again) == len(ROWS)
        assert all(opened.get(key) == expected for key, expected in ROWS.items())
        return known

    return stores.graded(out, wanted, grade)


def flipped(data: bytes, at: random.Random) -> bytes:
    """`data` with up to three bytes changed."""
    changed = bytearray(data)
    for _ in range(at.randint(1, 3)):
        changed[at.randrange(len(changed))] ^= at.randint(1, 255)
    return bytes(changed)


def test_an_undamaged_store(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is known, the seed is that of the run, and nothing is said."""
    assert use(out) == (len(ROWS), 5)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("region", ["anywhere", "header", "schema"])
def test_flipped_bytes(out: Path, region: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever bytes change: each row is the one that was put, or graded anew; the seed stays."""
    whole = (out / STORE).read_bytes()
    bounds = {"anywhere": len(whole), "header": 100, "schema": 4096}[region]
    at, aside = random.Random(region), 0
    for _ in range(150):
        damaged = flipped(whole[:bounds], at) + whole[bounds:]
        (out / STORE).write_bytes(damaged)
        known, seed = use(out)
        assert seed == 5
        kept = out / f"{STORE}.damaged-1"
        if kept.exists():
            aside += 1
            assert kept.read_bytes() == damaged, "it is kept as it was found"
            assert known == 0
            said = capsys.readouterr().err
            assert said.count("\n") == 1
            assert f"grader: warning: {out / STORE}: " in said
            assert "it is kept as verdicts.sqlite.damaged-1" in said
            assert "with seed 5 as before" in said
        for file in out.glob(f"{STORE}*"):
            file.unlink()
    assert aside > 1


def test_flipped_bytes_in_the_log(out: Path, tmp_path: Path) -> None:
    """A killed run leaves its last rows in the write-ahead log; damage there costs no more."""
    (out / STORE).unlink()
    opened = Store(out / STORE)
    opened.set_fact("seed", "5")
    for key, known in ROWS.items():
        opened.put(key, known)
    parts = {file.name: file.read_bytes() for file in out.glob(f"{STORE}*")}
    opened.close()
    log = f"{STORE}-wal"
    assert len(parts[log]) > 100_000
    at = random.Random(9)
    for _ in range(60):
        for file in out.glob(f"{STORE}*"):
            file.unlink()
        for name, data in parts.items():
            (out / name).write_bytes(flipped(data, at) if name == log else data)
        assert use(out)[1] == 5


def test_truncated(out: Path) -> None:
    """A file that ends anywhere, even before its first byte."""
    whole = (out / STORE).read_bytes()
    at = random.Random(2)
    for length in [0, 1, 99, 100, 4096, len(whole) - 1, *at.sample(range(len(whole)), 40)]:
        (out / STORE).write_bytes(whole[:length])
        assert use(out)[1] == 5
        for file in out.glob(f"{STORE}*"):
            file.unlink()


@pytest.mark.parametrize(
    "content",
    [b"not a database at all, but long enough to be looked at" * 40, b"SQLite format 3\0" * 400],
    ids=["text", "header"],
)
def test_not_a_database(out: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Set aside each time under the next number; nothing is ever deleted."""
    for number in (1, 2, 3):
        for end in ("", "-wal", "-shm"):
            (out / f"{STORE}{end}").unlink(missing_ok=True)
        (out / STORE).write_bytes(content)
        assert use(out) == (0, 5)
        assert (out / f"{STORE}.damaged-{number}").read_bytes() == content
        assert f"damaged-{number}, and everything is graded anew" in capsys.readouterr().err


@pytest.mark.parametrize(
    "statements",
    [
        ["DROP TABLE facts"],
        ["DROP TABLE rows", "CREATE TABLE rows (something TEXT)"],
        ["ALTER TABLE rows ADD COLUMN more TEXT"],
        ["CREATE TABLE another (x)"],
        [
            "DROP TABLE rows",
            "CREATE TABLE rows (seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE NOT NULL,"
            " row BLOB NOT NULL, final INTEGER NOT NULL)",
        ],
    ],
    ids=["no facts", "other columns", "more columns", "more tables", "before digests"],
)
def test_another_layout(out: Path, statements: list[str]) -> None:
    """An older grader's store, or another program's: its rows can't be used, the run goes on."""
    other = sqlite3.connect(out / STORE)
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()
    known, seed = use(out)
    assert seed == 5
    assert known == (len(ROWS) if statements == ["DROP TABLE facts"] else 0)


def test_rows_of_garbage(out: Path) -> None:
    """Rows whose text, key, digest or number is nonsense aren't there."""
    for change in (
        "row = '{}'",
        "row = x'ff00'",
        "row = 3",
        "row = 'null', digest = ''",
        "digest = x'ff'",
        "digest = 7",
        "key = seq",
        "key = replace(key, 'key', 'yek')",
        "final = 2",
        "final = 'yes'",
        "row = replace(row, 'failed', 'passed')",
        "row = (SELECT first.row FROM rows AS first WHERE first.seq = 1)",
    ):
        for file in out.glob(f"{STORE}*"):
            file.unlink()
        fill(out)
        other = sqlite3.connect(out / STORE)
        other.execute(f"UPDATE rows SET {change}")
        other.commit()
        other.close()
        assert use(out) == (1 if "first" in change else 0, 5), change


def test_a_seed_of_garbage(out: Path) -> None:
    """A seed that isn't as it was written isn't believed."""
    for change in ("value = '6'", "value = 6", "value = x'ff'", "digest = NULL"):
        other = sqlite3.connect(out / STORE)
        other.execute("PRAGMA ignore_check_constraints = 1")
        other.execute(f"UPDATE facts SET {change}" if "NULL" not in change else "DELETE FROM facts")
        other.commit()
        other.close()
        assert use(out) == (len(ROWS), 5), change


def test_no_results_to_take_the_seed_from(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then there is a fresh one, and staff is told; a wanted one is kept in any case."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 99)
    for content in (None, "{", RESULTS_OF_SEED_5.replace('"schema": 1', '"schema": 2')):
        (out / RESULTS).unlink(missing_ok=True)
        if content is not None:
            (out / RESULTS).write_text(content)
        (out / STORE).write_bytes(b"nothing" * 1000)
        assert use(out) == (0, 99)
        assert "anew with a fresh seed (--seed N names one)" in capsys.readouterr().err
        (out / STORE).write_bytes(b"nothing" * 1000)
        assert use(out, 12) == (0, 12)
        assert "anew with seed 12" in capsys.readouterr().err


def test_damage_while_it_is_used(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Damage that shows only amid a run: begun anew, with the seed that the run had."""
    (out / RESULTS).unlink()
    seeds: list[int] = []

    def grade(opened: Store, seed: int) -> str:
        seeds.append(seed)
        if len(seeds) == 1:
            raise StoreDamaged("page 7 is torn")
        return "done"

    assert stores.graded(out, None, grade) == ("done", 5)
    assert seeds == [5, 5]
    assert "page 7 is torn; it is kept as verdicts.sqlite.damaged-1" in capsys.readouterr().err


def test_one_damage_after_the_other(out: Path) -> None:
    """A disk that damages each new store as well is told, not tried for ever."""

    def grade(opened: Store, seed: int) -> str:
        raise StoreDamaged("torn")

    with pytest.raises(UsageError, match=r"torn; .* check the disk of .*out, or name another"):
        stores.graded(out, None, grade)
    assert len(list(out.glob("*.damaged-?"))) == 2


def test_a_directory_in_its_place(out: Path) -> None:
    """Nobody's damage: it is refused and left alone."""
    (out / STORE).unlink()
    (out / STORE).mkdir()
    with pytest.raises(UsageError, match=r"verdicts\.sqlite is a directory: move it away"):
        use(out)
    assert (out / STORE).is_dir()


def test_a_directory_that_isnt_there(tmp_path: Path) -> None:
    """The folder is named."""
    with pytest.raises(UsageError, match=r"nowhere/verdicts\.sqlite: unable to open"):
        Store(tmp_path / "nowhere" / STORE)


def as_ordinary_user(function: Callable[[], object]) -> str:
    """What `function` raises when no file mode is overlooked; root sees none."""
    if os.geteuid() != 0:
        with pytest.raises(UsageError) as caught:
            function()
        return str(caught.value)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing was raised"
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            function()
        except UsageError as error:
            said = str(error)
        except BaseException as error:
            said = f"unexpected {error!r}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        said = file.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def users_out(out: Path, open_folder: Path) -> Iterator[Path]:
    """The OUT of an ordinary user."""
    folder = Path(shutil.copytree(out, open_folder / "out"))
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    yield folder
    folder.chmod(0o755)


@pytest.mark.parametrize("place", ["file", "folder"])
def test_permissions(users_out: Path, place: str) -> None:
    """Mode 000, or a read-only folder: one line that says what to mend; nothing is set aside."""
    assert use(users_out) == (len(ROWS), 5)
    (users_out / STORE if place == "file" else users_out).chmod(0 if place == "file" else 0o555)
    said = as_ordinary_user(lambda: use(users_out))
    assert str(users_out / STORE) in said
    assert "mend the permissions of this file and of its folder, or name another --out" in said
    assert [file.name for file in users_out.glob("*damaged*")] == []


def test_a_new_store_in_a_read_only_folder(users_out: Path) -> None:
    """The same where there is no store yet."""
    (users_out / STORE).unlink()
    users_out.chmod(0o555)
    said = as_ordinary_user(lambda: use(users_out))
    assert "mend the permissions" in said


def test_damaged_in_a_read_only_folder(users_out: Path) -> None:
    """A damaged store that can't be renamed either."""
    (users_out / STORE).write_bytes(b"nothing" * 1000)
    users_out.chmod(0o555)
    assert "mend the permissions" in as_ordinary_user(lambda: use(users_out))
    assert "can't be renamed (Permission denied): move it away" in as_ordinary_user(
        lambda: store.set_aside(users_out / STORE)
    )


def test_held_by_another_program(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For longer than a row takes: one line that says so; the file isn't taken for damaged."""
    monkeypatch.setattr(store, "_BUSY_SECONDS", 0.05)
    other = sqlite3.connect(out / STORE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UsageError, match=r"database is locked: another program has held it"):
        use(out)
    other.execute("ROLLBACK")
    other.close()
    assert use(out) == (len(ROWS), 5)


def test_an_error_of_the_disk(out: Path) -> None:
    """What SQLite calls an I/O error, where there is room: the disk is named, not the file."""
    opened = Store(out / STORE)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    said = opened._unusable(error)
    assert type(said) is UsageError
    assert f"check the disk of {out}" in str(said)
    opened.close()


def test_after_an_error(out: Path) -> None:
    """A store that was closed for an error says so again, and isn't taken for damaged."""
    opened = Store(out / STORE)
    opened.close()
    with pytest.raises(UsageError, match="closed database") as caught:
        opened.get("key1")
    assert not isinstance(caught.value, StoreDamaged)


def test_the_command(open_folder: Path) -> None:
    """The real one: a warning, status 0, the same seed and verdicts, everything graded anew."""
    handed_in, out, temporary = (open_folder / name for name in ("class", "out", "tmp"))
    temporary.mkdir(0o755)
    for number, kind in enumerate(("right", "cube", "detached")):
        hand_in(handed_in / f"s{number}" / "square.py", kind, number)
    arguments = command(handed_in, make_course(open_folder / "course"), out)
    done = call([*arguments, "--seed", str(SEED)], temporary)
    assert done.returncode == 0, done.stderr
    before = verdicts_of(out)
    data = bytearray((out / STORE).read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    (out / STORE).write_bytes(data)
    done = call([*arguments, "--quiet"], temporary)
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("grader: warning: ")
    assert f"graded anew with seed {SEED} as before" in line
    assert verdicts_of(out) == before
    assert cached(out) == set()
    assert_tidy(out, temporary)
    done = call([*arguments, "--quiet"], temporary)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(cached(out)) == 3

    (out / STORE).unlink()
    (out / STORE).mkdir()
    done = call(arguments, temporary)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"grader: {out / STORE} is a directory")
    assert verdicts_of(out) == before
    assert_tidy(out, temporary)


def test_seed_of_results(out: Path) -> None:
    """The sample of results.json in this file is one."""
    write_atomically(out / RESULTS, RESULTS_OF_SEED_5)
    assert stores._published(out) == 5
