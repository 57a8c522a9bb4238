"""Dated rules of the Gulf countries, answered as of a day. Import from the modules: this door loads nothing."""
