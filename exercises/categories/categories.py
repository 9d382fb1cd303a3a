"""Categories as numbers: ranges, pairs of codes, looked-up and hashed strings, embeddings."""

import keras
import tensorflow as tf


def age_bucket(ages):
    """Sort ages into three groups: under 18, from 18 to under 50, 50 and over.

    Args:
        ages: tensor of float32 or int32, of any shape with one axis or more.

    Returns:
        Integer tensor (any integer dtype) of the same shape: 0, 1 or 2. An age of exactly 18 is in
        group 1, one of exactly 50 in group 2.
    """
    raise NotImplementedError


def pair_hot(pairs, n):
    """Encode two columns of codes as zeros and ones, so that nobody can take one for the other.

    Args:
        pairs: tensor of int32 or int64, of shape (batch, 2): two codes per row, each in [0, n).
        n: how many codes there are, a Python int ≥ 1.

    Returns:
        float32 tensor of shape (batch, 2n): 1 at `pairs[i, 0]` and at `n + pairs[i, 1]` of row i,
        0 elsewhere.
    """
    raise NotImplementedError


def city_ids(train, cities, n_oov):
    """Number cities as a `StringLookup` with `n_oov` buckets does that was adapted on `train`.

    Args:
        train: string tensor of shape (n,), n ≥ 1: the cities to learn, with repetitions.
        cities: string tensor of any shape with one axis or more: the cities to number.
        n_oov: how many buckets there are for unknown cities, a Python int ≥ 1.

    Returns:
        Integer tensor (int32 or int64) in the shape of `cities`: known cities have the ids from
        `n_oov` on, the most frequent one first; an unknown city has the id of its bucket, in
        [0, n_oov).
    """
    raise NotImplementedError


def stable_hash(strings, bins):
    """Give every string a number that depends on nothing but the string and `bins`.

    Args:
        strings: string tensor of any shape with one axis or more.
        bins: how many different numbers there are, a Python int ≥ 1.

    Returns:
        Integer tensor (int32 or int64) in the shape of `strings`, values in [0, bins): the same for
        the same string in every call and in every process, spread about evenly over different
        strings.
    """
    raise NotImplementedError


def build_mixed_model(vocabulary, n_numeric):
    """Make a new model that predicts one number from numeric features and one category.

    Args:
        vocabulary: the known categories, a list of different Python strings, none of them empty.
        n_numeric: how many numeric features there are, a Python int ≥ 1.

    Returns:
        `keras.Model`, compiled or not, that is called with a dict of two tensors, `num` (float32,
        of shape (batch, n_numeric)) and `cat` (strings, of shape (batch,)), and returns float32 of
        shape (batch, 1). Its categories go through a trainable table with one row for each of
        `vocabulary` and one row for all other strings.
    """
    raise NotImplementedError
