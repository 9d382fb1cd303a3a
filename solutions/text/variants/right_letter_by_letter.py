"""Reads letter by letter into lists, with Chinese names and prints.

zh: 逐个字符读入列表，用中文命名，并打印过程
"""

from math import log
from string import punctuation

import tensorflow as tf


def 分词(文本):
    单词表, 当前 = [], ""
    for 字符 in 文本 + " ":
        if 字符.isspace():
            if 当前:
                单词表.append(当前)
            当前 = ""
        elif 字符 not in punctuation:
            当前 += 字符.lower()
    return 单词表


def 词汇(train):
    全部 = [单词 for 文本 in train for 单词 in 分词(文本)]
    次序 = sorted(((全部.count(单词), 单词) for 单词 in set(全部)), reverse=True)
    print("词汇表：", 次序)
    return [单词 for _, 单词 in 次序]


def tfidf(train, docs):
    权重 = []
    for 单词 in 词汇(train):
        含有 = len([文本 for 文本 in train if 单词 in 分词(文本)])
        权重.append((单词, log(1 + len(train) / (1 + 含有))))
    平均 = sum(数 for _, 数 in 权重) / len(权重)
    行表 = []
    for 文本 in docs:
        剩下 = 分词(文本)
        行 = []
        for 单词, 数 in 权重:
            次数 = 剩下.count(单词)
            剩下 = [另一个 for 另一个 in 剩下 if 另一个 != 单词]
            行.append(次数 * 数)
        行表.append([len(剩下) * 平均, *行])
    return tf.constant(行表, tf.float32)


def vectorize(train, docs, length):
    表 = ["", "[UNK]", *词汇(train)]
    结果 = []
    for 文本 in docs:
        编号 = [表.index(单词) if 单词 in 表[2:] else 1 for 单词 in 分词(文本)]
        while len(编号) < length:
            编号.append(0)
        结果.append(编号[:length])
    return tf.constant(结果, tf.int32)


if __name__ == "__main__":
    print(tfidf(["The sea, the sea!", "A ship"], ["sea ship whale"]))
