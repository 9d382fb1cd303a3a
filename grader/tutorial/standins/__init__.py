"""Made-up data in the place of downloads: seeded, of the right shapes and types, always disclosed.

So a document that fetches a data set can be checked without a network. Nothing here says anything
about the real data: a figure that comes from them can't come out of these.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

Used = Callable[[str], None]


def install(used: Used) -> None:
    """Puts the stand-ins of Keras and TFDS in place, in a kernel; `used` is told of each use."""
    from grader.tutorial.standins import keras_sets, tfds

    for name in ("keras", "keras._tf_keras.keras", "tf_keras"):
        if name in sys.modules:
            keras_sets.install(name, used)
    tfds.install(used)
