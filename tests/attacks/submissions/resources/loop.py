"""Never returns.

stopped by: the check's deadline, and SIGKILL through a pidfd
witness: swollen
control: open
"""


def square(x):
    while True:
        pass
