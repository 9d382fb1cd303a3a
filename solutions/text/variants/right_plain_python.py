"""Counts words in plain Python and gives NumPy arrays.

zh: 用纯 Python 数单词，返回 NumPy 数组
"""

import math
import string
from collections import Counter

import numpy as np

_NO_MARKS = str.maketrans("", "", string.punctuation)


def _words(text: str) -> list[str]:
    return text.lower().translate(_NO_MARKS).split()


def _vocabulary(train: list[str]) -> list[str]:
    counts = Counter(word for text in train for word in _words(text))
    # Sorting is stable: first by the word, then by its count.
    return sorted(sorted(counts, reverse=True), key=counts.get, reverse=True)


def tfidf(train: list[str], docs: list[str]) -> np.ndarray:
    vocabulary = _vocabulary(train)
    holding = Counter(word for text in train for word in set(_words(text)))
    weight = {word: math.log1p(len(train) / (1 + holding[word])) for word in vocabulary}
    unknown = sum(weight.values()) / len(weight)
    rows = []
    for text in docs:
        counts = Counter(_words(text))
        strange = sum(count for word, count in counts.items() if word not in weight)
        rows.append([strange * unknown, *(counts[word] * weight[word] for word in vocabulary)])
    return np.array(rows, dtype=np.float32)


def vectorize(train: list[str], docs: list[str], length: int) -> np.ndarray:
    ids = {word: number for number, word in enumerate(_vocabulary(train), start=2)}
    result = np.zeros((len(docs), length), dtype=np.int32)
    for row, text in zip(result, docs, strict=True):
        for place, word in enumerate(_words(text)[:length]):
            row[place] = ids.get(word, 1)
    return result
