"""Pads and cuts in front, as `pad_sequences` does by default.

zh: 在前面填充和截断，这是 `pad_sequences` 的默认做法
fails: test_ids, test_length, test_same_words
"""

import math
import string
from collections import Counter

import keras
import numpy as np


def _words(text):
    return text.lower().translate(str.maketrans("", "", string.punctuation)).split()


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
    rows = [[ids.get(word, 1) for word in _words(text)] for text in docs]
    return keras.utils.pad_sequences(rows, maxlen=length)
