"""The negotiator as strategy: a counter-offer is read into typed deltas, and code decides what to answer.

Reading: `text_offers`, `change_offers`, `word_offers`, `model_offers`. Deciding: `rounds.answer_offer`, over `utility`,
`their_model`, `concession` and `mandate`. See ``docs/design/negotiation.md``.
"""
