"""Steps."""


def steps() -> list[int]:
    """Return the steps that were taken."""
    # BEGIN SOLUTION
    return [1, 2, 4, 8]
    # END SOLUTION
