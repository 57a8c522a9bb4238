"""The terms suite: a need and a company in, a term sheet out."""
