"""Makes another process the first that the kernel kills when memory is short.

stopped by: Landlock, and the outer wall
witness: victim
control: open
"""

VICTIMS = "@VICTIMS@"


def square(x):
    for pid in VICTIMS.split():
        with open(f"/proc/{pid}/oom_score_adj", "w") as score:
            score.write("1000")
    return x
