"""Compares answers and says what is wrong as a teacher would.

Whatever a worker sends may be anything, so every comparison looks at the kind, then the shape, then
the dtype, then whether the numbers are finite, and compares with `<=`, so that NaN never passes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from grader import compare, drawing, show
from grader.asking import Proxy, Session, TraceLog, type_name_of
from grader.compare import Why
from grader.defuse import defuse_line
from grader.drawing import Draw
from grader.errors import CheckFailed, StudentError
from grader.text import Text


class Expect:
    """The questions a check may ask about an answer; each raises `CheckFailed` when it isn't so."""

    def __init__(self, device: str = "cpu") -> None:
        self.evidence: dict[str, Any] = {}
        self._factor = compare.device_factor(device)

    def _fail(
        self,
        ask: Text,
        problem: Text,
        expected: Any = None,
        got: Any = None,
        picture: Draw | None = None,
        **more: Any,
    ) -> NoReturn:
        evidence = {"asked": show.both(ask), **self.evidence, **more, **drawing.evidence(picture)}
        if expected is not None:
            evidence["expected"] = expected
        if got is not None:
            evidence["got"] = got
        raise CheckFailed(Text(f"{ask.en}: {problem.en}", f"{ask.zh}：{problem.zh}"), evidence)

    def unconfirmed(self) -> None:
        """Notes that the outcome rests on the worker's own word; passes and fails nothing.

        For claims that no answer confirms: how an answer came about (tracings, a graph's
        operations, forward passes) and what an object is (class, signature, number of weights).
        Right numbers for inputs drawn after the module was loaded can't be invented and need no
        such note, wherever they come from: a call, a tape, or a model loaded in a fresh process.
        """
        self.evidence["rests_on"] = "worker"

    def close(
        self,
        got: Any,
        want: Any,
        *,
        ask: Text,
        why: Sequence[Why] = (),
        atol: float | None = None,
        picture: Draw | None = None,
    ) -> None:
        """Same shape and dtype, finite, and |got - want| <= tol * max(1, |want|).

        Args:
            got: what the student's code returned.
            want: an array, whose dtype must be met, or a Python number, which any dtype meets.
            atol: the tolerance; by default that of the dtype (1e-6 for float32, 1e-12 for float64).
                Either is widened on a GPU: see `compare.device_factor`.
            picture: draws what the numbers alone don't show; see `grader.drawing`.
        """
        wanted = np.asarray(want)
        array = self.array(got, ask=ask, want=wanted, why=why)
        if isinstance(want, np.ndarray | np.generic) and array.dtype != wanted.dtype:
            self._fail(
                ask,
                Text(
                    f"expected dtype {wanted.dtype}, got {array.dtype}",
                    f"dtype 应为 {wanted.dtype}，得到 {array.dtype}",
                ),
                expected=f"dtype {wanted.dtype}",
                got=f"dtype {array.dtype}",
            )
        tolerance = self._factor * (atol if atol is not None else compare.tolerance(array, wanted))
        if compare.agree(array, wanted, tolerance):
            return
        reason = compare.recognised(array, wanted, why, tolerance)
        problem, difference = show.difference(
            array, wanted, compare.misses(array, wanted, tolerance)
        )
        self._fail(
            ask,
            _joined(problem, reason),
            expected=show.value(wanted),
            got=show.value(array),
            picture=picture,
            first_difference=difference,
        )

    def equal(self, got: Any, want: Any, *, ask: Text, why: Sequence[Why] = ()) -> None:
        """Exactly equal plain structures (names, shapes, settings); lists and tuples are alike."""
        if compare.same(got, want):
            return
        reason = compare.only(item.text for item in why if compare.same(got, item.value))
        problem = Text(
            f"expected {show.plain(want)}, got {show.plain(got)}",
            f"应为 {show.plain(want)}，得到 {show.plain(got)}",
        )
        self._fail(
            ask,
            _joined(problem, reason),
            expected=show.plain(want),
            got=show.plain(got),
        )

    def true(
        self,
        condition: bool | np.bool_,
        *,
        ask: Text,
        expected: Text,
        got: Text,
        why: Text | None = None,
        picture: Draw | None = None,
    ) -> None:
        """Anything else that must hold; `expected` and `got` say it in words."""
        if condition is True or (isinstance(condition, np.bool_) and bool(condition)):
            return
        problem = Text(f"expected {expected.en}, got {got.en}", f"应为{expected.zh}，得到{got.zh}")
        self._fail(ask, _joined(problem, why), show.both(expected), show.both(got), picture)

    def array(
        self,
        got: Any,
        *,
        ask: Text,
        shape: tuple[int, ...] | None = None,
        dtype: str | None = None,
        want: NDArray[Any] | None = None,
        why: Sequence[Why] = (),
    ) -> NDArray[Any]:
        """`got` as an array of numbers, of that shape and dtype where they are given."""
        if got is None:
            self._fail(
                ask,
                Text(
                    "got `None`: no value (or no gradient) comes back; does a `return` lack, or is"
                    " the computation cut off from its input?",
                    "得到 `None`：没有值（或没有梯度）返回。是不是缺少 `return`，"
                    "或者计算与输入断开了？",
                ),
                got="None",
            )
        if isinstance(got, Proxy):
            self._fail(
                ask,
                Text(
                    f"expected numbers, got a `{type_name_of(got)}` object",
                    f"应得到数值，得到的是 `{type_name_of(got)}` 对象",
                ),
                got=f"a {type_name_of(got)} object",
            )
        array = self._as_array(got, ask)
        expected = want.shape if want is not None else shape
        if expected is not None and array.shape != expected:
            reason = compare.only(
                item.text for item in why if compare.agree(array, np.asarray(item.value), 1e-5)
            )
            if reason is None and want is not None:
                reason = compare.reduced(array, want)
            self._fail(
                ask,
                _joined(
                    Text(
                        f"expected shape {expected}, got shape {array.shape}",
                        f"形状应为 {expected}，得到 {array.shape}",
                    ),
                    reason,
                ),
                expected=f"shape {expected}" if want is None else show.value(want),
                got=show.value(array),
            )
        if dtype is not None and array.dtype != np.dtype(dtype):
            self._fail(
                ask,
                Text(
                    f"expected dtype {dtype}, got {array.dtype}",
                    f"dtype 应为 {dtype}，得到 {array.dtype}",
                ),
                expected=f"dtype {dtype}",
                got=f"dtype {array.dtype}",
            )
        return array

    def _as_array(self, got: Any, ask: Text) -> NDArray[Any]:
        try:
            # One string among numbers makes all of them strings, each as long as the longest.
            array = np.asarray(got) if compare.numeric(got) else np.empty(0, dtype=object)
        except (ValueError, TypeError, OverflowError, CheckFailed):
            array = np.empty(0, dtype=object)
        if array.dtype.kind not in "fiubc" and not (
            array.dtype.kind == "O" and isinstance(got, np.ndarray)
        ):
            self._fail(
                ask,
                Text(
                    f"expected numbers, got {show.plain(got)}",
                    f"应得到数值，得到 {show.plain(got)}",
                ),
                got=show.plain(got),
            )
        return array

    def _real(self, array: NDArray[Any], ask: Text) -> NDArray[Any]:
        """`array`, refused when it holds anything but real numbers (strings, complex numbers)."""
        if array.dtype.kind not in "fiub":
            dtype = "string" if array.dtype.kind == "O" else str(array.dtype)
            self._fail(
                ask,
                Text(
                    f"expected real numbers, got dtype {dtype}",
                    f"应得到实数，得到的 dtype 是 {dtype}",
                ),
                expected="real numbers",
                got=f"dtype {dtype}",
            )
        return array

    def number(self, got: Any, *, ask: Text) -> float:
        """`got` as one finite Python number (a scalar tensor or a number)."""
        number = float(self._real(self.array(got, ask=ask, shape=()), ask))
        if not np.isfinite(number):
            self._fail(
                ask,
                Text(f"expected a finite number, got {number}", f"应为有限的数，得到 {number}"),
                got=str(number),
            )
        return number

    def remote(self, got: Any, *, ask: Text) -> Proxy:
        """`got` as an object (a layer, a function, a model), not a plain value."""
        if isinstance(got, Proxy):
            return got
        self._fail(
            ask,
            Text(f"expected an object, got {show.plain(got)}", f"应为对象，得到 {show.plain(got)}"),
            got=show.plain(got),
        )

    def raises(self, action: Callable[[], Any], names: Sequence[str], *, ask: Text) -> StudentError:
        """The student's code raises an exception of one of these classes; on its own word."""
        self.unconfirmed()
        wanted = " / ".join(names)
        try:
            action()
        except StudentError as error:
            if set(names) & set(error.bases):
                return error
            self._fail(
                ask,
                Text(
                    f"expected {wanted}, but it raises {error.type_name}: {error.message}",
                    f"应抛出 {wanted}，实际抛出 {error.type_name}：{error.message}",
                ),
                expected=wanted,
                got=error.type_name,
            )
        self._fail(
            ask,
            Text(f"expected {wanted}, but nothing is raised", f"应抛出 {wanted}，却没有抛出"),
            expected=wanted,
        )

    def slopes(
        self,
        session: Session,
        target: Any,
        args: Sequence[NDArray[np.float64]],
        wrt: int,
        gradient: Any,
        *,
        ask: Text,
        upstream: NDArray[np.float64] | None = None,
        points: int = 6,
        picture: Draw | None = None,
    ) -> None:
        """A float64 gradient agrees with central differences of the function's own values.

        This needs no trust in the worker's tape: values were asked for one by one. The step is
        eps^(1/3) * max(1, |x|), which balances truncation (h^2 f''' / 6, about 1e-11) against
        rounding (eps |f| / h, about 4e-11 |f|); see `compare.slope` for the bound.
        """
        x = np.asarray(args[wrt], dtype=np.float64)
        slope = self._real(self.array(gradient, ask=ask, want=x), ask)
        weight = np.asarray(1.0 if upstream is None else upstream)
        shape = None if upstream is None else weight.shape
        for place in np.unique(np.linspace(0, x.size - 1, min(points, x.size)).astype(int)):
            index = np.unravel_index(int(place), x.shape)
            step = np.finfo(np.float64).eps ** (1 / 3) * max(1.0, abs(float(x[index])))
            outputs: list[NDArray[Any]] = []
            for sign in (1.0, -1.0):
                moved = x.copy()
                moved[index] += sign * step
                out = session.call(target, *args[:wrt], moved, *args[wrt + 1 :])
                outputs.append(self._real(self.array(out, ask=ask, shape=shape), ask))
                shape = outputs[0].shape
            got = float(slope[index])
            want, agrees = compare.slope(outputs[0], outputs[1], weight, 2 * step, got)
            if not agrees:
                self._fail(
                    ask,
                    Text(
                        f"at input {show.plain(x[index])} the gradient is {got:.6g}, but the"
                        f" function's own values rise with slope {want:.6g} there",
                        f"在输入 {show.plain(x[index])} 处梯度是 {got:.6g}，"
                        f"而函数值在该处的实际斜率是 {want:.6g}",
                    ),
                    expected=f"{want:.6g}",
                    got=f"{got:.6g}",
                    picture=picture,
                )

    def traces(
        self,
        log: TraceLog,
        *,
        ask: Text,
        exactly: int | None = None,
        at_most: int | None = None,
        why: Text | None = None,
    ) -> None:
        """How often the student's `tf.function`s were traced; on the worker's own word.

        A failure draws how many traces each call in the block made.
        """
        self.unconfirmed()
        count = len(log.events)
        if (exactly is None or count == exactly) and (at_most is None or count <= at_most):
            return
        wanted = f"{exactly}" if exactly is not None else f"at most {at_most}"
        wanted_zh = f"{exactly}" if exactly is not None else f"至多 {at_most}"
        names = sorted({(defuse_line(e.name, max_chars=60), e.line) for e in log.events})[:6]
        lines = ", ".join(f"`{name}` (line {line})" for name, line in names) or "none"
        lines_zh = "、".join(f"`{name}`（第 {line} 行）" for name, line in names) or "没有"
        self._fail(
            ask,
            _joined(
                Text(
                    f"expected {wanted} new trace(s), got {count}: {lines}",
                    f"应有 {wanted_zh} 次新的追踪，得到 {count} 次：{lines_zh}",
                ),
                why,
            ),
            expected=wanted,
            got=str(count),
            picture=lambda: drawing.traces(log, at_most if exactly is None else exactly),
        )


def _joined(problem: Text, reason: Text | None) -> Text:
    if reason is None:
        return problem
    return Text(f"{problem.en}: {reason.en}", f"{problem.zh}：{reason.zh}")
