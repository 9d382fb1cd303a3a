"""Keras is imported without scikit-learn and Matplotlib, and has them where they are wanted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import course
from grader.asking import Session
from grader.engine.config import EngineConfig
from grader.engine.walled import WalledSeat
from grader.engine.zygote import Zygote
from grader.sandbox.levels import Level
from grader.seats import Candidate
from grader.worker import corners

TINY = course.load(Path(__file__).parents[1] / "courses" / "tiny")
SQUARE = TINY.by_id("square")

PROGRAM = """
import sys
from grader.worker import corners

with corners.left_out():
    import keras
    try:
        import sklearn
    except ImportError:
        print("hidden")
print(*(name for name in ("sklearn", "matplotlib") if name in sys.modules))
print(keras.src.wrappers.sklearn_wrapper.sklearn, keras.src.visualization.plot_image_gallery.plt)
print(corners.furnish(b"import tensorflow"), corners.furnish(b"from SKLEARN import x"))
print(corners.furnish(b"sklearn"))
print(keras.wrappers.SKLearnClassifier.__mro__[1].__module__)
print(corners.furnish(b"show_gallery()"), corners.furnish(b"matplotlib"))
print(keras.src.visualization.plot_image_gallery.plt.__name__)
"""


def test_the_order_of_things() -> None:
    """Hidden while Keras is imported; there, with Keras' own classes on top, when wanted."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "hidden",
        "",
        "None None",
        "False True",
        "False",
        "sklearn.base",
        "True False",
        "matplotlib.pyplot",
    ]


def test_a_package_that_isnt_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes of it."""
    corner = corners._Corner("nowhere_to_be_found", (b"nowhere",), ("keras.wrappers",))
    monkeypatch.setattr(corners, "_CORNERS", (corner,))
    with corners.left_out():
        assert not corners.furnish(b"import nowhere")
    assert not corners.furnish(b"import nowhere")


def test_a_package_that_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its import raises, such as after an update of NumPy, ends no zygote."""
    (tmp_path / "broken_by_an_update.py").write_text("raise ValueError('dtype size changed')\n")
    monkeypatch.syspath_prepend(tmp_path)
    corner = corners._Corner("broken_by_an_update", (b"broken",), ("keras.wrappers",))
    monkeypatch.setattr(corners, "_CORNERS", (corner,))
    assert not corners.furnish(b"import broken_by_an_update")


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    made = Zygote(EngineConfig(Level.STRICT, TINY.limits))
    yield made
    made.close()


def test_submissions(zygote: Zygote) -> None:
    """One that wants neither is forked without them; one that does has them."""
    head = "import sys\n"
    there = "def square(x):\n    return [m in sys.modules for m in ('sklearn', 'matplotlib')]\n"
    found = []
    for text in (
        head
        + there.replace("'sklearn'", "'sk' 'learn'").replace("'matplotlib'", "'mat' 'plotlib'"),
        head + "import keras\nBASE = keras.wrappers.SKLearnRegressor.__mro__[1].__name__\n" + there,
    ):
        file = zygote.stage("square.py", text.encode())
        seat = WalledSeat(zygote, Candidate("ada", SQUARE, file, {}, "square.py"))
        found.append(Session(seat.begin(1, None)).square(1))
        seat.close()
    assert found == [[False, False], [True, True]]
