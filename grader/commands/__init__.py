"""The commands of `grader` that have a module of their own; `grader.cli` registers them."""
