"""Counts only the characters from which a word is made.

zh: 只数构成单词的字符
fails: test_char_lengths
"""

import tensorflow as tf


def char_lengths(s):
    letters = tf.strings.regex_replace(s, r"\W", "")
    return tf.strings.length(letters, unit="UTF8_CHAR")


def codepoints(s):
    return tf.strings.unicode_decode(s, "UTF-8")


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
