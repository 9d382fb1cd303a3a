"""Documents, lists of lists of words, as SequenceExample protocol buffers."""

import tensorflow as tf


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
    raise NotImplementedError


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
    raise NotImplementedError
