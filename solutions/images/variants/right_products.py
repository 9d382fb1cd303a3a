"""Rescales first, cuts with exact fractions and resizes by two matrix products.

zh: 先缩放取值，用精确的分数裁剪，再用两次矩阵乘法改变大小
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import tensorflow as tf


@dataclass(frozen=True)
class _Span:
    """Which pixels of an axis stay."""

    start: int
    size: int

    @classmethod
    def centred(cls, side: int, wanted: Fraction) -> "_Span":
        size = min(side, math.floor(wanted))
        return cls((side - size) // 2, size)

    def resized_to(self, size: int, dtype: tf.DType) -> tf.Tensor:
        """The matrix that makes `size` pixels of those that stay."""
        new = (tf.range(size, dtype=tf.float64) + 0.5) * (self.size / size) - 0.5
        new = tf.clip_by_value(new, 0.0, self.size - 1.0)
        old = tf.range(self.size, dtype=tf.float64)
        return tf.cast(tf.nn.relu(1.0 - tf.abs(new[:, None] - old)), dtype)


def prepare(images: tf.Tensor, height: int, width: int) -> tf.Tensor:
    dtype = images.dtype if images.dtype == tf.float64 else tf.float32
    rescaled = tf.cast(images, dtype) * 2.0 / 255.0 - 1.0
    ratio = Fraction(height, width)
    rows, columns = (int(side) for side in images.shape[-3:-1])
    high = _Span.centred(rows, columns * ratio)
    wide = _Span.centred(columns, rows / ratio)
    box = rescaled[..., high.start :, wide.start :, :][..., : high.size, : wide.size, :]
    down, across = high.resized_to(height, dtype), wide.resized_to(width, dtype)
    return tf.einsum("ij,kl,...jlc->...ikc", down, across, box)
