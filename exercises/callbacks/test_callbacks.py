"""What you can check yourself: `pytest exercises/callbacks`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, as_numpy, check, fetch


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


@check(
    title=Text("Ratios in the list and in the logs", "列表和日志中的比值"),
    points=3,
    topic="values",
    hint=Text(
        "3 / 2 = 1.5, then 1 / 4 = 0.25; put the number into the dict `logs` itself.",
        "3 / 2 = 1.5，然后 1 / 4 = 0.25；要放进 `logs` 这个字典本身。",
    ),
)
def test_ratio(student, expect):
    """Two epochs, played by hand the way `fit` does it."""
    keras = student.keras
    callback, history = student.ValTrainRatio(), keras.callbacks.History()
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    training = keras.callbacks.CallbackList([callback, history], model=model)
    training.on_train_begin()
    training.on_epoch_end(0, {"loss": 2.0, "val_loss": 3.0})
    training.on_epoch_end(1, {"loss": 4.0, "val_loss": 1.0})
    wrong = [Why([2 / 3, 4.0], Text("that is loss / val_loss", "这是 loss / val_loss"))]
    expect.equal(
        fetch(callback.ratios),
        [1.5, 0.25],
        ask=Text(
            "`ratios` after epochs with losses 2 and 4, validation losses 3 and 1",
            "损失为 2 和 4、验证损失为 3 和 1 的两个周期之后的 `ratios`",
        ),
        why=wrong,
    )
    expect.equal(
        fetch(history.history).get("val_train_ratio"),
        [1.5, 0.25],
        ask=Text(
            '`history.history["val_train_ratio"]` after the same epochs',
            '同样两个周期之后的 `history.history["val_train_ratio"]`',
        ),
        why=[*wrong, Why(None, Text("it isn't there", "没有这一项"))],
    )


def trained(student, train, valid):
    """The training of the statement's example; the model and what came back."""
    keras = student.keras
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    fetch(model.trainable_variables)[0].assign(as_numpy(np.zeros((1, 1), "float32")))
    model.compile(optimizer=keras.optimizers.SGD(0.25), loss="mse", run_eagerly=True)
    path = student.path("best.keras")
    return model, student.fit_with_rollback(model, train, valid, path, patience=2, epochs=6)


ONE, FOUR = np.array([[1.0]], "float32"), np.array([[4.0]], "float32")
TARGET = np.array([[2.75]], "float32")


@check(
    title=Text("Stops, and goes back", "停止并回滚"),
    points=3,
    topic="training",
    hint=Text(
        "The second epoch is the best; two more follow, then the model goes back to it.",
        "第二个周期最好；再过两个周期，然后模型回到它那时的状态。",
    ),
)
def test_rollback(student, expect):
    """The history, the caller's model and the file; every number here is exact in float32."""
    call = code("fit_with_rollback(model, (X, y), (X, y), path, patience=2, epochs=6)")
    model, history = trained(
        student, (as_numpy(ONE), as_numpy(FOUR)), (as_numpy(ONE), as_numpy(TARGET))
    )
    expect.close(
        fetch(expect.remote(history, ask=call).history)["val_loss"],
        np.array([0.5625, 0.0625, 0.5625, 1.0]),
        ask=Text(f"`val_loss` in the History of {call.en}",
                 f"{call.zh} 返回的 History 中的 `val_loss`"),
    )  # fmt: skip
    expect.close(
        model(ONE),
        np.array([[3.0]], "float32"),
        ask=Text(f"`model([[1.0]])` after {call.en}", f"{call.zh} 之后的 `model([[1.0]])`"),
        why=[Why([[3.75]], Text("that is the last epoch's model", "这是最后一个周期的模型"))],
    )
    loaded = student.load(student.read_file(student.path("best.keras")))
    expect.close(
        loaded(ONE),
        np.array([[3.0]], "float32"),
        ask=Text(f"the model in the file after {call.en}", f"{call.zh} 之后文件中的模型"),
        why=[Why([[3.75]], Text("that is the last epoch's model", "这是最后一个周期的模型"))],
    )


@check(
    title=Text("Datasets", "数据集"),
    points=1,
    topic="data",
    hint=Text("`fit` takes a dataset as `x`, without `y`.", "`fit` 把数据集当作 `x`，不再给 `y`。"),
)
def test_dataset(student, expect):
    """The same training, its data in datasets."""
    make = student.tf.data.Dataset.from_tensors
    call = code("fit_with_rollback(model, dataset, dataset, path, patience=2, epochs=6)")
    _, history = trained(student, make((ONE, FOUR)), make((ONE, TARGET)))
    expect.close(
        fetch(expect.remote(history, ask=call).history)["val_loss"],
        np.array([0.5625, 0.0625, 0.5625, 1.0]),
        ask=Text(f"`val_loss` in the History of {call.en}",
                 f"{call.zh} 返回的 History 中的 `val_loss`"),
    )  # fmt: skip


@check(
    title=Text("Written and read back", "写入并读回"),
    points=3,
    topic="data",
    hint=Text(
        "0.1 becomes 0.10000000149011612 in float32; that is what the file holds.",
        "0.1 存成 float32 是 0.10000000149011612，文件里存的就是它。",
    ),
)
def test_log_scalars(student, expect):
    """Two series in one directory."""
    for name, values in (("b/loss", [3.0, 0.1, -2.5]), ("a/loss", [0.7])):
        call = code(f'log_scalars(logdir, "{name}", {values})')
        logdir = student.path("logs")
        got = expect.array(
            student.log_scalars(logdir, name, values), ask=call, shape=(len(values),)
        )
        expect.close(
            got.astype("float64"),
            np.array(values, "float32").astype("float64"),
            ask=call,
            why=[
                Why(values, Text("those are the values as given", "这是传入的值")),
                Why(
                    np.zeros(len(values)),
                    Text("`simple_value` is empty here", "`simple_value` 在这里是空的"),
                ),
            ],
        )
        expect.true(
            any("tfevents" in file for file in student.list_files(logdir)),
            ask=call,
            expected=Text("an event file in `logdir`", "`logdir` 中有一个事件文件"),
            got=Text("none", "没有"),
        )
