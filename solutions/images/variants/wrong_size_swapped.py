"""Resizes to (width, height) instead of (height, width).

zh: 缩放成了 (width, height)，而不是 (height, width)
fails: test_box, test_rounding, test_exact, test_bilinear, test_range, test_batch, test_uint8,
test_float64, test_channels
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [width, height])
    return tf.cast(resized, dtype) / 127.5 - 1.0
