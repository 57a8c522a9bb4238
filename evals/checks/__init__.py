"""Checks of outputs as plain functions: an output and its sources in, a verdict out. No model, no runner."""
