"""Hidden checks of `images`: boxes, bilinear values and range, from a model in NumPy.

Tolerance: with u = 2**-24, float32 works out the place (i + 1/2) * rows / height - 1/2 with an
error of at most 3 u * rows, and along the other axis likewise; from one pixel to the next a value
in [-1, 1] rises by 2 at most. Mixing the pixels and scaling the result are fewer than 20 more
roundings of numbers of that size. Together: u * (6 * (rows + columns) + 20), about 1e-5 for the
largest image here. The library resizes in float32 whatever the dtype, so float64 has this bound,
too.
"""

import math
from fractions import Fraction

import numpy as np

from grader.checks import Text, Why, check

CUT_SHORT = (11, 15), (9, 14)  # 11 * (15 / 11) < 15 and 9 / (9 / 14) < 14 in floating point


def place(box_side, side):
    """Where a box begins that is in the middle, one pixel to the left of it if need be."""
    return (side - box_side) // 2


def box_of(rows, columns, height, width, rounded=math.floor):
    """The largest box of the ratio: its rows and columns."""
    return (
        min(rows, rounded(Fraction(columns * height, width))),
        min(columns, rounded(Fraction(rows * width, height))),
    )


def cut(images, box, begin=place):
    """The box of that many rows and columns."""
    (rows, columns), sides = box, images.shape[-3:-1]
    top, left = begin(rows, sides[0]), begin(columns, sides[1])
    return images[..., top : top + rows, left : left + columns, :]


def halves(i, scale, _side, _size):
    """Where pixel i of the result lies: pixels are squares, and their middles count."""
    return (i + 0.5) * scale - 0.5


def corners(i, _scale, side, size):
    """The first and last pixels lie on each other."""
    return i * (side - 1) / max(size - 1, 1)


def begins(i, scale, _side, _size):
    """Pixels are points at whole numbers, from 0."""
    return i * scale


def nearest(i, scale, _side, _size):
    """The middle of a single pixel."""
    return np.floor((i + 0.5) * scale)


def mix(side, size, where=halves, antialias=False):
    """The matrix (size, side) that resizes an axis: how much of each pixel goes into each."""
    scale = side / size
    reach = max(scale, 1.0) if antialias else 1.0
    center = where(np.arange(size), scale, side, size)
    if not antialias:
        center = np.clip(center, 0, side - 1)
    parts = np.maximum(0.0, 1 - abs(center[:, None] - np.arange(side)) / reach)
    return parts / parts.sum(1, keepdims=True)


def resized(images, height, width, **how):
    """Images resized, in float64."""
    down = mix(images.shape[-3], height, **how)
    across = mix(images.shape[-2], width, **how)
    return np.einsum("ij,kl,...jlc->...ikc", down, across, images.astype("float64"))


def prepared(images, height, width, *, box=None, begin=place, **how):
    """What `prepare` gives, in float64; the keywords are for those who get something else."""
    box = box or box_of(*images.shape[-3:-1], height, width)
    return resized(cut(images, box, begin), height, width, **how) / 127.5 - 1


def drawn(rng, *shape, dtype="float32"):
    """Pixels of whole numbers; the one in the middle, which is in every box, has 0 and 255.

    So programs that take a box's own extremes for 0 and 255 are caught where that is the question.
    """
    images = rng.integers(0, 256, size=shape)
    middle = (shape[-3] - 1) // 2, (shape[-2] - 1) // 2
    images[..., *middle, 0], images[..., *middle, -1] = 0, 255
    return images.astype(dtype)


def expect_prepared(student, expect, images, height, width, why=()):
    """The answer has the right shape and dtype, and its values are right within the bound."""
    want = prepared(images, height, width)
    want = want.astype("float64" if images.dtype == "float64" else "float32")
    box = cut(images, box_of(*images.shape[-3:-1], height, width))
    swapped = Text("height and width are swapped", "高和宽弄反了")
    shapes = [
        (want[None], Text("a batch came back for a single image", "单幅图像变成了一批图像")),
        (resized(box, width, height) / 127.5 - 1, swapped),
        (prepared(images, width, height), swapped),
    ]
    atol = 2.0**-24 * (6 * sum(images.shape[-3:-1]) + 20)
    expect.close(
        student.prepare(images, height, width),
        want,
        ask=Text(
            f"`prepare(images, {height}, {width})`, images of shape {images.shape}, {images.dtype}",
            f"`prepare(images, {height}, {width})`，images 的形状为 {images.shape}，{images.dtype}",
        ),
        why=[Why(value, text) for value, text in (*why, *shapes)],
        atol=atol,
    )


def other_boxes(images, height, width):
    """What those get who cut out something else."""
    rows, columns = images.shape[-3:-1]
    square = (min(rows, columns),) * 2
    found = [
        (
            prepared(images, height, width, box=(rows, columns)),
            Text("nothing was cut off: the images are distorted", "什么都没有裁掉：图像变形了"),
        ),
        (
            prepared(images, height, width, begin=lambda *_: 0),
            Text("the box begins at the upper left corner", "裁剪框从左上角开始，没有居中"),
        ),
        (
            prepared(images, height, width, begin=lambda box, side: side - box),
            Text("the box ends at the lower right corner", "裁剪框靠右下角，没有居中"),
        ),
        (
            prepared(images, height, width, box=square),
            Text("a square was cut out, whatever the ratio", "裁出的是正方形，没有按宽高比"),
        ),
        (
            prepared(images, height, width, box=box_of(rows, columns, width, height)),
            Text(
                "the box has the ratio width : height, not height : width",
                "裁剪框的比例是 width : height，而不是 height : width",
            ),
        ),
    ]
    if rows >= height and columns >= width:
        found.append(
            (
                prepared(images, height, width, box=(height, width)),
                Text(
                    "a box of the target's size was cut out, not the largest of its ratio",
                    "裁出的是目标大小的一块，而不是该比例下最大的一块",
                ),
            )
        )
    return found + letterboxed(images, height, width)


def letterboxed(images, height, width):
    """What those get who keep the whole image and fill the rest with black."""
    rows, columns = images.shape[-3:-1]
    scale = min(Fraction(height, rows), Fraction(width, columns))
    inner = int(rows * scale), int(columns * scale)
    if 0 in inner:
        return []
    canvas = np.zeros((*images.shape[:-3], height, width, images.shape[-1]))
    top, left = place(inner[0], height), place(inner[1], width)
    canvas[..., top : top + inner[0], left : left + inner[1], :] = resized(images, *inner)
    text = Text(
        "the whole image is there, with a black border: cut off instead",
        "保留了整幅图像并加上黑边：应当裁剪",
    )
    return [(canvas / 127.5 - 1, text)]


@check(
    title=Text("The box in the middle", "居中的裁剪框"),
    points=2,
    topic="values",
    hint=Text(
        "Which side of the image is too long for the ratio height : width? Only that one is cut,"
        " half of what is too much on either end.",
        "按 height : width 的比例，图像的哪条边太长？只裁那条边，多出来的部分两头各裁一半。",
    ),
)
def test_box(student, rng, expect):
    """Too wide, too high, neither; the box is as large as the target, then twice as large."""
    for times in (1, 2):
        for high, wide in ((0, 1), (1, 0), (0, 0)):
            height, width = (int(side) for side in rng.permutation([3, 4, 5, 6])[:2])
            rows, columns = (
                times * side + 2 * more * int(rng.integers(2, 5))
                for side, more in ((height, high), (width, wide))
            )
            images = drawn(rng, rows, columns, 3)
            expect_prepared(
                student,
                expect,
                images,
                height,
                width,
                why=other_boxes(images, height, width) if high or wide else (),
            )


@check(
    title=Text("Sides and places that aren't whole", "边长和位置不是整数时"),
    points=1.5,
    topic="values",
    hint=Text(
        "8.75 columns are 8 columns. Of 5 columns to cut off, 2 go at the left and 3 at the right.",
        "8.75 列就是 8 列。要裁掉 5 列时，左边 2 列，右边 3 列。",
    ),
)
def test_rounding(student, rng, expect):
    """Boxes of fractions below and above one half, odd numbers of pixels to cut off."""
    sizes = [(7, 13, 4, 5), (13, 8, 5, 6), (6, 11, 5, 7), (13, 7, 6, 5)]
    for rows, columns, height, width in (sizes[k] for k in rng.permutation(4)):
        images = drawn(rng, rows, columns, 3)
        down = box_of(rows, columns, height, width)
        up, near = (box_of(rows, columns, height, width, by) for by in (math.ceil, round))
        right = Text(
            "where an odd number of pixels is cut off, one more goes at the top or left, not one"
            " less",
            "要裁掉奇数个像素时，上边（左边）多裁了一个，应当少裁一个",
        )
        rounded_up = Text("the side of the box was rounded up", "裁剪框的边长被向上取整了")
        rounded = Text(
            "the side of the box was rounded to the nearest number, not down",
            "裁剪框的边长被四舍五入了，而不是向下取整",
        )
        mistakes = [
            *other_boxes(images, height, width),
            (prepared(images, height, width, begin=lambda box, side: (side - box + 1) // 2), right),
            (prepared(images, height, width, box=up), rounded_up if up != near else rounded),
        ]
        if near not in (down, up):
            mistakes.append((prepared(images, height, width, box=near), rounded))
        expect_prepared(student, expect, images, height, width, why=mistakes)


@check(
    title=Text("Whole numbers stay exact", "整数要算得精确"),
    points=0.5,
    topic="values",
    hint=Text(
        "In floating point 11 * (15 / 11) is less than 15. Whole numbers can be multiplied first"
        " and then divided, with `//`.",
        "用浮点数计算，11 * (15 / 11) 比 15 小。整数可以先乘，再用 `//` 除。",
    ),
)
def test_exact(student, rng, expect):
    """Sides that are whole, but slightly less when the ratio is worked out first."""
    for short, long in CUT_SHORT:
        for turned in (False, True):
            sides = (short, long + int(rng.integers(2, 6)))
            height, width = (long, short) if turned else (short, long)
            images = drawn(rng, *(sides[::-1] if turned else sides), 2)
            lost = (height - 1, width) if turned else (height, width - 1)
            text = Text(
                "the box is one pixel short: its side was worked out in floating point",
                "裁剪框少了一个像素：边长是用浮点数算的",
            )
            expect_prepared(
                student,
                expect,
                images,
                height,
                width,
                why=[(prepared(images, height, width, box=lost), text)],
            )


@check(
    title=Text("Bilinear, without antialiasing", "双线性插值，不做抗锯齿"),
    points=1.5,
    topic="values",
    hint=Text(
        "`tf.image.resize` does it as it is: method bilinear, no antialiasing, the whole image"
        " resized to (height, width).",
        "`tf.image.resize` 的默认做法就是：双线性，不抗锯齿，大小为 (height, width)。",
    ),
)
def test_bilinear(student, rng, expect):
    """Images of the right ratio, made larger and smaller."""
    for rows, columns, height, width in (
        (4, 6, 10, 15),
        (10, 15, 4, 6),
        (6, 4, 9, 6),
        (8, 4, 6, 3),
    ):
        images = drawn(rng, rows, columns, 3)
        mistakes = [
            (
                prepared(images, height, width, where=nearest),
                Text("that is the nearest pixel, nothing between two", "这是最近邻插值"),
            ),
            (
                prepared(images, height, width, where=corners),
                Text(
                    "the corner pixels were laid on each other (`align_corners`)",
                    "角上的像素被对齐了（`align_corners`）",
                ),
            ),
            (
                prepared(images, height, width, where=begins),
                Text(
                    "pixels were taken for points at their upper left corner, not their middle",
                    "像素的位置取了左上角，而不是中心",
                ),
            ),
        ]
        if rows > height:
            mistakes.append(
                (
                    prepared(images, height, width, antialias=True),
                    Text("that is with antialiasing", "这里做了抗锯齿"),
                )
            )
        expect_prepared(student, expect, images, height, width, why=mistakes)


@check(
    title=Text("From -1 to 1", "从 -1 到 1"),
    points=1,
    topic="values",
    hint=Text(
        "0 becomes -1, 255 becomes 1, 127.5 becomes 0; the same for every image, whatever other"
        " values are in it.",
        "0 变成 -1，255 变成 1，127.5 变成 0；对每幅图像都一样，与其中的其他值无关。",
    ),
)
def test_range(student, rng, expect):
    """Fractions of values in an image of the target's size; dark and bright images, too."""
    for low, high in ((0, 255), (3, 120), (140, 250)):
        height, width = (int(side) for side in rng.permutation([3, 4, 5, 6])[:2])
        images = rng.uniform(low, high, size=(height, width, 3)).astype("float32")
        if high == 255:
            images[1, 1] = 0, 255, 127.5
        wide = images.astype("float64")
        spread = (wide - wide.min()) / (wide.max() - wide.min())
        expect_prepared(
            student,
            expect,
            images,
            height,
            width,
            why=[
                (wide / 255, Text("the values are from 0 to 1", "取值从 0 到 1")),
                (wide, Text("the values weren't rescaled", "没有缩放取值")),
                (wide - 127.5, Text("the values were shifted only", "只平移了，没有缩放")),
                (wide / 255 - 0.5, Text("the values are from -0.5 to 0.5", "取值从 -0.5 到 0.5")),
                (wide / 255 - 1, Text("the values are from -1 to 0", "取值从 -1 到 0")),
                (
                    wide / 128 - 1,
                    Text(
                        "255 doesn't become 1: there were 256 steps", "255 没有变成 1：除以了 128"
                    ),
                ),
                (1 - wide / 127.5, Text("bright and dark are swapped", "明暗颠倒了")),
                (
                    spread * 2 - 1,
                    Text(
                        "every image was spread over its own values, from darkest to brightest",
                        "是按每幅图像自己的最小值和最大值缩放的",
                    ),
                ),
                (
                    (wide - wide.mean()) / wide.std(),
                    Text(
                        "every image was standardised by its own mean and deviation",
                        "是按每幅图像自己的均值和标准差标准化的",
                    ),
                ),
                (
                    np.floor(wide) / 127.5 - 1,
                    Text("float values were cut to whole numbers", "浮点值被截成了整数"),
                ),
                (
                    np.rint(wide) / 127.5 - 1,
                    Text("float values were rounded to whole numbers", "浮点值被舍入成了整数"),
                ),
            ],
        )


def taken_from_the_front(images, height, width):
    """What those get who take axes 0 and 1 of a batch for rows and columns."""
    sides = images.shape[:2]
    rows, columns = box_of(*sides, height, width)
    top, left = place(rows, sides[0]), place(columns, sides[1])
    parts = (
        images[:, top : top + rows, left : left + columns],
        images[top : top + rows, left : left + columns],
    )
    text = Text(
        "the axes 0 and 1 of the batch were taken for rows and columns",
        "把这批图像的第 0、1 轴当成了行和列",
    )
    return [(resized(part, height, width) / 127.5 - 1, text) for part in parts if part.size]


@check(
    title=Text("A batch of images", "一批图像"),
    points=1.5,
    topic="values",
    hint=Text(
        "The rows are axis 0 of one image, and axis 1 of a batch. Counted from the end, it is the"
        " same axis.",
        "单幅图像的行是第 0 轴，一批图像的行是第 1 轴。从后往前数，就是同一轴。",
    ),
)
def test_batch(student, rng, expect):
    """Several images, each prepared by itself; one image in a batch stays a batch."""
    for count, rows, columns, height, width in (
        (4, 8, 12, 4, 5),
        (1, 12, 8, 3, 4),
        (3, 4, 9, 8, 6),
    ):
        images = drawn(rng, count, rows, columns, 3)
        bright = np.linspace(1, 0.2, count)[:, None, None, None]
        images = np.rint(images * bright).astype("float32")
        want = prepared(images, height, width)
        spread = want.max(axis=(1, 2, 3), keepdims=True)
        expect_prepared(
            student,
            expect,
            images,
            height,
            width,
            why=[
                *other_boxes(images, height, width),
                *taken_from_the_front(images, height, width),
                (want[0], Text("there is only the first image", "只有第一幅图像")),
                (want[::-1], Text("the images are in reverse order", "图像的次序颠倒了")),
                (
                    (want + 1) / (spread + 1) * 2 - 1,
                    Text(
                        "every image was scaled by its own maximum",
                        "是按每幅图像自己的最大值缩放的",
                    ),
                ),
            ],
        )


@check(
    title=Text("uint8: nothing is rounded", "uint8：什么都不取整"),
    points=1,
    topic="values",
    hint=Text(
        "A value between two pixels is seldom whole: cast before you resize, and don't let a layer"
        " cast back to uint8.",
        "两个像素之间的值很少是整数：请先转换类型再缩放，也别让某个层又转回 uint8。",
    ),
)
def test_uint8(student, rng, expect):
    """Larger, a batch made smaller, and the size it has already."""
    for shape, height, width in (
        ((5, 10, 3), 7, 14),  # parts of 1/7 and 1/5: never the half between two whole numbers
        ((2, 14, 7, 3), 10, 5),
        ((5, 4, 3), 5, 4),
    ):
        images = drawn(rng, *shape, dtype="uint8")
        exact = resized(images, height, width)
        whole = [
            (
                by(exact) / 127.5 - 1,
                Text(
                    "the resized values were made whole numbers again (uint8)",
                    "缩放后的值又变回了整数（uint8）",
                ),
            )
            for by in (np.rint, np.floor)
        ]
        with np.errstate(over="ignore"):
            wrapped = (images * np.uint8(2)).astype("float64")
        if shape[-3:-1] == (height, width):
            text = Text(
                "a product beyond 255 wrapped around: cast before you compute",
                "乘积超过 255 后溢出了：请先转换类型再计算",
            )
            whole.append((wrapped / 255 - 1, text))
        expect_prepared(student, expect, images, height, width, why=whole)


@check(
    title=Text("float64 stays float64", "float64 仍是 float64"),
    points=0.5,
    topic="values",
    hint=Text(
        "`tf.image.resize` gives float32 for nearly everything; cast what it gives.",
        "`tf.image.resize` 几乎总是给出 float32；请转换它的结果。",
    ),
)
def test_float64(student, rng, expect):
    """An image that is resized, one that has its size already, a batch."""
    for shape, height, width in (((6, 4, 3), 9, 6), ((4, 5, 3), 4, 5), ((2, 4, 6, 3), 6, 9)):
        images = drawn(rng, *shape, dtype="float64")
        expect_prepared(student, expect, images, height, width)


@check(
    title=Text("Any number of channels", "任意多个通道"),
    points=0.5,
    topic="values",
    hint=Text(
        "Grey images have one channel, others have four; all are treated alike.",
        "灰度图像有一个通道，有的图像有四个通道；全都同样处理。",
    ),
)
def test_channels(student, rng, expect):
    """One, two and four channels."""
    for shape, height, width in (((6, 4, 1), 9, 6), ((10, 15, 4), 4, 6), ((5, 5, 2), 6, 6)):
        images = drawn(rng, *shape)
        images[0, 0], images[-1, -1] = 0, 255
        mistakes = [
            (
                np.repeat(prepared(images, height, width), 3, -1),
                Text("one channel became three", "一个通道变成了三个"),
            ),
            (
                prepared(images, height, width)[..., :3],
                Text("only three channels are left", "只剩下三个通道"),
            ),
        ]
        expect_prepared(student, expect, images, height, width, why=mistakes)
