"""`tf.keras` with Chinese names and prints; `cat` gets an axis and loses it again; compiled.

zh: 用 `tf.keras`，中文变量名，带打印；`cat` 先加一个轴再去掉；返回已编译的模型
"""

import tensorflow as tf

分界 = [18.0, 50.0]


def age_bucket(ages):
    年龄 = tf.reshape(tf.cast(ages, tf.float32), [-1])
    组号 = tf.searchsorted(tf.constant(分界), 年龄, side="right")
    return tf.reshape(组号, tf.shape(ages))


def pair_hot(pairs, n):
    行数 = pairs.shape[0]
    行号 = tf.repeat(tf.range(行数), 2)
    列号 = tf.reshape(tf.cast(pairs, tf.int32) + tf.constant([0, n]), [-1])
    return tf.scatter_nd(tf.stack([行号, 列号], axis=1), tf.ones(2 * 行数), [行数, 2 * n])


def city_ids(train, cities, n_oov):
    查表 = tf.keras.layers.StringLookup(num_oov_indices=n_oov)
    查表.adapt(tf.data.Dataset.from_tensor_slices(train).batch(2))
    print("词汇表大小：", 查表.vocabulary_size())
    return tf.cast(查表(cities), tf.int32)


def stable_hash(strings, bins):
    return tf.strings.to_hash_bucket_fast(strings, bins)


def build_mixed_model(vocabulary, n_numeric):
    数值 = tf.keras.Input([n_numeric], name="num")
    类别 = tf.keras.Input([1], name="cat", dtype=tf.string)
    编号 = tf.keras.layers.StringLookup(num_oov_indices=1, vocabulary=vocabulary)(类别)
    向量 = tf.keras.layers.Embedding(len(vocabulary) + 1, 2 + len(vocabulary) // 4)(编号)
    特征 = tf.keras.layers.concatenate([数值, tf.keras.layers.Flatten()(向量)])
    隐藏 = tf.keras.layers.Dense(30, activation="selu")(特征)
    模型 = tf.keras.Model([数值, 类别], tf.keras.layers.Dense(1)(隐藏))
    模型.compile(loss="mae", optimizer="adam")
    return 模型


if __name__ == "__main__":
    print(age_bucket(tf.constant([17.9, 18.0, 50.0])))
    print(stable_hash(tf.constant(["北京", "上海"]), 10))
