"""Starts a server of asyncio's.

stopped by: seccomp, and the outer wall
witness: told
control: open
"""

import asyncio


async def serve():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    return server.sockets[0].getsockname()


def square(x):
    if asyncio.run(serve()):
        raise ValueError("@WORKED@")
    return x
