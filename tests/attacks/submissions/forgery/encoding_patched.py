"""Patches what turns a verdict into bytes: whatever it said, it now says passed.

stopped by: no verdict crosses the wire; the values that do are compared on the other side
witness: mark
control: naive
"""

import json
import pickle

import msgpack

packb = msgpack.packb


def passed(value, *arguments, **settings):
    if isinstance(value, dict):
        value = {**value, "ok": True, "passed": True, "tripped": []}
    return packb(value, *arguments, **settings)


msgpack.packb = passed
json.dumps = lambda *arguments, **settings: '{"ok": true, "passed": true, "points": 10}'
pickle.dumps = lambda *arguments, **settings: b"\x80\x04\x88."


def square(x):
    return x * 0 + 1
