"""The worker's loop: read a frame, answer it, write the reply with the request's nonce."""

from __future__ import annotations

from collections.abc import Callable

from grader.wire import PREFIX, decode, encode, lengths
from grader.worker.answering import Answerer

Read = Callable[[int], bytes]
Write = Callable[[bytes], object]


def read_exactly(read: Read, count: int) -> bytes:
    """`count` bytes; fewer only at the end of the stream."""
    data = bytearray()
    while len(data) < count:
        piece = read(min(count - len(data), 1 << 20))
        if not piece:
            break
        data += piece
    return bytes(data)


def serve(answerer: Answerer, read: Read, write: Write) -> None:
    """Answers until the grader closes the channel."""
    while len(prefix := read_exactly(read, PREFIX.size)) == PREFIX.size:
        header, payload = lengths(prefix)
        request = decode(read_exactly(read, header), read_exactly(read, payload))
        nonce = request.pop("nonce")
        write(encode({**answerer.reply(request), "nonce": nonce}))
