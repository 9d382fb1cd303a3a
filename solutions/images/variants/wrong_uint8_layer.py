"""Rounds to whole numbers because the layer gets uint8 and gives uint8 back.

zh: 层得到 uint8 就返回 uint8，值因此被取整
fails: test_uint8
"""

import keras


def prepare(images, height, width):
    dtype = "float64" if images.dtype == "float64" else "float32"
    resized = keras.layers.Resizing(height, width, crop_to_aspect_ratio=True)(images)
    return keras.ops.cast(resized, dtype) / 127.5 - 1.0
