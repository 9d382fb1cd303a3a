"""Makes three channels of any image.

zh: 不论图像有几个通道，都变成三个
fails: test_channels
"""

import tensorflow as tf


def prepare(images, height, width):
    if images.shape[-1] == 1:
        images = tf.image.grayscale_to_rgb(images)
    images = images[..., :3]
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
