"""From an array to CSV shards, and from the shards to shuffled, scaled batches."""

# BEGIN SOLUTION
import os

# END SOLUTION
import numpy as np
import tensorflow as tf


def write_shards(data, header, directory, prefix, n_parts):
    """Write the rows of an array to several CSV files.

    Args:
        data: NumPy array of shape (m, d), float64.
        header: one string, the first line of every file, without a line break.
        directory: path of the folder as a string. It is made if it isn't there, and so are the
            folders above it.
        prefix: string that the name of every file begins with; the names end in `.csv`.
        n_parts: number of files, from 1 to m.

    Returns:
        List of n_parts strings, the paths of the files in the order of the rows. The files hold
        the parts that `np.array_split(data, n_parts)` gives, one row per line, the numbers
        separated by commas and with enough digits to be read back exactly as they are in `data`.
        Another call with the same directory, prefix and n_parts replaces these files; those of
        other prefixes are left alone.
    """
    # BEGIN SOLUTION
    os.makedirs(directory, exist_ok=True)
    paths = []
    for index, part in enumerate(np.array_split(data, n_parts)):
        path = os.path.join(directory, f"{prefix}_{index:04d}.csv")
        # repr of a Python float is the shortest text that reads back as the same float.
        rows = [",".join(repr(number) for number in row) for row in part.tolist()]
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in [header, *rows])
        paths.append(path)
    return paths
    # END SOLUTION


def parse_line(line, n_inputs):
    """Turn one line of a shard into features and target; nothing is scaled.

    Args:
        line: scalar string tensor: n_inputs features and then the target, separated by commas.
            In `Dataset.map` it is symbolic.
        n_inputs: number of features, a Python int.

    Returns:
        (x, y): float32 tensors of shapes (n_inputs,) and (1,). A feature that is missing, so that
        nothing stands between its commas, is 0.

    Raises:
        tf.errors.InvalidArgumentError or ValueError: the target is missing.
    """
    # BEGIN SOLUTION
    # An empty default makes a field obligatory; its dtype says how to read the text.
    obligatory = tf.constant([], tf.float32)
    *features, target = tf.io.decode_csv(line, [0.0] * n_inputs + [obligatory])
    return tf.stack(features), tf.stack([target])
    # END SOLUTION


def csv_dataset(paths, mean, std, *, n_readers, batch_size, shuffle_buffer, seed):
    """Read shards into shuffled batches of scaled features and targets.

    Args:
        paths: list of strings, the CSV files; each has a header line, then lines as `parse_line`
            takes them. They needn't be equally long.
        mean, std: NumPy arrays of shape (n_inputs,), float64 or float32, std > 0.
        n_readers: how many files are read at the same time, at least 1; there may be fewer files.
            Their rows take turns, one row from each.
        batch_size: rows per batch; the last batch of a pass holds what is left.
        shuffle_buffer: size of the buffer that shuffles the rows after they were interleaved; with
            1 they stay in that order.
        seed: Python int that decides the order: equal seeds give the same first pass.

    Returns:
        `tf.data.Dataset` of pairs (x, y), float32 of shapes (b, n_inputs) and (b, 1):
        x = (features - mean) / std, y is the target as it is in the file. Every pass yields each
        row exactly once, in a new order. Files are read in parallel, batches are prefetched.
    """
    # BEGIN SOLUTION
    mean, std = tf.cast(mean, tf.float32), tf.cast(std, tf.float32)

    def scaled(line):
        x, y = parse_line(line, len(mean))
        return (x - mean) / std, y

    files = tf.data.Dataset.from_tensor_slices(paths).shuffle(len(paths), seed=seed)
    rows = files.interleave(
        lambda path: tf.data.TextLineDataset(path).skip(1),
        cycle_length=n_readers,
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    examples = rows.map(scaled, num_parallel_calls=tf.data.AUTOTUNE)
    return examples.shuffle(shuffle_buffer, seed=seed).batch(batch_size).prefetch(tf.data.AUTOTUNE)
    # END SOLUTION
