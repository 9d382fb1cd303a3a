"""The deep path is a model of its own; all names are Chinese.

zh: 深路径自成一个模型；变量名全用中文
"""

import keras

层 = keras.layers


def build_wide_deep(wide=5, deep=6):
    print("新模型：宽", wide, "，深", deep)
    宽输入 = 层.Input((wide,), name="wide_input")
    深输入 = 层.Input((deep,), name="deep_input")
    深路径 = keras.Sequential([层.Dense(30, "relu"), 层.Dense(30, "relu")], name="深路径")
    隐藏 = 深路径(深输入)
    # 先把辅助输出接好，再接主输出
    辅助 = 层.Dense(1, name="aux_output")(隐藏)
    主 = 层.Dense(1, name="main_output")(层.concatenate([宽输入, 隐藏]))
    模型 = keras.models.Model(inputs=(宽输入, 深输入), outputs=(主, 辅助))
    均方误差 = keras.losses.MeanSquaredError()
    模型.compile(
        "rmsprop", loss=[均方误差, keras.losses.MeanSquaredError()], loss_weights=[0.9, 0.1]
    )
    return 模型
