"""Leaves crop, resize and range to two Keras layers.

zh: 裁剪、缩放和取值范围都交给两个 Keras 层
"""

import keras


def prepare(images, height: int, width: int):
    dtype = "float64" if images.dtype == "float64" else "float32"
    resize = keras.layers.Resizing(height, width, crop_to_aspect_ratio=True, dtype=dtype)
    rescale = keras.layers.Rescaling(scale=2.0 / 255, offset=-1, dtype=dtype)
    return rescale(resize(keras.ops.cast(images, dtype)))
