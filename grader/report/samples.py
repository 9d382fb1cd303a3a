"""The sample reports in `reports/`, one per language: `python -m grader.report.samples [DIR]`.

They are rendered from `DIR/results.json` alone, which `reports/README.md` says how to make anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from grader.report.names import Names
from grader.report.pages_folder import NOTES
from grader.report.strings import LANGUAGES
from grader.report.write import write_report
from grader.results import from_json


def write_samples(source: Path, out: Path) -> list[Path]:
    """Writes `out/sample-LANGUAGE` for each language from the results file `source`.

    Returns the class pages. Raises ResultsError for a file that isn't one, OSError where it can't
    be read, UsageError for a folder that can't be written.
    """
    results = from_json(source.read_text("utf-8"))
    pages = []
    for lang in LANGUAGES:
        folder = out / f"sample-{lang}"
        pages.append(write_report(results, folder, Names(languages=(lang,))))
        _without_sources(folder / NOTES)
    return pages


def _without_sources(notes: Path) -> None:
    """What pages are made of is another digest with each line of the grader: samples keep none."""
    lines = notes.read_text("utf-8").splitlines()
    notes.write_text("".join("  ".join(line.split("  ")[:2]) + "\n" for line in lines), "utf-8")


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "reports")
    for page in write_samples(folder / "results.json", folder):
        print(page)
