"""How forms and letters travel by mail: secrets, the mailbox, sending.

Nothing outside this package talks to a network.
"""
