"""Addresses from a results file: linked only where following them is harmless."""

from __future__ import annotations

import re

_SAFE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w./~%@:,;=&?#+!()-]*)?", re.ASCII)
_MOST = 500


def is_link(address: str) -> bool:
    """Whether it is plainly a page of the web: http or https, a host, nothing that could break."""
    return len(address) <= _MOST and _SAFE.fullmatch(address) is not None
