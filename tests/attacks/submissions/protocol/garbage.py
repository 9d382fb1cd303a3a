"""Speaks another protocol.

stopped by: lengths and structure checked before anything is used
witness: neighbour
control: naive
"""

import os


def send(data):
    while data:
        data = data[os.write(3, data) :]


def square(x):
    send(b"GET / HTTP/1.1\r\nHost: grader\r\n\r\n" * 1000)
    os._exit(0)
