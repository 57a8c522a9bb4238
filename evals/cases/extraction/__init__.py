"""Company texts → claims: cases with gold, and the suite that asks them."""
