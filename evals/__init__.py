"""Checks of outputs as plain functions (`checks`), and suites of cases (`retrieval`, with ``cases/``)."""
