"""`grader watch`: the self-check at every save of a student's file, from a warm process.

```
 watcher ── notices saves, decides what to check, shows verdicts; never loads TensorFlow
    │ "check this file"
 warm process ── TensorFlow and pytest imported, no operation ever run
    └─ one process per check, ended by the next save: the ordinary self-check
```

Where the system forks safely (Linux) the check's process is a fork of the warm one, and so are the
fresh processes in which a check reloads a saved model. Elsewhere the warm process is a spare that
does one check itself, while the next spare gets ready.
"""
