"""Works out every pixel with NumPy, between its four neighbours.

zh: 用 NumPy 由四个相邻像素算出每个像素
"""

import numpy as np


def _neighbours(side, size):
    """For each new pixel: the pixel before it, the one after it, and how much of the latter."""
    places = np.clip((np.arange(size) + 0.5) * side / size - 0.5, 0, side - 1)
    before = np.floor(places).astype(int)
    return before, np.minimum(before + 1, side - 1), places - before


def _between(values, axis, size):
    before, after, part = _neighbours(values.shape[axis], size)
    shape = [1] * values.ndim
    shape[axis] = size
    part = part.reshape(shape)
    return values.take(before, axis) * (1 - part) + values.take(after, axis) * part


def prepare(images, height, width):
    pixels = np.asarray(images)
    kind = np.float64 if pixels.dtype == np.float64 else np.float32
    *_, rows, columns, _channels = pixels.shape
    if rows * width > columns * height:  # too high
        keep = int(columns * height / width)
        start = int((rows - keep) / 2)
        pixels = pixels[..., start : start + keep, :, :]
    else:
        keep = int(rows * width / height)
        start = int((columns - keep) / 2)
        pixels = pixels[..., :, start : start + keep, :]
    wide = _between(_between(pixels.astype(np.float64), -3, height), -2, width)
    return ((wide - 127.5) / 127.5).astype(kind)
