"""One browser for the tests of a file, and the pages that they look at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from .driving import chromium, launch
from .shown import Shown, write_all


# Not for the session: while Playwright runs, the thread has an event loop, which no other test's
# asyncio.run would stand.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    if chromium() is None:
        pytest.skip("no Chromium here: install it (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """Every page type in each language, by its name."""
    return {str(one): one for one in write_all(tmp_path_factory.mktemp("pages"))}
