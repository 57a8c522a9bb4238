"""The suites: a folder each, with a README, ``suite.py`` and the cases by version."""
