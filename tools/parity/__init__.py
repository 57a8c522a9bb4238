"""Parity of the two texts of a term sheet: numbers, dates, parties, negations and clauses, fault by fault."""

from partnership_os.tools.parity.check import Place, faults_between, parity_faults, require_parity
from partnership_os.tools.parity.faults import COVER_NOTE, FaultKind, ParityFault

__all__ = ["COVER_NOTE", "FaultKind", "ParityFault", "Place", "faults_between", "parity_faults", "require_parity"]
