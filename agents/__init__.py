"""The agents: typed input and dependencies in, typed proposal out. They never commit and never interrupt.

`analyst` is the port behind which the rules analyst and the model analyst read and write; `ecosystem_mapper` scouts,
`deal_matcher` evaluates, `deal_negotiator` drafts. Import from the modules: this door loads nothing.
"""
