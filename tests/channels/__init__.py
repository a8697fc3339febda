"""A week over all channels at once, with real servers of mail and with faults."""
