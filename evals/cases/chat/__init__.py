"""The chat suite: questions in, grounded answers and the right calls out."""
