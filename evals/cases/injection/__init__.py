"""The injection suite: texts that give orders, in every field that people outside or inside can fill."""
