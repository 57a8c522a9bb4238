"""One HTML page about a run, for people who would rather look: tables, pictures, and every case with its faults."""
