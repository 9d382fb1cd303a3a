"""Every result by way of another: row lengths, a product with ones, two differences.

zh: 每个结果都绕一条路：行长度、与全 1 相乘、两次差集
"""

import tensorflow as tf


def char_lengths(s):
    return codepoints(s).row_lengths()


def codepoints(s):
    codes, _offsets = tf.strings.unicode_decode_with_offsets(s, input_encoding="UTF-8")
    return codes


def sparse_row_sums(sp):
    ones = tf.ones([sp.dense_shape[1], 1], sp.dtype)
    return tf.squeeze(tf.sparse.sparse_dense_matmul(sp, ones), axis=1)


def common(a, b):
    only_a = tf.sets.difference(a, b)
    return tf.sets.difference(a, only_a)


def by_priority(priorities, names):
    count = int(tf.size(names))
    queue = tf.queue.PriorityQueue(capacity=count, types=tf.string, shapes=())
    for k in range(count):
        queue.enqueue((priorities[k], names[k]))
    return tf.stack([queue.dequeue()[1] for _ in range(count)])
