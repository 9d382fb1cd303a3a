"""Lists bytes instead of code points.

zh: 列出的是字节，而不是码点
fails: test_codepoints, test_codepoints_empty
"""

import tensorflow as tf


def char_lengths(s):
    return tf.strings.length(s, unit="UTF8_CHAR")


def codepoints(s):
    rows = [list(text) for text in s.numpy()]
    return tf.ragged.constant(rows, dtype=tf.int32, ragged_rank=1)


def sparse_row_sums(sp):
    return tf.sparse.reduce_sum(sp, axis=1)


def common(a, b):
    return tf.sets.intersection(a, b)


def by_priority(priorities, names):
    count = names.shape[0]
    queue = tf.queue.PriorityQueue(count, types=[tf.string], shapes=[()])
    queue.enqueue_many((priorities, names))
    return queue.dequeue_many(count)[1]
