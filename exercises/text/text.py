"""Text as numbers: weighted word counts and padded sequences of word ids."""

import keras


def tfidf(train, docs):
    """Encode texts as TF-IDF vectors over the words of other texts.

    A text is split into words: A to Z become a to z, the ASCII punctuation characters (those of
    `string.punctuation`) are deleted, and what white space separates is a word. The vocabulary is
    the different words of `train`, the most frequent first; words that occur equally often stand
    in reverse alphabetical order (by code point: "b" before "a").

    Args:
        train: list of d ≥ 1 strings, the texts that vocabulary and weights are learned from. Some
            may be empty, but there is at least one word.
        docs: list of n ≥ 1 strings, the texts to encode.

    Returns:
        Dense float32 tensor of shape (n, 1 + number of words in the vocabulary). Column k ≥ 1
        belongs to word k of the vocabulary, counted from 1, and holds how often the text has that
        word, times log(1 + d / (1 + f)), where f of the d texts of `train` hold the word. Column 0
        holds how many words of the text aren't in the vocabulary, times the mean of the weights of
        all words of the vocabulary.
    """
    raise NotImplementedError


def vectorize(train, docs, length):
    """Encode texts as sequences of word ids, all of the same length.

    Words and vocabulary are those of `tfidf`. Id 0 is padding, id 1 stands for every word that
    isn't in the vocabulary, and the vocabulary's words have the ids 2, 3, … in its order.

    Args:
        train: list of at least one string, the texts that the vocabulary is learned from. Some may
            be empty, but there is at least one word.
        docs: list of n ≥ 1 strings, the texts to encode.
        length: Python int ≥ 1, how many ids each text gets.

    Returns:
        Dense integer tensor (int32 or int64) of shape (n, length): the ids of each text's words in
        their order. A longer text keeps its first `length` words, a shorter one is followed by 0s.
    """
    raise NotImplementedError
