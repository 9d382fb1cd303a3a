"""`tensorflow_datasets` without a download: `load` makes small sets of the right features.

It stands in also where the package isn't installed: a document about `tf.data` isn't about TFDS.
"""

from __future__ import annotations

import importlib.machinery
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from grader.tutorial.standins.keras_sets import images

_NAME = "tensorflow_datasets"
_ROWS = {"train": 1_000, "test": 200, "validation": 200, "unsupervised": 200}
_IMAGES = {
    "mnist": ((28, 28, 1), 10),
    "fashion_mnist": ((28, 28, 1), 10),
    "kmnist": ((28, 28, 1), 10),
    "cifar10": ((32, 32, 3), 10),
    "cifar100": ((32, 32, 3), 100),
    "tf_flowers": ((240, 320, 3), 5),
    "cats_vs_dogs": ((240, 320, 3), 2),
}
_ONLY_TRAIN = ("tf_flowers", "cats_vs_dogs", "iris")
_SLICE = re.compile(r"(?P<name>\w+)(?:\[(?P<start>-?\d+%?)?:(?P<stop>-?\d+%?)?\])?")
_Told = Callable[[str], None]
_Columns = dict[str, np.ndarray[Any, Any]]


class _Finder:
    """Answers for `tensorflow_datasets` before anybody else looks for it."""

    def __init__(self, used: _Told) -> None:
        self._used = used

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name != _NAME:
            return None
        return importlib.machinery.ModuleSpec(name, self)  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return ModuleType(spec.name, "A stand-in: made-up data of the right shapes.")

    def exec_module(self, module: ModuleType) -> None:
        def load(name: str, **options: Any) -> Any:
            self._used(f"tensorflow_datasets: {name}")
            return _load(name, **options)

        module.__dict__.update(
            load=load, as_numpy=_as_numpy, disable_progress_bar=lambda: None, __version__="stand-in"
        )


def install(used: _Told) -> None:
    """Has `import tensorflow_datasets` give the stand-in."""
    sys.meta_path.insert(0, _Finder(used))


def _load(
    name: str, split: str | Sequence[str] | None = None, as_supervised: bool = False,
    with_info: bool = False, batch_size: int | None = None, shuffle_files: bool = False,
    **_: Any,
) -> Any:  # fmt: skip
    """As `tfds.load`, for the sets in this module.

    Raises:
        ValueError: there is no stand-in for `name`, or no such split.
    """
    base = name.partition("/")[0].partition(":")[0]
    splits = ["train"] if base in _ONLY_TRAIN else ["train", "test"]
    if split is None:
        wanted: Any = {part: _dataset(base, part, as_supervised, batch_size) for part in splits}
    elif isinstance(split, str):
        wanted = _dataset(base, split, as_supervised, batch_size)
    else:
        wanted = [_dataset(base, part, as_supervised, batch_size) for part in split]
    return (wanted, _info(base, splits)) if with_info else wanted


def _dataset(name: str, split: str, as_supervised: bool, batch_size: int | None) -> Any:
    import tensorflow as tf

    parts = [_rows(name, part) for part in split.split("+")]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    made: Any = columns
    if as_supervised:
        feature = next(key for key in columns if key != "label")
        made = (columns[feature], columns["label"])
    dataset = tf.data.Dataset.from_tensor_slices(made)
    return dataset if batch_size is None else dataset.batch(batch_size)


def _rows(name: str, split: str) -> _Columns:
    found = _SLICE.fullmatch(split.strip())
    if found is None or found["name"] not in _ROWS:
        raise ValueError(f"Unknown split {split!r}. Should be one of ['train', 'test'].")
    columns = _columns(name, _ROWS[found["name"]], len(found["name"]))
    rows = len(next(iter(columns.values())))
    start, stop = (_position(found[key], rows) for key in ("start", "stop"))
    return {key: column[start:stop] for key, column in columns.items()}


def _position(text: str | None, rows: int) -> int | None:
    if text is None:
        return None
    return rows * int(text[:-1]) // 100 if text.endswith("%") else int(text)


def _columns(name: str, rows: int, seed: int) -> _Columns:
    rng = np.random.default_rng(seed)
    if name in _IMAGES:
        size, classes = _IMAGES[name]
        if size[0] > 100:
            rows //= 10
        pictures, labels = images(rows, size, classes, seed)
        return {"image": pictures, "label": labels.astype("int64")}
    if name in ("imdb_reviews", "ag_news_subset"):
        words = np.array(["good", "bad", "plot", "actor", "the", "a", "film", "slow"])
        texts = [" ".join(rng.choice(words, rng.integers(8, 60))) for _ in range(rows)]
        labels = rng.integers(0, 2 if name == "imdb_reviews" else 4, rows)
        return {"text": np.array(texts, dtype=object), "label": labels}
    if name == "iris":
        labels = np.arange(150) % 3
        features = rng.normal(3, 0.5, (150, 4)) + labels[:, None]
        return {"features": features.astype("float32"), "label": labels}
    raise ValueError(f"there is no stand-in for the TFDS data set {name!r}")


def _info(name: str, splits: Iterable[str]) -> SimpleNamespace:
    classes = _IMAGES[name][1] if name in _IMAGES else len(set(_columns(name, 50, 1)["label"]))
    label = SimpleNamespace(
        num_classes=classes,
        names=[f"class {number}" for number in range(classes)],
        int2str=lambda number: f"class {number}",
    )
    sizes = {
        split: SimpleNamespace(num_examples=len(_columns(name, _ROWS[split], 1)["label"]))
        for split in splits
    }
    return SimpleNamespace(name=name, features={"label": label}, splits=sizes)


def _as_numpy(dataset: Any) -> Any:
    if isinstance(dataset, dict):
        return {key: _as_numpy(part) for key, part in dataset.items()}
    found: Iterator[Any] = dataset.as_numpy_iterator()
    return found
