"""Uses TensorFlow's string operations, a lookup table and ragged tensors.

zh: 使用 TensorFlow 的字符串运算、查找表和不规则张量
"""

import re
import string

import tensorflow as tf


class _Vocabulary:
    """The words of some texts, and the numbers they get."""

    def __init__(self, train):
        words = self.split(train)
        found, _, counts = tf.unique_with_counts(words.values)
        pairs = zip(found.numpy().tolist(), counts.numpy().tolist(), strict=True)
        # UTF-8 sorts as code points do.
        ordered = sorted(pairs, key=lambda pair: pair[::-1], reverse=True)
        self.size = len(ordered)
        keys = tf.constant([word for word, _ in ordered])
        numbers = tf.range(1, self.size + 1)
        pairs = tf.lookup.KeyValueTensorInitializer(keys, numbers)
        self.table = tf.lookup.StaticHashTable(pairs, default_value=0)

    @staticmethod
    def split(texts):
        small = tf.strings.lower(tf.constant(texts), encoding="utf-8")
        bare = tf.strings.regex_replace(small, "[" + re.escape(string.punctuation) + "]", "")
        return tf.strings.split(bare)

    def numbers(self, texts):
        """0 for words that aren't known."""
        return tf.ragged.map_flat_values(self.table.lookup, self.split(texts))

    def counts(self, texts):
        return tf.stack(
            [
                tf.math.bincount(row, minlength=self.size + 1, dtype=tf.float32)
                for row in self.numbers(texts)
            ]
        )


def tfidf(train, docs):
    vocabulary = _Vocabulary(train)
    holding = tf.math.count_nonzero(vocabulary.counts(train)[:, 1:], axis=0)
    weights = tf.math.log(1.0 + len(train) / (1.0 + tf.cast(holding, tf.float32)))
    weights = tf.concat([[tf.reduce_mean(weights)], weights], axis=0)
    return vocabulary.counts(docs) * weights


def vectorize(train, docs, length):
    numbers = _Vocabulary(train).numbers(docs)
    return (numbers + 1).to_tensor(default_value=0, shape=[None, length])
