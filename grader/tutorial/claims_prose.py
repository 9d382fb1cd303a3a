"""Finds claims in the prose beside a block: only sentences whose words can't be mistaken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.tutorial import claims_stated as stating
from grader.tutorial import claims_words as words
from grader.tutorial.claims_code import parsed, runnable, unqualified
from grader.tutorial.claims_stated import Stated
from grader.tutorial.values import Block, Prose

_MARK = re.compile(r"\s*(?:(?:[-*+>]|\d{1,3}[.)、])\s+)*")


def in_prose(block: Block, prose: Prose, leads: bool) -> Iterator[Stated]:
    """Only sentences with words that can't be mistaken; `leads`: the block follows at once."""
    for number, line in enumerate(prose.text.split("\n")):
        plain = _MARK.sub("", line.replace("**", "").replace("\\*", ""), count=1).strip()
        for match in words.SENTENCE.finditer(plain):
            sentence = match[0].strip()
            at = prose.line + number
            stated = Stated(at, sentence, "raises", block.index)
            ends = sentence[-1] in ":：" and prose.text.rstrip().endswith(sentence[-1])
            ahead = leads and (ends or words.BELOW.search(sentence) is not None)
            quoted = words.ONCE_QUOTED.search(sentence)
            if quoted or words.ONCE.search(sentence):
                yield _once(replace(stated, says="once"), block, quoted, ahead)
                continue
            bare = sentence.replace("`", "")
            said = words.RAISES_SAID.search(bare)
            # A sentence that begins with "to avoid this" may well end in "raises an error".
            if said is None or words.NEGATED.search(bare[max(said.start() - 12, 0) : said.end()]):
                continue
            name = words.NAME.search(sentence)
            stated = replace(stated, expects=unqualified(name[1]) if name else "")
            codes = [
                code for found in words.CODE.finditer(sentence) if (code := runnable(found[1]))
            ]
            conditional = words.CONDITION.search(sentence)
            if len(codes) == 1 and not conditional:
                yield replace(stated, code=codes[0], sure=False)
            elif ahead:
                yield replace(stated, sure=not conditional)
            else:
                yield replace(stated, reason=stating.WORDS)


def _once(stated: Stated, block: Block, quoted: re.Match[str] | None, ahead: bool) -> Stated:
    """`x` is printed once: by the block that follows, if it is about that one."""
    text = words.CODE.search(quoted[0]) if quoted else None
    doubtful = words.DENIED.search(stated.text) or words.CONDITION.search(stated.text)
    if text is None or not ahead or doubtful:
        return replace(stated, reason=stating.WORDS)
    trees = (parsed(piece.source) for piece in block.pieces)
    places = tuple(
        (number, node.lineno)
        for number, tree in enumerate(trees)
        for node in (tree.body if tree else ())
    )
    return replace(stated, expects=text[1].strip("\"'"), calls=places)
