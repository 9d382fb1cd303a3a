"""What you can check yourself: `pytest exercises/images`. The course asks more of the kind."""

import numpy as np

from grader.checks import Text, Why, check

# The default tolerance is for single operations; resizing is a few more, all in float32.
BOUND = 1e-5


def pixels(*rows):
    """A float32 image of one channel."""
    return np.array(rows, "float32")[..., None]


def code(text):
    """A piece of code, the same in both languages."""
    return Text(f"`{text}`", f"`{text}`")


@check(
    title=Text("A wide image loses its sides", "宽图裁去两侧"),
    points=3,
    topic="values",
    hint=Text(
        "Of 7 columns 4 stay. The 3 others: one at the left, two at the right.",
        "7 列中保留 4 列。其余 3 列：左边裁 1 列，右边裁 2 列。",
    ),
)
def test_wide(student, expect):
    """Two rows of seven columns; the box is as large as the target."""
    image = pixels([255, 0, 51, 102, 153, 204, 255], [0, 255, 204, 153, 102, 51, 0])
    want = pixels([-1, -0.6, -0.2, 0.2], [1, 0.6, 0.2, -0.2])
    expect.close(
        student.prepare(image, 2, 4),
        want,
        ask=Text(
            "`prepare(image, 2, 4)` of a 2 by 7 image",
            "对 2 行 7 列的图像调用 `prepare(image, 2, 4)`",
        ),
        why=[
            Why(
                pixels([-0.6, -0.2, 0.2, 0.6], [0.6, 0.2, -0.2, -0.6]),
                Text("the box begins one column too far to the right", "裁剪框偏右了一列"),
            ),
            Why(
                pixels([1, -1, -0.6, -0.2], [-1, 1, 0.6, 0.2]),
                Text("the box begins at the upper left corner", "裁剪框从左上角开始，没有居中"),
            ),
        ],
        atol=BOUND,
    )


@check(
    title=Text("A high image loses top and bottom", "高图裁去上下"),
    points=2,
    topic="values",
    hint=Text(
        "Two columns at the ratio 1 : 2 are one row.",
        "宽两列、比例 1 : 2 的框只有一行。",
    ),
)
def test_high(student, expect):
    """Five rows of two columns: one row is left, and resized to four columns."""
    image = pixels([0, 255], [255, 0], [51, 204], [0, 0], [255, 255])
    expect.close(
        student.prepare(image, 2, 4),
        pixels([-0.6, -0.3, 0.3, 0.6], [-0.6, -0.3, 0.3, 0.6]),
        ask=Text(
            "`prepare(image, 2, 4)` of a 5 by 2 image",
            "对 5 行 2 列的图像调用 `prepare(image, 2, 4)`",
        ),
        atol=BOUND,
    )


@check(
    title=Text("uint8 in, float32 out", "输入 uint8，输出 float32"),
    points=2,
    topic="values",
    hint=Text("The mean of 0, 1, 0 and 0 isn't a whole number.", "0、1、0、0 的平均值不是整数。"),
)
def test_uint8(student, expect):
    """Four pixels become one, their mean."""
    image = pixels([0, 1], [0, 0]).astype("uint8")
    expect.close(
        student.prepare(image, 1, 1),
        pixels([0.25 / 127.5 - 1]),
        ask=code("prepare(tf.constant([[[0], [1]], [[0], [0]]], tf.uint8), 1, 1)"),
        why=[Why(pixels([-1]), Text("the mean was rounded", "平均值被取整了"))],
        atol=BOUND,
    )


@check(
    title=Text("A batch, and float64", "一批图像，以及 float64"),
    points=3,
    topic="values",
    hint=Text("An image and a batch have different axes.", "单幅图像与一批图像的轴不同。"),
)
def test_batch(student, expect):
    """Three images of three rows and five columns."""
    images = np.stack([pixels(*np.arange(15).reshape(3, 5) * step) for step in (0, 5, 17)])
    want = images[:, :, 1:4] / 127.5 - 1
    for dtype in ("float32", "float64"):
        expect.close(
            student.prepare(images.astype(dtype), 3, 3),
            want.astype(dtype),
            ask=Text(
                f"`prepare(images, 3, 3)` of three 3 by 5 images, {dtype}",
                f"对三幅 3 行 5 列的图像调用 `prepare(images, 3, 3)`，{dtype}",
            ),
            atol=BOUND,
        )
