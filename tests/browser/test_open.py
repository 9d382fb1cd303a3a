"""Each page as it opens: quiet, on its own, accessible in light and dark, no wider than a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grader.report.strings import LANGUAGES, TAGS

from .driving import DESKTOP, PHONE, axe, visit
from .shown import KINDS, Shown

Pages = dict[str, Shown]
NAMES = [f"{kind}-{lang}" for kind in KINDS for lang in LANGUAGES]

TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [`the document: ${root.scrollWidth} px of ${root.clientWidth}`].concat(
    [...document.body.querySelectorAll('*')]
      .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
      .map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`));
}"""
"""Of a document that is wider than its window: the document, then whatever sticks out."""


@pytest.mark.parametrize("name", NAMES)
def test_opens_quietly_on_its_own(browser: Browser, pages: Pages, name: str) -> None:
    """No message on the console, no request, no dialog; the language is the one it should be."""
    with visit(browser, pages[name].path) as (page, noted):
        assert page.get_attribute("html", "lang") == TAGS[pages[name].lang]
        assert page.title()
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert noted.everything == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(browser: Browser, pages: Pages, name: str, scheme: str) -> None:
    """WCAG 2.2 AA and axe's good practice: each scheme on a desk in one language."""
    window = DESKTOP if (scheme == "light") == (pages[name].lang == "en") else PHONE
    with visit(
        browser, pages[name].path, viewport=window, color_scheme=scheme, bypass_csp=True
    ) as (page, _):
        assert axe(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_fits_a_phone(browser: Browser, pages: Pages, name: str) -> None:
    """The document never scrolls sideways, folded or unfolded, down to 320 px (WCAG 1.4.10)."""
    with visit(browser, pages[name].path, viewport=PHONE) as (page, _):
        assert page.evaluate(TOO_WIDE) == []
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(TOO_WIDE) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate(TOO_WIDE) == []


BROKEN = """<!doctype html><html lang="en"><head><title>t</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src *">
</head><body><main><h1>x</h1><p style="color:#777;background:#888">grey</p>
<img src="near.png"><script>alert(1)</script><p style="width:900px;margin:0 -8px">wide</p>
</main></body></html>"""


def test_the_tests_notice(browser: Browser, tmp_path: Path) -> None:
    """A page that does what pages mustn't is told on: request, console, contrast, width."""
    path = tmp_path / "broken.html"
    path.write_text(BROKEN, "utf-8")
    with visit(browser, path, viewport=PHONE, bypass_csp=True) as (page, noted):
        assert {line.split()[0] for line in axe(page)} >= {"color-contrast", "image-alt"}
        assert page.evaluate(TOO_WIDE)[0] == "the document: 900 px of 390"
        assert noted.dialogs == ["1"]
    with visit(browser, path) as (page, noted):
        assert [Path(url).name for url in noted.requests] == ["near.png"]
        assert noted.dialogs == []
        assert any("Content Security Policy" in message for message in noted.messages)
