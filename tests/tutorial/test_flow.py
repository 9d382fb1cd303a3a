"""Whole checks: several documents, mending, Keras 2 beside 3, and the command's exit status."""

import importlib.util
import json
import sys
from types import SimpleNamespace

import pytest

from grader import cli, devices
from grader.errors import UsageError
from grader.tutorial import flow
from grader.tutorial.flow import Request, check

GOOD = "# Sum\n\n```python\n1 + 1\n```\n\n```\n2\n```\n"
BAD = "```python\n1 / 0\n```\n"

TWO_FAULTS = """# Two faults, one behind the other

```python
import keras

optimizer = keras.optimizers.SGD(lr=0.1)
mean = keras.metrics.Mean()
mean.reset_states()
```

Nothing is wrong here:

```python
print(type(mean).__name__)  # `lr=0.1` and reset_states() in words stay as they are
```
"""

HIDDEN = """```python
import keras

optimizer = keras.optimizers.Adam(lr=0.1)
```

```python
optimizer.learning_rates
```
"""

TRANSCRIPT = """```pycon
>>> import keras
>>> mean = keras.metrics.Mean()
>>> mean.reset_states()
>>> for value in (1.0, 3.0):
...     _ = mean.update_state(value)
...     mean.reset_states()
```
"""

QUOTED = """1. First

   > Words
   >
   > ```python
   > import keras
   >
   > mean = keras.metrics.Mean()
   > mean.reset_states()
   > ```
"""

USELESS = """```python
import keras

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.save("model.h5")
model.no_such_method()
```
"""

NO_IMPORT = """```python
np.ones(3).sum()
```

```python
def later():
    return undefined_thing
```
"""

TODAY = """```python
import tensorflow as tf

mean = tf.keras.metrics.Mean()
mean.reset_states()
```

```python
optimizer = tf.keras.optimizers.SGD(lr=0.1)
```

```python
optimizer.get_config()["name"]
```

```python
1 / 0
```

```python
mean.result().shape
```
"""


def notebook(*sources):
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {"kept": "é"},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    raw = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(raw, indent=2, ensure_ascii=False) + "\n"


CELLS = (
    [
        "\n",
        "import keras\n",
        "optimizer = keras.optimizers.SGD(lr=0.1)\n",
        "mean = keras.metrics.Mean()",
    ],
    "mean.reset_states()",
)
FAULTS = "```python\nimport keras\nmean = keras.metrics.Mean()\nmean.reset_states()\n```\nÄ\n"

FILES = {
    "two.md": TWO_FAULTS.encode(),
    "hidden.md": HIDDEN.encode(),
    "transcript.md": TRANSCRIPT.encode(),
    "quoted.md": QUOTED.encode(),
    "useless.md": USELESS.encode(),
    "book.ipynb": notebook(*CELLS).encode(),
    "crlf.md": TWO_FAULTS.replace("\n", "\r\n").encode("utf-8-sig"),
    "mixed.md": FAULTS.replace("\n", "\r\n", 2).encode(),
    "wide.md": FAULTS.encode("utf-16"),
    "no_import.md": NO_IMPORT.encode(),
    "good.md": GOOD.encode(),
}


def checked(report):
    return {found.path.rpartition("/")[2]: found for found in report.checked}


def statuses(found):
    return [verdict.status for verdict in found.verdicts]


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    """All documents mended in one go: the folder, what was told of them, and the last told."""
    folder = tmp_path_factory.mktemp("documents")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    (folder / "old.mended.md").write_text(BAD)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "other.md").write_text(BAD)
    begun, done = [], []
    report = check(Request(files=(folder,), jobs=2, fix=True), begun.append, done.append)
    assert begun == [len(FILES)]
    assert {found.path for found in done} == {found.path for found in report.checked}
    return folder, checked(report)


def test_a_directory_is_all_of_its_documents_but_mended_copies(mended):
    _, found = mended
    assert set(found) == set(FILES)


def test_no_original_is_touched(mended):
    folder, _ = mended
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "two.md",
            (("(lr=0.1)\nmean", "(learning_rate=0.1)\nmean"), ("states()\n```", "state()\n```")),
        ),
        ("hidden.md", (("lr=0.1", "learning_rate=0.1"),)),
        ("transcript.md", (("mean.reset_states()", "mean.reset_state()"),)),
        ("quoted.md", (("mean.reset_states()", "mean.reset_state()"),)),
        ("book.ipynb", (("(lr=0.1)", "(learning_rate=0.1)"), ("reset_states()", "reset_state()"))),
        ("no_import.md", (("np.ones", "import numpy as np\nnp.ones"),)),
    ],
)
def test_the_mended_copy_has_the_patches_and_nothing_else(mended, name, changes):
    folder, found = mended
    stem, dot, ending = name.partition(".")
    wanted = FILES[name].decode()
    for old, new in changes:
        wanted = wanted.replace(old, new)
    assert (folder / f"{stem}.mended{dot}{ending}").read_bytes().decode() == wanted
    assert f"+++ {stem}.mended{dot}{ending}" in found[name].mended


@pytest.mark.parametrize(
    ("name", "encoding", "ends"),
    [("crlf.md", "utf-8-sig", "\r\n"), ("wide.md", "utf-16", "\n"), ("mixed.md", "utf-8", None)],
)
def test_a_mended_copy_has_the_originals_encoding_and_line_ends(mended, name, encoding, ends):
    folder, _ = mended
    data = (folder / name.replace(".", ".mended.")).read_bytes()
    assert data[:2] == FILES[name][:2]
    before, after = FILES[name].decode(encoding), data.decode(encoding)
    assert "reset_state()" in after
    assert after.count("\n") == before.count("\n")
    assert after.count("\r") == before.count("\r")
    if ends is None:
        assert after.startswith("```python\r\nimport keras\r\nmean = keras.metrics.Mean()\nmean")


def test_what_fails_behind_the_mended_is_said(mended):
    _, found = mended
    assert statuses(found["hidden.md"]) == ["failed", "cascaded"]
    assert found["hidden.md"].still_failing == (1,)
    assert found["two.md"].still_failing == ()


def test_without_a_patch_that_helps_no_copy_is_written(mended):
    folder, found = mended
    assert statuses(found["useless.md"]) == ["failed"]
    assert any(a.finding.edits for a in found["useless.md"].verdicts[0].advice)
    for name in ("useless.md", "good.md"):
        assert not found[name].mended
        assert not (folder / name.replace(".", ".mended.")).exists()


def test_a_customary_import_is_supplied_and_said(mended):
    _, found = mended
    first, second = found["no_import.md"].verdicts
    assert (first.status, [a.finding.rule for a in first.advice]) == ("passed", ["N101"])
    assert [(a.finding.rule, a.line) for a in second.advice] == [("N102", 7)]


def test_what_ran_on_keras_2_is_rot_and_the_rest_is_the_authors(tmp_path):
    path = tmp_path / "today.md"
    path.write_text(TODAY)
    (found,) = check(Request(files=(path,), legacy=True)).checked
    assert statuses(found) == ["failed", "failed", "cascaded", "failed", "passed"]
    assert found.rot == {0: True, 1: True, 2: True, 3: False}


def test_files_and_directories_may_name_a_document_twice(tmp_path):
    (tmp_path / "one.md").write_text(GOOD)
    (tmp_path / "two.md").write_text(BAD)
    report = check(Request(files=(tmp_path / "two.md", tmp_path), jobs=2))
    assert [found.path for found in report.checked] == [
        str(tmp_path / "two.md"),
        str(tmp_path / "one.md"),
    ]
    assert [statuses(found) for found in report.checked] == [["failed"], ["passed", "skipped"]]
    assert not report.holds


def grader(monkeypatch, capsys, *arguments):
    """The command in this process: its exit status and what it wrote."""
    monkeypatch.setattr(sys, "argv", ["grader", "tutorial", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    return SimpleNamespace(status=ended.value.code or 0, out=told.out, err=told.err)


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (BAD, 1)])
def test_exit_status_and_files(monkeypatch, capsys, tmp_path, text, status):
    (tmp_path / "page.md").write_text(text)
    done = grader(monkeypatch, capsys, tmp_path / "page.md", "--out", tmp_path / "out")
    assert done.status == status
    (progress,) = done.err.splitlines()
    assert "page.md" in progress
    (document,) = json.loads((tmp_path / "out" / "tutorial.json").read_text())["documents"]
    assert document["blocks"][0]["status"] == ("failed" if status else "passed")
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {"index.html", "junit.xml"}


def test_the_diff_of_a_mended_copy_is_in_the_report(monkeypatch, capsys, tmp_path):
    (tmp_path / "page.md").write_text(QUOTED)
    done = grader(monkeypatch, capsys, tmp_path / "page.md", "--fix", "--out", tmp_path / "out")
    assert done.status == 1  # of the document, not of its copy
    (document,) = json.loads((tmp_path / "out" / "tutorial.json").read_text())["documents"]
    assert "+   > mean.reset_state()\n" in document["mended"]
    pages = [path.read_text() for path in (tmp_path / "out").rglob("*.html")]
    assert any("page.mended.md" in page for page in pages)


def missing(folder):
    return folder / "nowhere.md"


def empty(folder):
    (folder / "pages").mkdir()
    return folder / "pages"


def latin(folder):
    (folder / "latin.md").write_bytes("Grüße\n".encode("latin-1"))
    return folder / "latin.md"


def page(folder):
    (folder / "page.md").write_text(GOOD)
    return folder / "page.md"


def other(folder):
    (folder / "page.txt").write_text(GOOD)
    return folder / "page.txt"


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (missing, (), "no such file"),
        (empty, (), "no .md, .markdown or .ipynb file in this directory"),
        (latin, (), "isn't UTF-8"),
        (other, (), "'.txt' files aren't read"),
        (page, ("--legacy",), "pip install tf_keras"),
        (page, ("--device", "gpu"), "no NVIDIA GPU"),
    ],
    ids=["missing", "empty", "latin", "other", "legacy", "gpu"],
)
def test_a_wrong_call_is_one_line_and_status_2(monkeypatch, capsys, tmp_path, make, options, words):
    monkeypatch.setattr(devices, "nvidia_gpus", tuple)
    find = importlib.util.find_spec
    monkeypatch.setattr(
        flow.importlib.util,
        "find_spec",
        lambda name, *more: None if name == "tf_keras" else find(name, *more),
    )
    done = grader(monkeypatch, capsys, make(tmp_path), *options, "--out", tmp_path / "out")
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_several_unreadable_documents_are_one_line(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"a\.md: begins as UTF-16.*b\.md: begins as UTF-16"):
        check(Request(files=(tmp_path,)))


def test_each_document_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "latin.md").write_bytes("# Größe".encode("latin-1"))
    (tmp_path / "cut.ipynb").write_text("{")
    with pytest.raises(UsageError) as caught:
        check(Request(files=(tmp_path,)))
    assert "latin.md" in str(caught.value)
    assert "cut.ipynb" in str(caught.value)
    assert "\n" not in str(caught.value)
