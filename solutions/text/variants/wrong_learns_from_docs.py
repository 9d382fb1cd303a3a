"""Learns vocabulary and weights from `docs`, too.

zh: 词汇表和权重也从 `docs` 中学习了
fails: test_weights, test_unknown, test_order, test_words, test_texts, test_ids, test_length,
test_same_words
"""

import keras


def tfidf(train, docs):
    layer = keras.layers.TextVectorization(output_mode="tf_idf")
    layer.adapt(train + docs)
    return layer(docs)


def vectorize(train, docs, length):
    layer = keras.layers.TextVectorization(output_sequence_length=length)
    layer.adapt(train + docs)
    return layer(docs)
