"""Trusts in `convert_image_dtype`, which leaves floats as they are.

zh: 依赖 `convert_image_dtype`，而它不改变浮点数的取值
fails: test_box, test_rounding, test_exact, test_bilinear, test_range, test_batch, test_float64,
test_channels
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    images = tf.image.convert_image_dtype(images, dtype)
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(box, [height, width])
    return tf.cast(resized, dtype) * 2.0 - 1.0
