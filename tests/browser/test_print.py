"""On paper, A4: no column is cut off, no row is torn apart, nothing that only a screen needs."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from grader.report.strings import LANGUAGES

from .driving import A4, LANDSCAPE, chinese_font, visit
from .shown import KINDS, Shown

Pages = dict[str, Shown]
NAMES = [f"{kind}-{lang}" for kind in KINDS for lang in LANGUAGES]

CUT = """([width, landscape]) => [...document.body.querySelectorAll('*')]
  .filter(one => !!one.closest('.landscape') === landscape)
  .filter(one => one.checkVisibility() && !one.closest('.hidden, u') && one.tagName !== 'U')
  .filter(one => { const box = one.getBoundingClientRect();
                   return box.width > 1 && (box.right > width + 1 || box.left < -1); })
  .map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""
"""What reaches over the edge of a page of that width."""

CLIPPED = """() => [...document.querySelectorAll('main *')]
  .filter(one => one.checkVisibility() && !one.closest('.hidden, svg, u, .bar'))
  .filter(one => getComputedStyle(one).overflowX !== 'visible'
                 && one.scrollWidth > one.clientWidth + 1)
  .map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""
"""What paper would cut off because it would have to be scrolled."""

TORN = """() => [...document.querySelectorAll('tr')]
  .filter(one => one.checkVisibility() && getComputedStyle(one).breakInside !== 'avoid').length"""

NAVIGATION = """() => [...document.querySelectorAll('nav, .crumbs a, button, input, select')]
  .filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 80))"""

ROWS = """() => [...document.querySelectorAll('tbody tr')]
  .filter(row => row.checkVisibility() && row.cells.length > 1)
  .map(row => [...row.cells].filter(cell => cell.checkVisibility()).map(cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll('.hidden, u, svg, button, [hidden]').forEach(one => one.remove());
    return copy.textContent;
  })).map(texts => [texts[0], texts.at(-1)])"""
"""The texts of the first and the last cell of every row, as they show."""


def squeezed(text: str) -> str:
    """Without spaces, and with the letters that PDFs keep as ligatures or forms taken apart."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if char.isalnum())


def on_paper(page: Page) -> list[str]:
    """What each sheet of the printed page says."""
    printed = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages]


def missing(rows: list[list[str]], sheets: list[str]) -> list[list[str]]:
    """The rows whose first and last cell aren't together on any sheet."""
    texts = [squeezed(sheet) for sheet in sheets]
    found: list[list[str]] = []
    for first, last in rows:
        # Right to left comes out of a PDF in its visual order.
        if any(unicodedata.bidirectional(char) in ("R", "AL") for char in first + last):
            continue
        ends = squeezed(first), squeezed(last)
        if not any(all(end in text for end in ends) for text in texts):
            found.append([first, last])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_paper(browser: Browser, pages: Pages, name: str) -> None:
    """Everything lies within the page's width; rows stay whole; no navigation is printed."""
    if not chinese_font():
        pytest.skip("no font with Chinese letters here (Debian: apt install fonts-wqy-microhei)")
    with visit(browser, pages[name].path, viewport=A4) as (page, _):
        page.emulate_media(media="print")
        for window, landscape in ((A4, False), (LANDSCAPE, True)):
            page.set_viewport_size(window)  # type: ignore[arg-type]
            assert page.evaluate(CUT, [window["width"], landscape]) == []
        page.set_viewport_size(A4)  # type: ignore[arg-type]
        assert page.evaluate(CLIPPED) == []
        assert page.evaluate(TORN) == 0
        assert page.evaluate(NAVIGATION) == []
        rows: list[Any] = page.evaluate(ROWS)
        assert rows or pages[name].kind == "document"
        assert missing(rows, on_paper(page)) == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(255, 255, 255)"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white(browser: Browser, pages: Pages, scheme: str) -> None:
    """Whoever reads in the dark prints on white all the same."""
    with visit(browser, pages["class-en"].path, color_scheme=scheme) as (page, _):
        page.emulate_media(media="print")
        style = page.evaluate(
            "(({backgroundColor, color}) => [backgroundColor, color])"
            "(getComputedStyle(document.body))"
        )
        assert style == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_a_cut_table_is_noticed(browser: Browser, pages: Pages) -> None:
    """A column beyond the edge, a box that would have to be scrolled, rows that may be torn."""
    with visit(browser, pages["class-en"].path, viewport=A4) as (page, _):
        page.emulate_media(media="print")
        page.add_style_tag(
            content="td, th { min-width: 30rem !important } tr { break-inside: auto !important }"
            " .notice { overflow: hidden !important } .top nav { display: block !important }"
        )
        assert page.evaluate(CUT, [A4["width"], False])
        assert page.evaluate(CLIPPED)
        assert page.evaluate(TORN)
        assert page.evaluate(NAVIGATION)
        page.evaluate(
            "document.querySelectorAll('tr').forEach(row => row.cells[0].textContent = 'somebody')"
        )
        rows = [["nobody", "nothing"], *page.evaluate(ROWS)]
        assert ["nobody", "nothing"] in missing(rows, on_paper(page))
