"""Doubles uint8 values, which wrap around beyond 255.

zh: 把 uint8 的值乘以 2，超过 255 就溢出了
fails: test_uint8
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    doubled = tf.cast(box * 2, dtype)
    resized = tf.image.resize(doubled, [height, width])
    return tf.cast(resized, dtype) / 255.0 - 1.0
