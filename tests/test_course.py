"""Reading course.toml: what is wrong is told in one line that says where and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import course
from grader.errors import UsageError
from grader.text import Text

HEAD = """
name = { en = "A course", zh = "课程" }
languages = ["en", "zh"]
"""
FIRST = """
[[exercises]]
id = "one"
title = { en = "One", zh = "一" }
symbols = ["one"]
"""
SECOND = """
[[exercises]]
id = "two_2"
title = { en = "Two", zh = "二" }
symbols = ["two", "zwei"]
shortcuts = ["tf.two"]
shortcut_ops = ["Two"]
"""


def load(folder: Path, text: str | bytes) -> course.Course:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "course.toml").write_bytes(data)
    return course.load(folder)


def complaint(folder: Path, text: str | bytes) -> str:
    """What loading says: one line, beginning with the file, the file's name taken off."""
    with pytest.raises(UsageError) as caught:
        load(folder, text)
    said = str(caught.value)
    file = f"{folder / 'course.toml'}: "
    assert said.startswith(file)
    assert "\n" not in said
    return said.removeprefix(file)


def test_a_whole_course(tmp_path: Path) -> None:
    """Names, order, limits and files come from the file; what is left out has its default."""
    found = load(
        tmp_path, HEAD + "[defaults]\ncheck_seconds = 2.5\nmemory_mb = 100\n" + FIRST + SECOND
    )
    assert found.name == Text("A course", "课程")
    assert found.limits == course.Limits(2.5, 60.0, 100)
    one, two = found.exercises
    assert (one.id, one.title, one.symbols) == ("one", Text("One", "一"), ("one",))
    assert (one.shortcuts, one.shortcut_ops) == ((), ())
    assert (two.shortcuts, two.shortcut_ops) == (("tf.two",), ("Two",))
    root = tmp_path.resolve()
    assert one.stub == root / "exercises/one/one.py"
    assert one.public_tests == root / "exercises/one/test_one.py"
    assert one.solution == root / "solutions/one/one.py"
    assert one.hidden_checks == root / "solutions/one/test_one.py"
    assert one.variants == ()


def test_missing_file(tmp_path: Path) -> None:
    """A directory without course.toml: which it is, and the option that names another."""
    with pytest.raises(UsageError) as caught:
        course.load(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} holds no course.toml: name the course's directory with --course DIR"
    )


def test_missing_file_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Here" is told as a path, not as a dot."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"holds no course\.toml") as caught:
        course.load(Path())
    assert str(caught.value).startswith(str(tmp_path.resolve()))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not TOML: Invalid value (at end of document); mend that line"),
        ("a = 1\na = 2", "not TOML: Cannot overwrite a value (at end of document)"),
        (b"name = '\xff'", "not UTF-8 (byte 8); save it as UTF-8"),
        ("", "top level: lacks `name`"),
        (HEAD, "top level: lacks `exercises`"),
        (HEAD + "exercises = []", "lists no exercise; add an [[exercises]] table"),
        (HEAD + "exercises = [1]", "[[exercises]] no. 1: expected a table, got a whole number"),
        ("nmae = 1\n" + HEAD + FIRST, "top level: has an unknown key `nmae`"),
        (
            HEAD + FIRST + SECOND + "titel = 1",
            "[[exercises]] 'two_2': has an unknown key `titel`",
        ),
        (
            HEAD + FIRST + '[[exercises]]\nid = "two"',
            "[[exercises]] 'two': lacks `title`",
        ),
        (
            HEAD + FIRST.replace('"One"', "1"),
            "[[exercises]] 'one', title.en: expected text, got a whole number",
        ),
        (HEAD + FIRST.replace(', zh = "一"', ""), "[[exercises]] 'one', title: lacks `zh`"),
        (
            HEAD + FIRST.replace('["one"]', '"one"'),
            "[[exercises]] 'one', symbols: expected a list, got text",
        ),
        (
            HEAD + "[defaults]\nmemory_mb = 'much'\n" + FIRST,
            "defaults.memory_mb: expected a whole number, got text",
        ),
        (
            HEAD + "[defaults]\ncheck_second = 1\n" + FIRST,
            "defaults: has an unknown key `check_second`",
        ),
        (HEAD + FIRST + FIRST, "exercise 'one' is listed twice; remove one"),
    ],
)
def test_bad_files(text: str | bytes, said: str, tmp_path: Path) -> None:
    """Bad TOML, unknown keys, wrong types, missing parts and doubles: where, and what is wrong."""
    told = complaint(tmp_path, text)
    assert told.startswith(said)


@pytest.mark.parametrize("wrong", ["Huber", "2nd", "a-b", "a b", "../x", "a/b", "", "é", "_a"])
def test_bad_ids(wrong: str, tmp_path: Path) -> None:
    """An id is a module's name and a folder's: nothing else may be in it."""
    told = complaint(tmp_path, HEAD + FIRST.replace('"one"\ntitle', f'"{wrong}"\ntitle'))
    assert told == f"exercise id {wrong!r} must be lower-case letters, digits and _"


@pytest.mark.parametrize("taken", ["random", "json", "keras", "numpy", "class"])
def test_ids_of_other_modules(taken: str, tmp_path: Path) -> None:
    """A submission imported as `random` would take the place of Python's own module."""
    told = complaint(tmp_path, HEAD + FIRST.replace('"one"\ntitle', f'"{taken}"\ntitle'))
    assert f"exercise id {taken!r} is the name of something else in Python" in told
    assert "choose another" in told


@pytest.mark.parametrize(
    "limit", ["check_seconds", "submission_seconds", "memory_mb", "gpu_memory_mb"]
)
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf"])
def test_bad_limits(limit: str, value: str, tmp_path: Path) -> None:
    """A limit is a positive number; TOML's nan and inf are none."""
    told = complaint(tmp_path, HEAD + f"[defaults]\n{limit} = {value}\n" + FIRST)
    assert limit in told
    assert (
        told.endswith("must be a positive number")
        or "expected a whole number, got a number" in told
    )


def test_pick(tmp_path: Path) -> None:
    """Exercises come in the course's order, all of them by default; an unknown id is told."""
    found = load(tmp_path, HEAD + FIRST + SECOND)
    assert [e.id for e in found.pick(("two_2", "one"))] == ["one", "two_2"]
    assert found.pick(()) == found.exercises
    assert found.by_id("two_2").id == "two_2"
    with pytest.raises(UsageError) as caught:
        found.pick(("one", "three"))
    assert str(caught.value).startswith("no exercise 'three' in ")
    assert str(caught.value).endswith("it has: one, two_2")


def test_find_root(tmp_path: Path) -> None:
    """The nearest course at or above; none where there is none."""
    (tmp_path / "course.toml").touch()
    deep = tmp_path / "exercises" / "one"
    deep.mkdir(parents=True)
    assert course.find_root(deep) == tmp_path
    assert course.find_root(tmp_path) == tmp_path
    (deep / "course.toml").touch()
    assert course.find_root(deep) == deep
    assert course.find_root(tmp_path.parent) is None


def test_statements_are_where_the_course_says(tmp_path: Path) -> None:
    """An address with the exercise's id in it; without one, the course's own files."""
    said = 'statements = "https://example.org/c/{id}/?v={id}"\n'
    one, two = load(tmp_path, said + HEAD + FIRST + SECOND).exercises
    address = "https://example.org/c/two_2/?v=two_2"
    assert two.statement == Text(address, address)
    (one,) = load(tmp_path, HEAD + FIRST).exercises
    assert one.statement == Text("exercises/one/README.md", "exercises/one/README.zh.md")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)//{id}", "https://example.org/", "ftp://example.org/{id}", "{id}",
     "https://example.org/ {id}", "https://example.org/<{id}>", "https:///{id}"],
)  # fmt: skip
def test_statements_that_are_no_address_are_refused(tmp_path: Path, address: str) -> None:
    """Only http and https, only where the id has a place."""
    said = complaint(tmp_path, f"statements = '{address}'\n" + HEAD + FIRST)
    assert said.startswith(f"statements: {address!r} must be an address")
