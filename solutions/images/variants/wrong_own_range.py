"""Spreads every image over its own values, from darkest to brightest.

zh: 按每幅图像自己最暗与最亮的值来缩放
fails: test_range, test_batch
"""

import tensorflow as tf


def prepare(images, height, width):
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    low = tf.reduce_min(tf.cast(images, dtype), axis=[-3, -2, -1], keepdims=True)
    high = tf.reduce_max(tf.cast(images, dtype), axis=[-3, -2, -1], keepdims=True)
    return 2.0 * (tf.cast(resized, dtype) - low) / (high - low) - 1.0
