"""Finds claims in the prose beside a block: only sentences whose words can't be mistaken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.tutorial import claims_stated as stating
from grader.tutorial import claims_words as words
from grader.tutorial.claims_code import runnable, unqualified
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
            if words.ONCE.search(sentence):
                yield replace(stated, says="once", reason=stating.WORDS)
                continue
            said = words.RAISES_SAID.search(sentence)
            # A sentence that begins with "to avoid this" may well end in "raises an error".
            if said is None or words.NEGATED.search(
                sentence[max(said.start() - 12, 0) : said.end()]
            ):
                continue
            name = words.NAME.search(sentence)
            stated = replace(stated, expects=unqualified(name[1]) if name else "")
            codes = [
                code for found in words.CODE.finditer(sentence) if (code := runnable(found[1]))
            ]
            conditional = words.CONDITION.search(sentence)
            if len(codes) == 1 and not conditional:
                yield replace(stated, code=codes[0], sure=False)
            elif leads and sentence[-1] in ":：" and prose.text.rstrip().endswith(sentence[-1]):
                yield replace(stated, sure=not conditional)
            else:
                yield replace(stated, reason=stating.WORDS)
