"""Chromium for the tests: where it is, and a page that notes whatever it says or asks for."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Route

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
A4 = {"width": 688, "height": 1000}
"""What an A4 page leaves between the style's margins of 14 mm, in CSS pixels."""
LANDSCAPE = {"width": 1032, "height": 688}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str | None:
    """The system's browser; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def chinese_font() -> bool:
    """Whether a font of the system's has Chinese letters; where nobody can say, it is believed."""
    listing = shutil.which("fc-list")
    if listing is None:
        return True
    found = subprocess.run([listing, ":lang=zh"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def launch(playwright: Playwright) -> Browser:
    """A headless browser; FileNotFoundError where the system has none."""
    executable = chromium()
    if executable is None:
        raise FileNotFoundError("no Chromium here: install it (Debian: apt install chromium)")
    # Chromium refuses to be root's inside its sandbox; the pages are the tests' own.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=executable, args=flags)


@dataclass(slots=True)
class Noted:
    """What happened while a page was open."""

    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def everything(self) -> list[str]:
        """All of it; empty for a page that keeps to itself."""
        return self.messages + self.requests + self.dialogs


@contextmanager
def visit(browser: Browser, path: Path, **options: Any) -> Iterator[tuple[Page, Noted]]:
    """The page at `path` in a window of its own; nothing but its own file arrives there.

    `options` are those of a browser context: viewport, color_scheme, java_script_enabled, ….
    """
    own = path.as_uri()
    noted = Noted()
    context = browser.new_context(**({"viewport": DESKTOP} | options))

    def route(wanted: Route) -> None:
        if wanted.request.url.partition("#")[0] == own:
            wanted.continue_()
        else:
            noted.requests.append(wanted.request.url)
            wanted.abort()

    try:
        context.route("**/*", route)
        page = context.new_page()
        page.on("console", lambda said: noted.messages.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: noted.messages.append(f"exception: {error}"))
        page.on("popup", lambda window: noted.requests.append(f"window: {window.url}"))
        page.on("dialog", lambda asked: (noted.dialogs.append(asked.message), asked.dismiss())[-1])
        page.goto(own)
        yield page, noted
    finally:
        context.close()


def axe(page: Page) -> list[str]:
    """What axe-core has against `page` as it stands, a line per rule and element.

    Everything that can be unfolded is unfolded before: axe leaves out what doesn't show.
    """
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    settings = {
        "runOnly": {"type": "tag", "values": AXE_TAGS},
        "resultTypes": ["violations"],
    }
    found = page.evaluate("settings => axe.run(document, settings)", settings)
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
