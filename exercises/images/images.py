"""Preparing images for a network: the right shape, the right size, the right range."""

import tensorflow as tf


def prepare(images, height, width):
    """Crop images to an aspect ratio, resize them, and bring their values to [-1, 1].

    First the largest box of the aspect ratio height : width is cut out. One of its sides is that of
    the image; the other one follows from the ratio and is rounded down to whole pixels. The box is
    in the middle; where the number of pixels to cut off is odd, one less is cut off at the top (or
    at the left) than at the bottom (or at the right). Then the box is resized to `height` times
    `width`, bilinearly, without antialiasing, as `tf.image.resize` does it. Nothing is rounded on
    the way, whatever the dtype. At last 0 becomes -1 and 255 becomes 1.

    Args:
        images: tensor of uint8, float32 or float64 with values from 0 to 255: one image of shape
            (rows, columns, channels), or a batch of them of shape (n, rows, columns, channels),
            n ≥ 1, with any number of channels. All shapes are known, and the box has at least one
            pixel.
        height: Python int, the number of rows wanted.
        width: Python int, the number of columns wanted.

    Returns:
        Tensor of shape (height, width, channels) for one image, (n, height, width, channels) for a
        batch; float64 if `images` is float64, float32 otherwise. Accuracy as of float32 is enough
        for both.
    """
    raise NotImplementedError
