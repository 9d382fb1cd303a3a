"""Imports Keras without what only corners of it want, until a submission goes there.

Keras imports scikit-learn and Matplotlib where they are installed: the one for its wrappers, the
other for drawing galleries. That is a third of the whole import's time, and a fork takes a fifth
longer for what they hold. So they come with the first submission that speaks of them; all that are
forked later have them for nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Corner:
    """A part of Keras that another package has to be there for.

    Attributes:
        package: which one.
        marks: what a submission has in it that goes there, in lower case.
        modules: those that look for the package when they are imported, and those that hand on what
            these hold, in the order in which they depend on each other.
    """

    package: str
    marks: tuple[bytes, ...]
    modules: tuple[str, ...]


_CORNERS = (
    _Corner(
        "sklearn",
        (b"sklearn",),
        (
            "keras.src.wrappers.fixes",
            "keras.src.wrappers.utils",
            "keras.src.wrappers.sklearn_wrapper",
            "keras.src.wrappers",
            "keras.wrappers",
            "keras._tf_keras.keras.wrappers",
        ),
    ),
    _Corner(
        "matplotlib",
        (b"matplotlib", b"_gallery"),
        (
            "keras.src.visualization.plot_image_gallery",
            "keras.src.visualization.plot_bounding_box_gallery",
            "keras.src.visualization.plot_segmentation_mask_gallery",
            "keras.src.visualization",
            "keras.visualization",
            "keras._tf_keras.keras.visualization",
        ),
    ),
)


@contextlib.contextmanager
def left_out() -> Iterator[None]:
    """What is imported meanwhile finds none of these packages; afterwards they are there again."""
    hidden = [corner.package for corner in _CORNERS if corner.package not in sys.modules]
    for package in hidden:
        sys.modules[package] = None  # type: ignore[assignment]  # so Python takes it for missing
    try:
        yield
    finally:
        for package in hidden:
            del sys.modules[package]


def furnish(source: bytes) -> bool:
    """Has Keras as it would be with all packages that are installed, as far as `source` needs it.

    A submission that builds such a name from pieces sees Keras as if they weren't installed, unless
    one before it has had them brought; what it imports itself it always gets.

    Returns:
        Whether anything was imported for it.
    """
    text = source.lower()
    new = False
    for corner in _CORNERS:
        missing = corner.package not in sys.modules
        if missing and any(mark in text for mark in corner.marks):
            # Not installed, or broken: that is for the submission to meet, if it imports it.
            with contextlib.suppress(Exception):
                importlib.import_module(corner.package)
                new = True
                for name in corner.modules:
                    if name in sys.modules:
                        importlib.reload(sys.modules[name])
    return new
