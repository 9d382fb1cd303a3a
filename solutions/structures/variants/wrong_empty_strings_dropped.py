"""Leaves out the rows of empty strings.

zh: 漏掉了空字符串对应的行
fails: test_codepoints_empty
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    kept = tf.boolean_mask(s, tf.strings.length(s) > 0)
    return tf.strings.unicode_decode(kept, "UTF-8")


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
