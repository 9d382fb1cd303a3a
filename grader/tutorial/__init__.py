"""Checks tutorials: runs Markdown and notebooks, says what is broken, why, and how to mend it."""
