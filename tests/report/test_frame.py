"""Frames: what is filled in stands where it belongs, and nobody's words open a place."""

from __future__ import annotations

from functools import partial

from jinja2 import Environment
from markupsafe import Markup, escape

from grader.report.frame import Frame
from grader.report.markup import printable

MADE = Environment(autoescape=True, finalize=printable)


def drawn(template: str, *places: str, **told: str) -> Frame:
    return Frame(partial(MADE.from_string(template).render, **told), *places)


def test_places_are_filled() -> None:
    """A place can come several times, or never; what is filled in isn't looked at again."""
    frame = drawn("<p id='{{ a }}'>100% %s {{ b }}{{ a }}</p>", "a", "b", "c")
    shown = frame(a=Markup("1"), b=Markup("<b>%(a)s {{ a }} \\x00a\\x00</b>"), c=Markup("never"))
    assert shown == "<p id='1'>100% %s <b>%(a)s {{ a }} \\x00a\\x00</b>1</p>"
    assert isinstance(shown, Markup)
    assert drawn("nothing <i>open</i>")() == "nothing <i>open</i>"


def test_no_text_opens_a_place() -> None:
    """Also where it says what a place looks like while the frame is drawn."""
    frame = drawn("{{ said }}|{{ name }}", "name", said="\x00name\x00 <name>")
    assert frame(name=escape("<ada>")) == "name &lt;name&gt;|&lt;ada&gt;"
