"""Pictures of every type of page, for people to look at: `python -m tests.browser.shots OUT`.

One PNG per page type, language and look: light and dark on a desk, a phone, and the printed page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from .driving import A4, DESKTOP, PHONE, launch, visit
from .shown import KINDS, write_all

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "print": {"viewport": A4},
}


def main(arguments: list[str]) -> int:
    """`OUT [KIND]...`; the exit status."""
    if not arguments or not set(arguments[1:]) <= set(KINDS):
        print(f"usage: python -m tests.browser.shots OUT [{'|'.join(KINDS)}]...", file=sys.stderr)
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = launch(playwright)
        for one in write_all(Path(made)):
            if arguments[1:] and one.kind not in arguments[1:]:
                continue
            for look, options in LOOKS.items():
                file = out / f"{one}-{look}.png"
                with visit(browser, one.path, **options) as (page, _):
                    page.emulate_media(media="print" if look == "print" else "screen")
                    page.screenshot(path=file, full_page=True)
                print(file)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
