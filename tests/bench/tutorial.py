"""What checking a tutorial costs beside nbclient alone: the same cells, in turns, in one run.

`python tests/bench/tutorial.py [DOCUMENT] [ROUNDS]` prints the median seconds of both and their
ratio. nbclient runs the document's pieces as a notebook in a kernel of its own, with the same data
sets beside it; both begin with nothing imported. Blocks that run past the limit
cost the checker their limit and nbclient nothing; choose a document without any.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from grader.tutorial import kernel
from grader.tutorial.assess import plan
from grader.tutorial.control import settings_for
from grader.tutorial.flow import Request, check
from grader.tutorial.reading import read_document
from grader.tutorial.standins import california
from grader.tutorial.values import Control

DEFAULT = Path(__file__).parents[1] / "tutorial" / "correct" / "slopes_from_a_tape.md"


def with_nbclient(document, environment, folder):
    """Seconds for the document's pieces as the cells of a notebook."""
    sources = [plan(document).wanted.before] + [
        piece.source
        for block in document.blocks
        if block.kind in ("code", "transcript") and block.control.skip is None
        for piece in block.pieces
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources if s])
    begun = time.perf_counter()
    client = NotebookClient(book, timeout=300, allow_errors=True, kernel_name="python3")
    client.execute(cwd=str(folder), env=environment)
    return time.perf_counter() - begun


def with_grader(path):
    """Seconds for `grader tutorial`, without writing the report."""
    begun = time.perf_counter()
    report = check(Request(files=(path,)))
    seconds = time.perf_counter() - begun
    return seconds, report.checked[0]


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    settings = settings_for(path)
    document = read_document(path, settings)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "home").mkdir()
        environment = kernel.environment(device="cpu", data=folder / "data", home=folder / "home")
        if "california_housing" in document.text:
            california.write(folder / "data" / "scikit_learn")
        ours, theirs = [], []
        for number in range(rounds):
            seconds, checked = with_grader(path)
            ours.append(seconds)
            slow = {
                verdict.block.index
                for verdict in checked.verdicts
                if any(run.ended == "timeout" for run in verdict.runs)
            }
            kept = replace(
                document,
                blocks=tuple(
                    replace(block, control=Control(skip="runs past the limit"))
                    if block.index in slow
                    else block
                    for block in document.blocks
                ),
            )
            scratch = folder / f"run{number}"
            scratch.mkdir()
            theirs.append(with_nbclient(kept, environment, scratch))
            print(f"round {number + 1}: grader {ours[-1]:.1f} s, nbclient {theirs[-1]:.1f} s"
                  f", {len(slow)} block(s) past the limit")  # fmt: skip
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"median: grader {a:.1f} s, nbclient {b:.1f} s, ratio {a / b:.2f}")


if __name__ == "__main__":
    main()
