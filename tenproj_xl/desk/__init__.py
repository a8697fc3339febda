"""The desk: one screen of this machine, on which the office's work is done by clicks.

A step runs its command as a process of its own (`desk.jobs`), so words, locks and records are those of the
command line; pages show facts that `app` gives.
"""
