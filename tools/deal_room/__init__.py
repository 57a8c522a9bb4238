"""One room per deal: what was said on both sides, what is open, and where it stands. Import from the modules."""
