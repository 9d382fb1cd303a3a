"""Attacks in every place that a text can have, as a browser reads the pages: they stay texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from grader.report import write_report
from grader.report.names import Names
from grader.report.tutorial_page import write_tutorial

from ..report.test_injection import ATTACKS, filled
from ..tutorial.test_tutorial_page import filled as filled_tutorial
from .driving import visit

UNSEEN = {"ansi", "c1", "returns", "bidi", "unseen", "line ends", "tower", "megabyte", "format"}
"""Those whose aim isn't a browser's reading of markup; `tests/report` has them all."""

SKELETON = """() => {
  const plain = new Set(['CODE', 'SPAN', 'B', 'INS', 'DEL']);
  return {
    window: Object.keys(window).sort().join(),
    frames: window.frames.length,
    title: document.querySelectorAll('title').length,
    elements: [...document.querySelectorAll('*')]
      .filter(one => !(plain.has(one.tagName) && !one.hasAttributes()) && !one.closest('pre'))
      .map(one => [one.tagName, ...[...one.attributes].map(it => it.name).sort()].join(' ')),
    handlers: [...document.querySelectorAll('*')].filter(
      one => [...one.attributes].some(it => /^on|^(src|srcdoc|action|formaction|data)$/i
        .test(it.name) || /href$/i.test(it.name) && /^\\s*(javascript:|vbscript:|data:text)/i
        .test(it.value))).length,
    scripts: document.scripts.length,
    inPre: [...document.querySelectorAll('pre *')].map(one => one.tagName)
      .filter(tag => !['SPAN', 'CODE', 'DEL', 'INS', 'B', 'MARK', 'A', 'SVG', 'PATH', 'STRONG']
        .includes(tag.toUpperCase())),
    elsewhere: location.href,
  };
}"""
"""The elements with their attributes' names, and whatever an attack would like to change.

What colours code may vary with the text, so of `pre` only the kinds of elements are told.
"""


def written(folder: Path, text: str) -> list[Path]:
    """A class page, the page of a failure, a page of what is unreadable, a tutorial's two."""
    write_report(filled(text), folder / "report", Names(languages=("en",)))
    write_tutorial(filled_tutorial(text), folder / "tutorial")
    students = sorted((folder / "report/students").glob("*.html"))
    by_name = sorted(students, key=lambda path: path.read_text("utf-8").split("<title>")[1][:1])
    return [
        folder / "report/index.html",
        *by_name[:2],
        *sorted((folder / "report/exercises").glob("*.html"))[:1],
        folder / "tutorial/index.html",
    ]


def look(page: Page) -> dict[str, Any]:
    """The page's skeleton without its address."""
    found: dict[str, Any] = page.evaluate(SKELETON)
    assert found.pop("elsewhere").startswith("file:")
    return found


@pytest.fixture(scope="module")
def honest(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The pages of the same results with plain words in every place."""
    found = []
    for path in written(tmp_path_factory.mktemp("honest"), "word"):
        with visit(browser, path) as (page, _):
            found.append(look(page))
    return found


@pytest.mark.parametrize("attack", sorted(ATTACKS.keys() - UNSEEN))
def test_an_attack_stays_text(
    browser: Browser, honest: list[dict[str, Any]], tmp_path: Path, attack: str
) -> None:
    """The same elements as with plain words, no dialog, no request, no new name in the window."""
    for path, plain in zip(written(tmp_path, ATTACKS[attack]), honest, strict=True):
        with visit(browser, path) as (page, noted):
            page.keyboard.press("Tab")  # what is focused, hovered
            page.mouse.move(300, 300)
            assert noted.everything == []
            assert look(page) == plain


def test_an_attack_that_arrives_is_noticed(browser: Browser, tmp_path: Path) -> None:
    """What these tests look for shows when a page doesn't escape."""
    path = tmp_path / "open.html"
    path.write_text(f"<!doctype html><title>t</title><main>{'x'}</main>", "utf-8")
    with visit(browser, path) as (page, _):
        plain = look(page)
    for attack in ("script", "svg", "frame"):
        path.write_text(f"<!doctype html><title>t</title><main>{ATTACKS[attack]}</main>", "utf-8")
        with visit(browser, path) as (page, noted):
            assert noted.everything or look(page) != plain, attack
