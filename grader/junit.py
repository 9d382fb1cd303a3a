"""JUnit XML: what every writer of it shares. Suites of cases, and text that XML can hold.

The form is the one that Jenkins, GitLab and GitHub's actions read
(https://github.com/testmoapp/junitxml).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from grader.defuse import defuse, defuse_line

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write; ElementTree would write them all the same."""


def text(value: str) -> str:
    """`value` as the content of an element."""
    return _NOT_XML.sub("", defuse(value, max_chars=20_000))


def line(value: str, most: int = 200) -> str:
    """`value` as an attribute: one line of at most `most` characters."""
    return _NOT_XML.sub("", defuse_line(value, max_chars=most))


def suite(
    name: str,
    cases: Sequence[ET.Element],
    *,
    seconds: float,
    started: str,
    properties: Iterable[tuple[str, str]] = (),
    file: str = "",
) -> ET.Element:
    """A test suite with its cases, which it counts by what stands in them.

    `started` is an ISO 8601 time; what is no time is left out.
    """
    counts = {kind: sum(c.find(kind) is not None for c in cases) for kind in _KINDS}
    made = ET.Element("testsuite", name=line(name))
    if file:
        made.set("file", line(file))
    made.set("tests", str(len(cases)))
    made.set("failures", str(counts["failure"]))
    made.set("errors", str(counts["error"]))
    made.set("skipped", str(counts["skipped"]))
    made.set("time", f"{seconds:.3f}")
    if when := _moment(started):
        made.set("timestamp", when)
    facts = list(properties)
    if facts:
        held = ET.SubElement(made, "properties")
        for key, value in facts:
            ET.SubElement(held, "property", name=line(key), value=line(value))
    made.extend(cases)
    return made


def document(name: str, suites: Sequence[ET.Element], seconds: float) -> str:
    """The text of the whole file; write it as UTF-8."""
    root = ET.Element("testsuites", name=line(name))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(one.get(count, "0")) for one in suites)))
    root.set("time", f"{seconds:.3f}")
    root.extend(suites)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


_KINDS = ("failure", "error", "skipped")


def _moment(started: str) -> str:
    """UTC without its zone, as the format's schema has it; "" for what is no time."""
    try:
        when = datetime.fromisoformat(started)
        if when.tzinfo is not None:
            when = when.astimezone(UTC)
    except (ValueError, OverflowError):  # in another zone it may lie before the year 1
        return ""
    return when.strftime("%Y-%m-%dT%H:%M:%S")
