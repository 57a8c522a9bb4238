"""Recorded runs: a proxy that records what a live model answered, and a server that answers from the recording."""
