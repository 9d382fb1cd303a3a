"""The code in a text that a student typed online: what a browser would show of it, line by line."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from grader.submissions.model import Entry, Unreadable
from grader.text import Text

MAX_PAGE_BYTES = 128 * 2**10
"""More than anybody types; Python's parser takes quadratic time for what nobody writes."""
_HIDDEN = frozenset({"head", "script", "style", "title", "h1"})
"""`h1` is the heading that Canvas puts before a text."""
_BLOCKS = frozenset(
    {"address", "blockquote", "div", "dd", "dl", "dt", "li", "ol", "p", "pre", "table", "tr", "ul"}
    | {f"h{level}" for level in range(2, 7)}
)
_TAG = re.compile(
    r"<(?:(?P<declared>![A-Za-z][^<>]*>)"
    r"|(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>)?"
)
"""A tag, or a `<` that begins none. Between `<` and `>` there is neither, so this is linear."""
_SPACE = re.compile(r"[ \t\n\r\f]+")


def page_source(page: Entry, limit: int) -> bytes:
    """At most `limit + 1` bytes of the program in a page; raises Unreadable."""
    if page.problem is not None:
        raise Unreadable(page.problem)
    data = page.read(MAX_PAGE_BYTES)
    if len(data) > MAX_PAGE_BYTES:
        raise Unreadable(
            Text(
                "the text typed online is larger than 128 KiB: hand in a file",
                "在线文本大于 128 KiB：请提交文件",
            )
        )
    return page_text(data.decode("utf-8", "replace")).encode()[: limit + 1]


def page_text(html: str) -> str:
    """The text of a page; where it has preformatted parts, only these."""
    reader = _Reader()
    reader.feed(_plainer(html))
    reader.close()
    parts = reader.preformatted or reader.flowing
    text = "".join(parts).replace("\xa0", " ").strip("\n")
    return "\n".join(line.rstrip() for line in text.split("\n")) + "\n" if text.strip() else ""


def _plainer(html: str) -> str:
    """`html` with bare tags and no comments: html.parser takes cubic time for odd ones."""
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept.append(html[at:start])
        at = end + 3
    return _TAG.sub(_bare, "".join((*kept, html[at:])))


def _bare(found: re.Match[str]) -> str:
    if found["declared"]:
        return ""
    return f"<{found['slash']}{found['name']}>" if found["name"] else "&lt;"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.flowing: list[str] = []
        self.preformatted: list[str] = []
        self._hidden = self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "pre":
            self._pre += 1
            self._end_line(self.preformatted)
        elif tag == "br":
            (self.preformatted if self._pre else self.flowing).append("\n")
        elif tag in _BLOCKS:
            self._end_line(self.flowing)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in _BLOCKS:
            self._end_line(self.flowing)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            self.preformatted.append(data.replace("\r\n", "\n").replace("\r", "\n"))
            return
        text = _SPACE.sub(" ", data)
        if not self.flowing or self.flowing[-1].endswith("\n"):
            text = text.lstrip(" ")
        if text:
            self.flowing.append(text)

    def _end_line(self, parts: list[str]) -> None:
        if parts and not parts[-1].endswith("\n"):
            parts.append("\n")
