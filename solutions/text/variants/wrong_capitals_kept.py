"""Doesn't make capital letters small.

zh: 没有把大写字母变成小写
fails: test_words, test_same_words
"""

import keras


def tfidf(train, docs):
    layer = keras.layers.TextVectorization(output_mode="tf_idf", standardize="strip_punctuation")
    layer.adapt(train)
    return layer(docs)


def vectorize(train, docs, length):
    layer = keras.layers.TextVectorization(
        output_sequence_length=length, standardize="strip_punctuation"
    )
    layer.adapt(train)
    return layer(docs)
