"""Maps over a batch without telling `map_fn` that the results aren't uint8.

zh: 用 `map_fn` 处理一批图像时，没有说明结果不是 uint8
fails: test_uint8
"""

import tensorflow as tf


def prepare(images, height, width):
    if len(images.shape) == 4:
        return tf.map_fn(lambda image: prepare(image, height, width), images)
    dtype = tf.float64 if images.dtype == tf.float64 else tf.float32
    rows, columns = images.shape[-3], images.shape[-2]
    box_rows = min(rows, columns * height // width)
    box_columns = min(columns, rows * width // height)
    top, left = (rows - box_rows) // 2, (columns - box_columns) // 2
    box = images[..., top : top + box_rows, left : left + box_columns, :]
    resized = tf.image.resize(tf.cast(box, dtype), [height, width])
    return tf.cast(resized, dtype) / 127.5 - 1.0
