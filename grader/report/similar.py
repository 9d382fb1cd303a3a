"""Submissions to one exercise that are alike beyond what the class has in common.

Code counts as evidence only where few submissions have it: what comes from the stub, from the
lecture or from the one obvious way to write it is in most of them. So a pair is told where

1. most of what is *particular* to the two (runs of `_RUN` tokens that at most `rare(n)` of n
   submissions have) is in both; fingerprints as in Schleimer, Wilkerson and Aiken, "Winnowing:
   Local Algorithms for Document Fingerprinting" (SIGMOD 2003); and
2. the two are alike as a whole, function by function (RapidFuzz, Indel similarity of tokens).

Similarity is a reason to look, never a verdict. No step compares every submission with every other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, LCSseq

from grader.report.tokens import Tokens

LEAST_CLASS = 5
"""In a smaller class, what two have in common may be what everybody has."""
_RUN = 10
_LEAST_SHARED = 40
"""Rare runs that both have: about four lines of code that nearly nobody else wrote."""
_LEAST_LINES = 4
"""Rare lines that make byte-identical files worth telling."""
_PARTICULAR = 0.5
_ALIKE = 0.85
_SKETCH = 64
_MOST_HOLDERS = 16
"""A run that more texts have leads to no candidates."""
_MOST_CANDIDATES = 2_000
_MOST_DEFINITIONS = 40

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that are alike, and who handed them in, as places in the list of sources.

    Attributes:
        left: who handed in the one text; where `identical`, everybody who did.
        right: who handed in the other; empty where `identical`.
        identical: byte for byte the same.
        similarity: of the whole, 0 to 1, names, comments, layout and order of functions aside.
        shared: runs of tokens that both have and at most `rare` submissions of the class.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    identical: bool
    similarity: float
    shared: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """One normalised text: its tokens, its runs, and the sources that come to it."""

    tokens: str
    runs: Numbers
    holders: tuple[int, ...]


def rare(n: int) -> int:
    """How many of `n` submissions may have what counts as particular."""
    return max(2, n // 10)


def pairs(sources: Sequence[str]) -> tuple[Pair, ...]:
    """The pairs among `sources` ("" for none), the most alike first; of any size and brokenness."""
    present = {source for source in sources if source.strip()}
    holders: dict[str, list[int]] = defaultdict(list)
    for place, source in enumerate(sources):
        if source in present:
            holders[source].append(place)
    n = sum(map(len, holders.values()))
    if n < LEAST_CLASS:
        return ()
    tokens = Tokens()
    same: dict[str, list[str]] = defaultdict(list)
    for source in holders:
        same[tokens.of(source)].append(source)
    readings = [
        _Reading(text, _runs(text), tuple(p for s in group for p in holders[s]))
        for text, group in same.items()
    ]
    particular = _particular(readings, rare(n))
    found = _identical(holders, rare(n))
    for reading, own in zip(readings, particular, strict=True):
        if len(own) >= _LEAST_SHARED:
            # Alike but for names, comments and layout; each of the texts beside the first.
            first, *others = sorted(same[reading.tokens], key=lambda s: holders[s])
            found += [
                Pair(tuple(holders[first]), tuple(holders[other]), False, 1.0, len(own))
                for other in others
            ]
    for one, other in _candidates(particular):
        shared = len(np.intersect1d(particular[one], particular[other], assume_unique=True))
        whole = len(particular[one]) + len(particular[other])
        if shared < _LEAST_SHARED or 2 * shared < _PARTICULAR * whole:
            continue
        similarity = _similarity(tokens, readings[one].tokens, readings[other].tokens)
        if similarity >= _ALIKE:
            sides = sorted((readings[one].holders, readings[other].holders))
            found.append(Pair(sides[0], sides[1], False, similarity, shared))
    return tuple(sorted(found, key=lambda p: (-p.identical, -p.similarity, -p.shared, p.left)))


def _runs(tokens: str) -> Numbers:
    """The hashes of all runs of `_RUN` tokens, each once, sorted."""
    codes = np.frombuffer(tokens.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(codes) - _RUN + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(_RUN):
        hashes = hashes * np.uint64(0x100000001B3) + codes[place : place + count]
    # Mixed (the end of MurmurHash3), so that the smallest of them are a fair sample.
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    return np.unique(hashes)


def _particular(readings: Sequence[_Reading], most: int) -> list[Numbers]:
    """Of each reading, the runs that at most `most` submissions have."""
    every = np.concatenate([reading.runs for reading in readings])
    weights = np.repeat(
        [len(reading.holders) for reading in readings], [len(r.runs) for r in readings]
    )
    known, place = np.unique(every, return_inverse=True)
    common = np.bincount(place, weights=weights, minlength=len(known)) > most
    ends = np.cumsum([len(reading.runs) for reading in readings])[:-1]
    kept = np.split(~common[place], ends)
    return [reading.runs[keep] for reading, keep in zip(readings, kept, strict=True)]


def _candidates(particular: Sequence[Numbers]) -> list[tuple[int, int]]:
    """Pairs that share enough of their smallest particular runs to be looked into."""
    sketches = [own[:_SKETCH] for own in particular]
    runs = np.concatenate(sketches)
    texts = np.repeat(np.arange(len(sketches)), [len(sketch) for sketch in sketches])
    order = np.lexsort((texts, runs))
    runs, texts = runs[order], texts[order]
    _, place, counts = np.unique(runs, return_inverse=True, return_counts=True)
    few = counts[place] <= _MOST_HOLDERS
    runs, texts = runs[few], texts[few]
    codes = []
    for step in range(1, _MOST_HOLDERS):
        same = runs[step:] == runs[:-step]
        codes.append(texts[:-step][same] * len(sketches) + texts[step:][same])
    met, times = np.unique(np.concatenate(codes), return_counts=True)
    # A fraction of what is wanted in the end: a sketch is a sample.
    enough = times >= _SKETCH * _PARTICULAR / 4
    order = np.argsort(-times[enough], kind="stable")[:_MOST_CANDIDATES]
    return [divmod(int(code), len(sketches)) for code in met[enough][order]]


def _similarity(tokens: Tokens, left: str, right: str) -> float:
    """Indel similarity of the tokens, definition by definition, in whatever order they stand."""
    straight = Indel.normalized_similarity(left, right)
    lefts, rights = tokens.definitions(left), tokens.definitions(right)
    if max(len(lefts), len(rights)) > _MOST_DEFINITIONS:
        return straight
    alike = 0
    for one in sorted(lefts, key=len, reverse=True):
        if not rights:
            break
        place = max(range(len(rights)), key=lambda at: Indel.similarity(one, rights[at]))
        alike += LCSseq.similarity(one, rights.pop(place))
    return max(straight, 2 * alike / (len(left) + len(right)))


def _identical(holders: dict[str, list[int]], most: int) -> list[Pair]:
    """Texts that several handed in, byte for byte, with enough lines that few others have."""
    if all(len(who) == 1 for who in holders.values()):
        return []
    known: Counter[str] = Counter()
    for source, who in holders.items():
        for line in {line.strip() for line in source.splitlines()}:
            known[line] += len(who)
    found = []
    for source, who in holders.items():
        if len(who) > 1:
            lines = {line.strip() for line in source.splitlines()} - {""}
            own = sum(known[line] <= most for line in lines)
            if own >= _LEAST_LINES:
                found.append(Pair(tuple(who), (), True, 1.0, own))
    return found
