"""Lets the names decide instead of the priorities.

zh: 决定顺序的是名字，而不是优先级
fails: test_by_priority, test_many
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    return tf.strings.unicode_decode(s, "UTF-8")


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((_ranks(names), names))
    return queue.dequeue_many(count)[1]


def _ranks(names):
    order = sorted(names.numpy().tolist())
    return tf.constant([order.index(name) for name in names.numpy().tolist()], tf.int64)
