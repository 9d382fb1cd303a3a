"""Judges the checks: variants whose verdicts are known, and mutants of the reference.

`matrix.run` grades them with the engine that grades students, `holes.find` says what the checks
miss or wrong, `mutants` makes programs that nobody has thought of.
"""
