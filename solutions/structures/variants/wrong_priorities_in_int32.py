"""Squeezes priorities into 32 bits.

zh: 把优先级压进了 32 位
fails: test_by_priority
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
    small = tf.cast(priorities, tf.int32)
    queue.enqueue_many((tf.cast(small, tf.int64), names))
    return queue.dequeue_many(count)[1]
