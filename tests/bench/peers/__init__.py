"""The same six checks on the same submissions: this grader, other graders, and two baselines."""
