"""The keyboard alone: every stop in order and in sight; the class page's controls; no scripts."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from grader.report import class_page
from grader.report.analysis import analyse
from grader.report.names import Names
from grader.report.strings import LANGUAGES
from grader.report.views import overview

from ..report.sample import HUBER, STUDENTS, graded, sample
from .driving import PHONE, visit
from .shown import KINDS, Shown

Pages = dict[str, Shown]
NAMES = [f"{kind}-{lang}" for kind in KINDS for lang in LANGUAGES]

PREPARE = """() => {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const stops = [...document.querySelectorAll(wanted)]
    .filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}));
  stops.forEach((one, place) => one.dataset.stop = place);
  return stops.map(one => `${one.tagName} ${(one.textContent || one.id).trim().slice(0, 40)}`);
}"""
"""Numbers everything that the keyboard must reach, in the order of the page; what it is."""

AT = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5;
  const seen = [...one.getClientRects()].some(box => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 1 || bottom - top < 1) return false;
    return [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].some(([x, y]) => {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return hit && (one.contains(hit) || hit.contains(one));
    });
  });
  const scrolls = one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
  const named = `${one.tagName} ${(one.textContent || one.id).trim().slice(0, 40)}`;
  return {stop: one.dataset.stop ?? null, outlined, seen, scrolls, named};
}"""
"""Where the focus is: its number, and whether a reader sees it; null behind the last stop."""

MOST_STOPS = 400


def walk(page: Page) -> list[dict[str, Any]]:
    """Every stop of the Tab key, from the top to where the page ends."""
    found = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(AT)
        if at is None or (found and at["stop"] == found[0]["stop"] is not None):
            return found
        found.append(at)
    raise AssertionError("the Tab key doesn't come round")


def faults(page: Page) -> list[str]:
    """What a reader with a keyboard would miss on this page."""
    stops = page.evaluate(PREPARE)
    walked = walk(page)
    # Chromium also stops at what can be scrolled and has nothing else to stop at.
    known = [at for at in walked if at["stop"] is not None]
    said = [f"odd stop: {at['named']}" for at in walked if at["stop"] is None and not at["scrolls"]]
    said += [f"no outline: {at['named']}" for at in walked if not at["outlined"]]
    said += [f"out of sight: {at['named']}" for at in walked if not at["seen"]]
    reached = [int(at["stop"]) for at in known]
    said += [f"never reached: {stops[n]}" for n in range(len(stops)) if n not in reached]
    if reached != sorted(reached):
        said.append(f"out of order: {reached}")
    return said


@pytest.mark.parametrize("name", NAMES)
def test_every_stop_is_reached_and_seen(browser: Browser, pages: Pages, name: str) -> None:
    """Tab reaches every link, control and scroller in the page's order, each outlined, in sight."""
    # One language on a desk, the other on a phone: the stops are the same.
    options = {} if pages[name].lang == "en" else {"viewport": PHONE}
    with visit(browser, pages[name].path, **options) as (page, _):
        assert faults(page) == []
    if pages[name].kind == "class":
        with visit(browser, pages[name].path) as (page, _):
            page.evaluate(PREPARE)
            rows = page.locator("#matrix tbody tr")
            assert rows.count() == len(STUDENTS)
            for row in rows.all():
                assert row.locator("th a[data-stop]").count() == 1


def test_a_fault_is_noticed(browser: Browser, pages: Pages) -> None:
    """Another order, no outline, a link that is covered, one that has no stop: all told."""
    with visit(browser, pages["class-en"].path) as (page, _):
        page.add_style_tag(
            content="#scores ~ * .who a:focus-visible { outline: none }"
            ".top { position: fixed; inset: 0; z-index: 9; background: red }"
        )
        page.evaluate("document.querySelectorAll('.who a')[3].tabIndex = 5")
        page.evaluate("document.querySelectorAll('.who a')[5].tabIndex = -1")
        said = {line.partition(":")[0] for line in faults(page)}
        assert said == {"no outline", "out of sight", "never reached", "out of order"}


def names_of(page: Page) -> list[str]:
    """The students in the class table, as it stands."""
    return page.locator("#matrix tbody tr:visible th").all_inner_texts()


def to(page: Page, selector: str) -> None:
    """Tabs on until the focus is at `selector`."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never arrives at {selector}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sorting_by_keyboard(browser: Browser, pages: Pages, lang: str) -> None:
    """A button in each header sorts, turns at the second press, says so, and keeps the focus."""
    with visit(browser, pages[f"class-{lang}"].path) as (page, noted):
        before = names_of(page)
        heads = page.locator("#matrix thead th")
        assert heads.nth(0).get_attribute("aria-sort") == "ascending"
        to(page, "#matrix thead th:nth-child(2) button")
        orders = []
        for key, order in (("Enter", "ascending"), ("Space", "descending")):
            page.keyboard.press(key)
            assert heads.nth(1).get_attribute("aria-sort") == order
            assert page.locator("#matrix thead th[aria-sort]").count() == 1
            assert page.evaluate("document.activeElement.closest('th').cellIndex") == 1
            totals = page.locator("#matrix tbody tr td:nth-child(2)").all_inner_texts()
            orders.append([float(text.split("/")[0]) for text in totals if "/" in text])
        assert orders[0] == sorted(orders[0])
        assert orders[1] == sorted(orders[1], reverse=True)
        assert len(set(orders[0])) > 3
        assert sorted(names_of(page)) == sorted(before)
        page.keyboard.press("Shift+Tab")
        to(page, "#matrix thead th:nth-child(2) button")
        assert noted.everything == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filtering_by_keyboard(browser: Browser, pages: Pages, lang: str) -> None:
    """By name and by state; how many are left is said in a live region."""
    with visit(browser, pages[f"class-{lang}"].path) as (page, noted):
        status = page.locator("#shown[role=status]")
        everybody = status.inner_text()
        assert str(len(STUDENTS)) in everybody
        to(page, "#by-name")
        page.keyboard.type("ADA")
        expect(page.locator("#matrix tbody tr")).to_have_count(2)
        assert set(names_of(page)) == {"ada", "Ada"}
        assert status.inner_text() != everybody
        assert "2" in status.inner_text()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.press("Delete")
        expect(page.locator("#matrix tbody tr")).to_have_count(len(STUDENTS))
        assert status.inner_text() == everybody
        to(page, "#by-state")
        page.keyboard.press("End")  # a fault of the grader
        expect(page.locator("#matrix tbody tr")).to_have_count(2)
        assert set(names_of(page)) == {"almost-al", "luc-émile"}
        # What is typed is text to look for, never a pattern or markup.
        to(page, "#by-name")
        page.keyboard.insert_text("<b>.*(")
        expect(page.locator("#matrix tbody tr")).to_have_count(0)
        assert noted.everything == []


def test_a_long_table_is_listed_in_parts(browser: Browser, tmp_path: Path) -> None:
    """Few rows at once, the rest a key away or found by name; all of them on paper."""
    rows = tuple(graded(f"student {n:03d}", HUBER) for n in range(450))
    results = dataclasses.replace(sample(), exercises=(HUBER,), results=rows)
    view = overview(results)
    *_, (_, text) = class_page.pages(results, view, analyse(view), "en", Names())
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    with visit(browser, tmp_path / "index.html") as (page, noted):
        listed = page.locator("#matrix tbody tr")
        expect(listed).to_have_count(200)
        to(page, "#by-name")
        page.keyboard.type("student 44")
        expect(listed).to_have_count(10)
        assert not page.locator("#more").is_visible()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.press("Delete")
        expect(listed).to_have_count(200)
        page.locator("#more").focus()
        page.keyboard.press("Enter")
        expect(listed).to_have_count(400)
        assert page.evaluate("document.activeElement.textContent") == "student 200"
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(listed).to_have_count(450)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(listed).to_have_count(200)
        assert noted.everything == []


@pytest.mark.parametrize("name", NAMES)
def test_without_scripts(browser: Browser, pages: Pages, name: str) -> None:
    """Nothing that needs a script shows, and everything that is to be read is there."""
    with visit(browser, pages[name].path) as (page, _):
        read = page.locator("main").inner_text()
        controls = page.locator("button:not(#more), input, select, #shown").all()
        labels = [one.inner_text() for one in page.locator("#controls, thead button").all()]
        assert all(one.is_visible() for one in controls)
    with visit(browser, pages[name].path, java_script_enabled=False) as (page, noted):
        plain = page.locator("main").inner_text()
        for one in page.locator("button, input, select, #shown").all():
            assert not one.is_visible()
        for label in labels:
            read = read.replace(label, "")
        assert "".join(plain.split()) == "".join(read.split())
        assert noted.everything == []
