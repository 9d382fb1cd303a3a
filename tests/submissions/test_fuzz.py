"""Whatever bytes are handed in: one Submission per exercise, never an exception."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.screening import screen
from grader.submissions import Student, Submission, collect

from .handins import SYMBOLS, notebook, zipped

FAST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
CODE = b"import keras\n\n\ndef huber_fn(a, b):\n    return keras.losses.huber(a, b)\n"
WORDS = ["def f(x):\n", " ", "\n", "\t", "(", ")", "'", '"""', "f'{", "\\", "#", ":", "x", "=",
         "%", "!ls", "?", "lambda", "é", "class A:\n  ", "import tf\n", "@", "*", "global x\n",
         "；", "\0", "\ud800", "match x:\n case ", ",", "if x:", "yield", "await ",
         "%%time\n"]  # fmt: skip
PYTHON = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | PYTHON,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "nbformat", "metadata", "worksheets"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def take(name: str, data: bytes) -> list[Submission]:
    """What comes of a student whose one file, or whose zip, has these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if name == "ada.zip":
            student = Student("ada", root / name, "zip")
            student.path.write_bytes(data)
        else:
            student = Student("ada", root / "ada", "directory")
            student.path.mkdir()
            (student.path / name).write_bytes(data)
        found = collect(student, SYMBOLS)
    assert [item.exercise for item in found] == list(SYMBOLS)
    for item in found:
        assert (item.status == "ready") == (not item.reason.en) == (not item.reason.zh)
        assert item.status == "ready" or item.source == b""
        json.dumps([item.origin, item.reason.en, [note.zh for note in item.notes]]).encode()
        assert item.reason.en.isprintable()
        if item.status == "ready":
            compile(item.source, "x", "exec")
            screen(item.source, SYMBOLS[item.exercise], ["keras.losses.huber"])
    return found


@FAST
@given(data=st.binary(max_size=300))
@pytest.mark.parametrize("name", ["huber.py", "huber.ipynb", "ada.zip"])
def test_any_bytes(name: str, data: bytes) -> None:
    """Random bytes in each place."""
    take(name, data)


@FAST
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@given(text=PYTHON, codec=st.sampled_from(["utf-8", "gbk", "utf-16", "latin-1"]))
def test_almost_python(text: str, codec: str) -> None:
    """Shreds of Python in several encodings, as a file."""
    take("huber.py", text.encode(codec, "replace"))


@FAST
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@given(cells=st.lists(PYTHON, max_size=4))
def test_almost_cells(cells: list[str]) -> None:
    """Shreds of Python and magics as cells, beside one that is right."""
    (found, *_) = take("huber.ipynb", notebook(*cells, CODE.decode()))
    assert found.status == "unreadable" or b"def huber_fn" in found.source


@FAST
@given(body=JSON)
def test_almost_notebooks(body: object) -> None:
    """JSON in the rough shape of a notebook."""
    take("huber.ipynb", json.dumps(body).encode())


GOOD = zipped({"homework/huber.py": CODE * 20, "dense.py": b"x = 1\n"})


@FAST
@given(at=st.integers(0, len(GOOD) - 1), patch=st.binary(min_size=1, max_size=6))
def test_damaged_zip(at: int, patch: bytes) -> None:
    """A good zip with some bytes overwritten: read right, or refused."""
    for found in take("ada.zip", GOOD[:at] + patch + GOOD[at + len(patch) :]):
        assert found.status != "ready" or found.source in (CODE * 20, b"x = 1\n")


@FAST
@given(
    members=st.dictionaries(
        st.text(st.sampled_from("abé/.\\:作 huber.py"), min_size=1, max_size=20)
        | st.sampled_from(["huber.py", "../huber.py", "a/huber.ipynb", "huber (1).py"]),
        st.binary(max_size=40),
        max_size=5,
    )
)
def test_odd_members(members: dict[str, bytes]) -> None:
    """Zips with odd names in them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    take("ada.zip", buffer.getvalue())
