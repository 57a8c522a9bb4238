"""Channel compliance: who may sell where, whose deal it is, whom we may contact. Import from the modules.

Partner channel: `agreements` finds clashes between promises, `sheet_scope` reads a term sheet, `coverage` holds one
customer against an agreement, `territory`, `customers` and `overlap` compare places, customers and lists. Deal
registration: `intake`, `duplicates`, `conflicts`, `registration`, `life`. Outreach: `outreach` with `consent`,
`contact_hours` and `limits`. `policy` and `wording` read the data files.
"""
