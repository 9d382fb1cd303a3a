"""Cuts out a box of the ratio width : height.

zh: 裁剪框的比例弄成了 width : height
fails: test_box, test_rounding, test_exact, test_batch, test_bilinear, test_uint8, test_float64,
test_channels, test_range
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * width // height)
    box_columns = min(columns, rows * height // width)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
