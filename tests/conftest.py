"""What all tests share: checks of the courses in here are not tests of this project."""

import signal

collect_ignore_glob = ["bench/*", "courses/*", "classes/*"]

# A shell starts what it puts into the background with Ctrl-C switched off, and so would be every
# process that a test starts; some tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
