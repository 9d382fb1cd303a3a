"""What all tests share: checks of the courses in here are not tests of this project."""

collect_ignore_glob = ["bench/*", "courses/*", "classes/*"]
