"""Makes the files that students hand in: notebooks, zips and damaged ones of both."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.submissions import Submission

    HandIn = Callable[..., dict[str, Submission]]

SYMBOLS = {
    "huber": ("huber_fn", "create_huber", "HuberLoss"),
    "huber_metric": ("HuberMetric",),
    "dense": ("MyDense",),
}


def notebook(*cells: str, version: int = 4, **metadata: Any) -> bytes:
    """A notebook whose code cells are `cells`; one that starts with `md:` is a text cell."""
    made: list[dict[str, Any]] = []
    for text in cells:
        kind = "markdown" if text.startswith("md:") else "code"
        key = {4: "source", 3: "input", 2: "input", 1: "code"}[version]
        made.append({"cell_type": kind, key if kind == "code" else "source": text, "metadata": {}})
    body: dict[str, Any] = {"nbformat": version, "nbformat_minor": 0, "metadata": metadata}
    body |= {"worksheets": [{"cells": made}]} if version in (2, 3) else {"cells": made}
    return json.dumps(body).encode()


def zipped(members: dict[str, bytes], **how: Any) -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how.pop("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
