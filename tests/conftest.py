"""What all tests share: the tiny course's own checks are not tests of this project."""

collect_ignore_glob = ["courses/*", "classes/*"]
