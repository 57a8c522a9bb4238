"""Wiring: the deal and discovery graphs, the gate, chat, and `workspace`, the functions that every surface calls.

Import from the modules: this door loads nothing, because LangGraph takes seconds.
"""
