"""Deletes every sign that isn't a letter or a digit, not those 32 only.

zh: 删去了字母和数字以外的所有符号，而不只是那 32 个
fails: test_words
"""

import math
from collections import Counter

import numpy as np


def _words(text):
    kept = (sign for sign in text.lower() if sign.isalnum() or sign.isspace())
    return "".join(kept).split()


def _vocabulary(train):
    counts = Counter(word for text in train for word in _words(text))
    return sorted(counts, key=lambda word: (counts[word], word), reverse=True)


def _weights(train, vocabulary):
    d = len(train)
    texts = [_words(text) for text in train]
    f = [sum(word in text for text in texts) for word in vocabulary]
    return np.array([math.log(1 + d / (1 + held)) for held in f])


def tfidf(train, docs):
    vocabulary = _vocabulary(train)
    weights = _weights(train, vocabulary)
    columns = {word: k for k, word in enumerate(vocabulary, 1)}
    counts = np.zeros((len(docs), 1 + len(vocabulary)))
    for row, text in zip(counts, docs, strict=True):
        for word in _words(text):
            row[columns.get(word, 0)] += 1
    return (counts * [weights.mean(), *weights]).astype("float32")


def vectorize(train, docs, length):
    ids = {word: k for k, word in enumerate(_vocabulary(train), 2)}
    rows = [[ids.get(word, 1) for word in _words(text)][:length] for text in docs]
    return np.array([row + [0] * (length - len(row)) for row in rows])
