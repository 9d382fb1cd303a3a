"""The wall around a student's process: a forked child puts it up before their code runs in it.

`wall.wall_in` is the one call a worker makes; `levels.detect`, `require` and `notes` tell the
grader what this machine can do and what the report must say about it. Importing the package works
anywhere; calling it needs Linux on x86-64 or AArch64.
"""
