"""Shipped because users test with them too: a scripted model, an OpenAI-compatible server, clocks, small worlds."""
