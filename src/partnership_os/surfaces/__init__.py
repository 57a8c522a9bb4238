"""Thin adapters over `graphs.workspace`; now the command line, `cli`."""
