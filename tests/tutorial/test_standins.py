"""Made-up data: of the shapes, types and columns of the real ones, and the same each time."""

import numpy as np
import pytest

from grader.tutorial.standins import california, keras_sets, tfds


def test_housing_is_what_scikit_learn_reads_from_its_cache(tmp_path):
    from sklearn.datasets import fetch_california_housing

    california.write(tmp_path)
    found = fetch_california_housing(data_home=str(tmp_path), download_if_missing=False)
    assert found.data.shape == (20_640, 8)
    assert found.target.shape == (20_640,)
    assert found.feature_names[0] == "MedInc"
    ranges = dict(zip(found.feature_names, found.data.T, strict=True))
    assert 32 < ranges["Latitude"].min() < ranges["Latitude"].max() < 42.5
    assert 0.5 < np.median(ranges["AveOccup"]) < 6
    assert 0.14 < found.target.min() < found.target.max() < 5.1
    assert np.corrcoef(ranges["MedInc"], found.target)[0, 1] > 0.5  # there is something to learn


def test_housing_is_the_same_each_time():
    assert np.array_equal(california.table(), california.table())


@pytest.mark.parametrize(
    ("name", "shapes", "dtype"),
    [
        ("mnist", ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,)), "uint8"),
        ("cifar10", ((50_000, 32, 32, 3), (50_000, 1), (10_000, 32, 32, 3), (10_000, 1)), "uint8"),
        ("boston_housing", ((404, 13), (404,), (102, 13), (102,)), "float64"),
        ("california_housing", ((16_512, 8), (16_512,), (4_128, 8), (4_128,)), "float32"),
        ("imdb", ((5_000,), (5_000,), (5_000,), (5_000,)), "object"),
    ],
)
def test_keras_sets_have_the_shapes_of_the_real_ones(name, shapes, dtype):
    (x, y), (x_test, y_test) = keras_sets._SETS[name]["load_data"]()
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == shapes
    assert x.dtype == dtype


def test_texts_keep_to_the_words_and_the_length_that_are_asked_for():
    (x, _), _ = keras_sets._SETS["imdb"]["load_data"](num_words=50, maxlen=20)
    assert max(max(text) for text in x) < 50
    assert max(len(text) for text in x) <= 20


def test_each_class_of_the_images_can_be_told_from_the_others():
    images, labels = keras_sets.images(500, (28, 28), 10, 1)
    means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    nearest = ((images[:, None] - means[None]) ** 2).mean(axis=(2, 3)).argmin(axis=1)
    assert (nearest == labels).mean() > 0.99


@pytest.mark.parametrize(
    ("split", "rows"),
    [("train", 1_000), ("test", 200), ("train[:10%]", 100), ("train[100:]", 900),
     ("train[10%:30%]+test", 400)],
)  # fmt: skip
def test_tfds_splits(split, rows):
    parts = [tfds._rows("mnist", part) for part in split.split("+")]
    assert sum(len(part["label"]) for part in parts) == rows
    assert parts[0]["image"].shape[1:] == (28, 28, 1)


@pytest.mark.parametrize("split", ["trian", "train[", "train[a:b]", ""])
def test_an_unknown_split_is_refused(split):
    with pytest.raises(ValueError, match="Unknown split"):
        tfds._rows("mnist", split)


def test_a_set_without_a_stand_in_is_named():
    with pytest.raises(ValueError, match="'wikipedia'"):
        tfds._rows("wikipedia", "train")
