"""Documents, lists of lists of words, as SequenceExample protocol buffers."""

import tensorflow as tf

# BEGIN SOLUTION
CONTEXT = {
    "author_id": tf.io.FixedLenFeature([], tf.int64),
    "title": tf.io.VarLenFeature(tf.string),
    "pub_date": tf.io.FixedLenFeature([3], tf.int64),
}
LISTS = {
    "content": tf.io.VarLenFeature(tf.string),
    "comments": tf.io.VarLenFeature(tf.string),
}


def words_feature(words):
    """A feature that holds words in UTF-8."""
    encoded = [word.encode() for word in words]
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=encoded))


def ints_feature(values):
    """A feature that holds integers."""
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def sentences_list(sentences):
    """A feature list with one feature per sentence."""
    return tf.train.FeatureList(feature=[words_feature(sentence) for sentence in sentences])


# END SOLUTION


def document_example(context, content, comments):
    """Describe a document in a `tf.train.SequenceExample`.

    Args:
        context: dict with "author_id" (int that fits in 64 bits), "title" (list of str, the words,
            maybe none) and "pub_date" (list of three ints).
        content: list of sentences, each a list of words (str, any Unicode). There may be no
            sentences, sentences without words, and words that are the empty string.
        comments: another such list; it need not be as long as `content`.

    Returns:
        `tf.train.SequenceExample`. Its context holds "author_id" (one int64), "title" (a UTF-8 byte
        string per word) and "pub_date" (three int64); its feature lists "content" and "comments"
        have one feature per sentence, with a UTF-8 byte string per word.
    """
    # BEGIN SOLUTION
    features = {
        "author_id": ints_feature([context["author_id"]]),
        "title": words_feature(context["title"]),
        "pub_date": ints_feature(context["pub_date"]),
    }
    lists = {"content": sentences_list(content), "comments": sentences_list(comments)}
    return tf.train.SequenceExample(
        context=tf.train.Features(feature=features),
        feature_lists=tf.train.FeatureLists(feature_list=lists),
    )
    # END SOLUTION


def parse_document(serialized):
    """Parse what `document_example(…).SerializeToString()` gives; works in `Dataset.map`, too.

    Args:
        serialized: scalar string tensor, or `bytes`.

    Returns:
        (context, lists), two dicts. `context`, of dense tensors: "author_id", a scalar int64;
        "title", strings of shape (n,) for n words, (0,) for none; "pub_date", int64 of shape (3,).
        `lists`: "content" and "comments", each a `tf.RaggedTensor` of strings with one row per
        sentence, in which a sentence without words is an empty row.
    """
    # BEGIN SOLUTION
    context, lists = tf.io.parse_single_sequence_example(serialized, CONTEXT, LISTS)
    ragged = {name: tf.RaggedTensor.from_sparse(found) for name, found in lists.items()}
    return {**context, "title": context["title"].values}, ragged
    # END SOLUTION
