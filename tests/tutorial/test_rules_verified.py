"""What the rules say is what happens on the installed TensorFlow and Keras."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.rules.examine import examine
from grader.rules.moved import successor
from grader.rules.moved_table import KEPT_BACKEND, KERAS, TENSORFLOW
from grader.rules.patch import apply

RUNNER = Path(__file__).with_name("rule_runner.py")
sys.path.insert(0, str(RUNNER.parent))
from rule_snippets import SNIPPETS  # noqa: E402

sys.path.remove(str(RUNNER.parent))


def own(snippet):
    """The findings of the snippet's own rule."""
    return [f for f in examine(snippet.bad) if f.rule == snippet.rule]


def mended(snippet):
    if snippet.good:
        return snippet.good
    found = examine(snippet.bad)
    return apply(snippet.bad, [edit for f in found for edit in f.edits])


def gone_paths():
    """Each path that the tables call gone, under the roots that they name."""
    for path, gone in KERAS.items():
        if gone.under != "keras":
            yield f"tensorflow.keras.{path}"
        if gone.under != "tf":
            yield f"keras.{path}"
    for path in TENSORFLOW:
        yield f"tensorflow.{path}"


# `optimizers.legacy` is there; whatever is taken from it raises. Snippets show both.
# `tensorflow.keras.saving` can be imported from, but is no attribute until that is done.
SHELLS = {
    "keras.optimizers.legacy",
    "tensorflow.keras.optimizers.legacy",
    "tensorflow.keras.saving",
}
GONE = [path for path in gone_paths() if path not in SHELLS]


@pytest.fixture(scope="module")
def ran():
    """All that was run, by source, and which paths there are: in one process."""
    sources = [text for s in SNIPPETS for text in (f"{s.bad}{s.after}", f"{mended(s)}{s.after}")]
    successors = [found[0] for path in GONE if (found := successor(path)) and found[0]]
    process = subprocess.run(
        [sys.executable, str(RUNNER)],
        input=json.dumps({"sources": sources, "paths": [*GONE, *successors]}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    out = json.loads(process.stdout.splitlines()[-1])
    out["by_source"] = dict(zip(sources, out["results"], strict=True))
    return out


IDS = [f"{s.rule}-{n}" for n, s in enumerate(SNIPPETS)]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=IDS)
def test_the_bad_one_does_what_the_rule_says(snippet, ran):
    """An error raises its exception; a trap shows itself; a note runs, with its warning."""
    result = ran["by_source"][snippet.bad + snippet.after]
    severity = own(snippet)[0].severity
    if snippet.raises:
        assert snippet.raises in result["bases"], result
        assert severity in ("error", "note")
    else:
        assert result["raised"] == ""
        assert severity != "error"
        assert "seen" not in snippet.after or result["seen"]
        assert severity != "trap" or "seen" in snippet.after
    assert snippet.warns in result["said"]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=IDS)
def test_the_good_one_runs_and_does_not(snippet, ran):
    """The one that is mended, by its edits where there is no other, doesn't do it any more."""
    source = mended(snippet)
    assert source != snippet.bad
    result = ran["by_source"][source + snippet.after]
    assert result["raised"] == ""
    assert not result["seen"]
    assert not snippet.warns or snippet.warns not in result["said"]


@pytest.mark.parametrize("path", GONE)
def test_what_the_tables_call_gone_is_gone(path, ran):
    """And its successor is there."""
    assert not ran["paths"][path]
    to = successor(path)[0]
    assert not to or ran["paths"][to]


def test_what_keras_backend_kept(ran):
    """Nothing that is still in `keras.backend` is called gone."""
    assert set(ran["backend"]) <= KEPT_BACKEND


def test_sources_that_name_a_file_of_keras_name_one_that_is_there(ran):
    """`Keras 3.15: keras/src/…`"""
    named = {f.source for s in SNIPPETS for f in examine(s.bad)}
    files = [text.partition(": ")[2] for text in named if text.startswith("Keras ")]
    assert files
    assert all((Path(ran["keras"]) / file).is_file() for file in files)
    assert all(text.startswith(("https://", "Keras 3.15: ")) for text in named)
