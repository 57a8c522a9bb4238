"""The gate suite: sequences of steps by named people, and what may come of them."""
