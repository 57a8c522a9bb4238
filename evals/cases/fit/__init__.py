"""The fit suite: a need and some companies in, score cards and a ranking out."""
