"""Gives the characters as strings, not their code points.

zh: 给出的是字符串形式的字符，而不是码点
fails: test_codepoints, test_codepoints_empty
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    return tf.strings.unicode_split(s, "UTF-8")


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
