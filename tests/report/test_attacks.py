"""What an attacker found: names with one slug, inputs made to be slow, odd dates, links in OUT."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.report import code, plots
from grader.report.markup import moment
from grader.report.pages_folder import NOTES, PagesFolder
from grader.report.sides import sides
from grader.report.slugs import slug
from grader.report.tokens import Tokens
from grader.results import ResultsError, to_json
from grader.results.pictures import Picture, Series
from grader.text import Text

from .sample import HUBER, check, graded, sample

T = Text("a", "甲")
_BACKSLASHES = 'f"{"\'\'\'"}"\ns = \'\'\'\n"""\n' + '\\"""\n' * 9000 + "'''\n#\\"


def test_two_names_that_had_one_slug() -> None:
    """Found in seconds while it held 40 bits: one student's page took the place of the other's."""
    one, other = "Ada Lovelace·•¶¶·∙‡", "Ada Lovelace·§¤§∙·‡"
    assert slug(one) != slug(other)
    assert re.fullmatch(r"ada-lovelace-[0-9a-f]{24}", slug(one))


def test_a_text_that_ends_in_a_backslash() -> None:
    """It goes on to the end; quadratic in its quotes, this took ten seconds."""
    assert len(Tokens().of(_BACKSLASHES)) > 0
    assert code._long_strings(_BACKSLASHES)


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_an_open_text_before_a_last_backslash(quotes: str) -> None:
    assert code._long_strings(quotes + "a\nb\\") == {1: (0, 4), 2: (2, 0)}


def test_lines_made_to_be_slow_to_compare() -> None:
    """difflib took a second for such a pair; what is told stays the same."""
    left, right = "#" + "." * 399, "#" + ".," * 199
    (row,) = sides(left, right)
    assert row.kind == "changed"
    assert "".join(text for _, text in row.left or ()) == left
    assert "".join(text for _, text in row.right or ()) == right
    assert len(sides("\n".join([left] * 200), "\n".join([right] * 200))) > 40


def test_lines_that_were_replaced_stand_side_by_side() -> None:
    rows = sides("a\nold 1\nold 2\nz", "a\nnew 1\nz")
    assert [row.kind for row in rows] == ["same", "changed", "changed", "same"]
    assert None not in (rows[1].left, rows[1].right)
    assert (rows[2].left is not None, rows[2].right) == (True, None)
    (row,) = sides("x = 1 + y", "x = 2 + y")
    assert row.left == ((False, "x = "), (True, "1"), (False, " + y"))


@pytest.mark.parametrize("started", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"])
def test_a_date_beyond_the_calendar(started: str) -> None:
    """As it stands, where another zone would put it outside the years that there are."""
    assert moment(started) == started


def test_evidence_nested_too_deeply() -> None:
    nested: list[object] = []
    for _ in range(5000):
        nested = [nested]
    row = graded("ada", HUBER, checks=(check(HUBER.checks[0], "failed", evidence={"got": nested}),))
    with pytest.raises(ResultsError, match="nested too deeply"):
        to_json(replace(sample(), results=(row,)))


def test_notes_that_are_a_link(tmp_path: Path) -> None:
    """Nothing is written through a link that somebody put into OUT."""
    target = tmp_path / "target"
    target.write_text("kept")
    out = tmp_path / "out"
    out.mkdir()
    (out / NOTES).symlink_to(target)
    with pytest.raises(UsageError, match="can't be written"):
        PagesFolder(out).write("index.html", "x")
    assert target.read_text() == "kept"


def test_notes_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are there; that a note couldn't be kept is no fault of the report's."""

    class Full:
        def write(self, line: str) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            raise OSError(28, "No space left on device")

    folder = PagesFolder(tmp_path)
    monkeypatch.setattr("grader.report.pages_folder.os.fdopen", lambda *_, **__: Full())
    folder.write("index.html", "x")
    folder.close()
    assert (tmp_path / "index.html").read_text() == "x"


def test_numbers_at_both_ends_of_floating_point() -> None:
    """The distance between them isn't told as infinite."""
    curves = [Series(T, "yours", [1e308], [0.0]), Series(T, "expected", [-1e308], [0.0])]
    assert "inf" not in plots.draw(Picture("lines", T, T, T, curves), "en", "p")
