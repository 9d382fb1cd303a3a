"""The trusted side of workers: starting them, asking them, ending them for sure."""
