"""Pads to the longest text, not to `length`.

zh: 填充到最长文本的长度，而不是 `length`
fails: test_length
"""

import keras


def tfidf(train, docs):
    layer = keras.layers.TextVectorization(output_mode="tf_idf")
    layer.adapt(train)
    return layer(docs)


def vectorize(train, docs, length):
    layer = keras.layers.TextVectorization()
    layer.adapt(train)
    return layer(docs)[:, :length]
