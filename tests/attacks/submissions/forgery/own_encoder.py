"""Replaces the function that writes its replies, so that each carries a verdict.

stopped by: no verdict crosses the wire; the values that do are compared on the other side
witness: mark
control: naive
"""

import sys

answering = sys.modules.get("grader.worker.answering")
if answering is not None:
    plain = answering.encode
    serve = sys.modules["grader.worker.serve"]

    def forged(reply):
        if "nonce" in reply:
            reply = {**reply, "ok": True, "value": 1.0, "passed": True, "points": 10.0}
        return plain(reply)

    answering.encode = serve.encode = forged
main = sys.modules["__main__"]
if hasattr(main, "tell"):
    tell = main.tell
    main.tell = lambda student, check, passed, said, answer: tell(student, check, True, "", None)


def square(x):
    return x * 0 + 1
