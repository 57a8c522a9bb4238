"""Statistics of a run: intervals, paired differences, rankings, calibration, agreement. Pure functions over numbers."""
