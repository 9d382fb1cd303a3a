"""Grading on the workers of a Dask cluster: `grader grade --executor dask`.

`connect` finds a scheduler or starts a cluster here; `nodes` knows the workers, greets each one
and refuses those whose verdicts could differ; `crew` hands shards to them. `node` is what runs in
a Dask worker: it drives processes of ours (`child`), the same as those of a batch on one machine.
What travels is in `travels` and `files`, what is known of a worker in `state`. Nothing but
`connect`, `nodes` and `crew` knows Dask.
"""
