"""Folding: the form in which texts in two scripts are compared; it lives below the stores, which compare names too."""

from partnership_os.schemas.folding import fold, fold_with_offsets, squeeze

__all__ = ["fold", "fold_with_offsets", "squeeze"]
