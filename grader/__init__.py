"""Grades TensorFlow exercises: hidden checks on walled-in workers, reports that teach."""

__version__ = "0.1.0"
