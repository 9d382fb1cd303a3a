"""Reads a page back: a small tree from html.parser that refuses what isn't balanced."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "path", "use", "input"}


@dataclass
class Node:
    """One element; `parts` are its children and texts in order."""

    tag: str
    attrs: dict[str, str]
    parts: list["Node | str"] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The names in `class`."""
        return set(self.attrs.get("class", "").split())

    @property
    def text(self) -> str:
        """All text inside, as it stands."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def words(self) -> str:
        """All text inside, white space folded."""
        return " ".join(self.text.split())

    def walk(self) -> Iterator["Node"]:
        """This element and everything in it."""
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.walk()

    def all(self, tag: str = "", *classes: str) -> list["Node"]:
        """Elements inside with this tag ("" for any) and all of these classes."""
        return [n for n in self.walk() if tag in ("", n.tag) and set(classes) <= n.classes]

    def one(self, tag: str = "", *classes: str) -> "Node":
        """The only such element."""
        (node,) = self.all(tag, *classes)
        return node

    def id(self, name: str) -> "Node":
        """The only element with this id."""
        (node,) = [n for n in self.walk() if n.attrs.get("id") == name]
        return node


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in <{tag}>"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read(html: str) -> Node:
    """The page as a tree; AssertionError if tags are unbalanced or attributes repeat."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].tag}> is never closed"
    return reader.root
