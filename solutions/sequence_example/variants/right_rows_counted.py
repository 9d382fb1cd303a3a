"""Counts the words of every row itself; Chinese names; prints.

zh: 自己数出每行的词数；中文标识符；带打印
"""

import tensorflow as tf


def 词特征(词表):
    return tf.train.Feature(
        bytes_list=tf.train.BytesList(value=[tf.compat.as_bytes(词) for 词 in 词表])
    )


def 整数特征(*数):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=数))


def document_example(context, content, comments):
    print("句子数：", len(content), len(comments))
    上下文 = tf.train.Features(
        feature={
            "author_id": 整数特征(context["author_id"]),
            "title": 词特征(context["title"]),
            "pub_date": 整数特征(*context["pub_date"]),
        }
    )
    列表 = {}
    for 名, 句子们 in (("content", content), ("comments", comments)):
        if len(句子们) > 0:
            列表[名] = tf.train.FeatureList(feature=list(map(词特征, 句子们)))
    return tf.train.SequenceExample(
        context=上下文, feature_lists=tf.train.FeatureLists(feature_list=列表)
    )


@tf.function
def 变为不规则(稀疏):
    行数 = 稀疏.dense_shape[0]
    行号 = 稀疏.indices[:, 0]
    词数 = tf.math.unsorted_segment_sum(tf.ones_like(行号), 行号, 行数)
    return tf.RaggedTensor.from_row_lengths(稀疏.values, 词数)


def parse_document(serialized):
    变长 = tf.io.VarLenFeature(tf.string)
    上下文, 列表 = tf.io.parse_single_sequence_example(
        serialized,
        {
            "author_id": tf.io.FixedLenFeature([1], tf.int64),
            "title": 变长,
            "pub_date": tf.io.VarLenFeature(tf.int64),
        },
        {"content": 变长, "comments": 变长},
    )
    print("解析：", sorted(上下文), sorted(列表))
    结果 = {
        "author_id": 上下文["author_id"][0],
        "title": tf.sparse.to_dense(上下文["title"]),
        "pub_date": tf.ensure_shape(上下文["pub_date"].values, [3]),
    }
    return 结果, {"content": 变为不规则(列表["content"]), "comments": 变为不规则(列表["comments"])}
