"""`keras.datasets` without a download: the functions that load them hand out made-up arrays."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.tutorial.standins.california import table

_Array = np.ndarray[Any, Any]
_Pair = tuple[_Array, _Array]
_WORDS = 88_584  # of the word index that comes with IMDB


def install(package: str, used: Callable[[str], None]) -> None:
    """Replaces the loading functions of `package`.datasets."""
    for name, functions in _SETS.items():
        try:
            module = importlib.import_module(f"{package}.datasets.{name}")
        except ImportError:
            continue
        for function, made in functions.items():
            setattr(module, function, _told(made, f"keras.datasets.{name}", used))


def _told(made: Callable[..., Any], name: str, used: Callable[[str], None]) -> Callable[..., Any]:
    @functools.wraps(made)
    def load(*args: Any, **kwargs: Any) -> Any:
        used(name)
        return made(*args, **kwargs)

    return load


def images(rows: int, size: tuple[int, ...], classes: int, seed: int) -> _Pair:
    """uint8 images (rows, *size) and labels (rows,): each class has a pattern, under noise."""
    rng = np.random.default_rng(seed)
    patterns = np.random.default_rng(len(size)).integers(0, 160, (classes, *size), np.uint8)
    labels = rng.integers(0, classes, rows, np.uint8)
    noise = rng.integers(0, 96, (rows, *size), np.uint8)
    return patterns[labels] + noise, labels


def _mnist(path: str = "mnist.npz") -> tuple[_Pair, _Pair]:
    """Shapes (60000, 28, 28) and (10000, 28, 28), uint8; labels 0 to 9."""
    return images(60_000, (28, 28), 10, 1), images(10_000, (28, 28), 10, 2)


def _cifar(classes: int) -> tuple[_Pair, _Pair]:
    (x, y), (x_test, y_test) = (
        images(rows, (32, 32, 3), classes, seed) for rows, seed in ((50_000, 3), (10_000, 4))
    )
    return (x, y[:, None]), (x_test, y_test[:, None])


def _cifar10() -> tuple[_Pair, _Pair]:
    """Shapes (50000, 32, 32, 3) and (10000, 32, 32, 3), uint8; labels (n, 1)."""
    return _cifar(10)


def _cifar100(label_mode: str = "fine") -> tuple[_Pair, _Pair]:
    """As CIFAR-10, with 100 classes, or 20 with `label_mode="coarse"`."""
    return _cifar(100 if label_mode == "fine" else 20)


def _texts(rows: int, classes: int, words: int | None, maxlen: int | None, seed: int) -> _Pair:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, rows)
    lengths = np.clip(rng.lognormal(5.2, 0.6, rows).astype(int), 10, 2_400)
    if maxlen is not None:
        lengths = np.minimum(lengths, maxlen - 1)
    top = min(words or _WORDS, _WORDS)
    texts = np.empty(rows, object)
    for row, (label, length) in enumerate(zip(labels, lengths, strict=True)):
        ranks = (rng.pareto(0.9, length) * (8 + label)).astype(int) % max(1, top - 4)
        texts[row] = [1, *(ranks + 4).tolist()]
    return texts, labels


def _imdb(
    path: str = "imdb.npz", num_words: int | None = None, skip_top: int = 0,
    maxlen: int | None = None, **_: Any,
) -> tuple[_Pair, _Pair]:  # fmt: skip
    """5,000 and 5,000 reviews (really 25,000 each) as lists of word ranks; labels 0 and 1."""
    return _texts(5_000, 2, num_words, maxlen, 5), _texts(5_000, 2, num_words, maxlen, 6)


def _reuters(
    path: str = "reuters.npz", num_words: int | None = None, skip_top: int = 0,
    maxlen: int | None = None, test_split: float = 0.2, **_: Any,
) -> tuple[_Pair, _Pair]:  # fmt: skip
    """8,982 and 2,246 newswires as lists of word ranks; 46 topics."""
    return _texts(8_982, 46, num_words, maxlen, 7), _texts(2_246, 46, num_words, maxlen, 8)


def _word_index(path: str = "") -> dict[str, int]:
    """Made-up words by their rank."""
    return {f"word{rank}": rank for rank in range(1, _WORDS + 1)}


def _split(x: _Array, y: _Array, test_split: float, seed: int) -> tuple[_Pair, _Pair]:
    order = np.random.default_rng(seed).permutation(len(x))
    x, y = x[order], y[order]
    train = int(len(x) * (1 - test_split))
    return (x[:train], y[:train]), (x[train:], y[train:])


def _boston(
    path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113
) -> tuple[_Pair, _Pair]:
    """506 rows of 13 features, float64; values in thousands."""
    rng = np.random.default_rng(506)
    x = rng.gamma(2.0, 3.0, (506, 13))
    y = np.clip(22.5 + x @ rng.normal(0, 0.7, 13) + rng.normal(0, 2, 506), 5, 50)
    return _split(x, y, test_split, seed)


def _california(
    version: str = "large", path: str = "", test_split: float = 0.2, seed: int = 113
) -> tuple[_Pair, _Pair]:
    """20,640 rows (600 in the small version) of 8 features, float32."""
    rows = table()[: 600 if version == "small" else None].astype("float32")
    return _split(rows[:, [8, 7, 2, 3, 4, 5, 6, 1]], rows[:, 0], test_split, seed)


_SETS: dict[str, dict[str, Callable[..., Any]]] = {
    "mnist": {"load_data": _mnist},
    "fashion_mnist": {"load_data": _mnist},
    "cifar10": {"load_data": _cifar10},
    "cifar100": {"load_data": _cifar100},
    "imdb": {"load_data": _imdb, "get_word_index": _word_index},
    "reuters": {"load_data": _reuters, "get_word_index": _word_index},
    "boston_housing": {"load_data": _boston},
    "california_housing": {"load_data": _california},
}
