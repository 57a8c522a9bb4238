"""Every sentence of the product in English and Arabic: `texts` looks phrases up and sets foreign text apart.

`error_wording` says errors in Arabic by the phrases of `error_phrases_…`; `approval_words` are those of the packet.
"""
