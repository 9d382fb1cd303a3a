"""Cuts and resizes one image after another, with Chinese names and prints.

zh: 逐幅裁剪、缩放，用中文命名，并打印过程
"""

import tensorflow as tf


def 裁剪(图像, 高, 宽):
    行数, 列数 = 图像.shape[0], 图像.shape[1]
    新行数, 新列数 = 行数, 列数
    # 逐个像素地缩小太长的那条边
    while 新行数 * 宽 > 列数 * 高:
        新行数 -= 1
    while 新列数 * 高 > 行数 * 宽:
        新列数 -= 1
    上, 左 = divmod(行数 - 新行数, 2)[0], divmod(列数 - 新列数, 2)[0]
    print("裁剪框", 上, 左, 新行数, 新列数)
    return tf.image.crop_to_bounding_box(图像, 上, 左, 新行数, 新列数)


def prepare(images, height, width):
    if len(images.shape) == 4:
        return tf.stack([prepare(图像, height, width) for 图像 in images])
    类型 = tf.float64 if images.dtype == tf.float64 else tf.float32
    图像 = tf.cast(裁剪(images, height, width), tf.float32)
    图像 = tf.image.resize(图像, (height, width), tf.image.ResizeMethod.BILINEAR, antialias=False)
    return tf.cast((图像 - 127.5) / 127.5, 类型)


if __name__ == "__main__":
    print(prepare(tf.zeros([2, 3, 4, 1]), 2, 2))
