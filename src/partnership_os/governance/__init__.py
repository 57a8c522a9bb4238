"""Authority: action classes, approval policy, people, decisions, commitments, ledger and audit log.

It imports schemas and errors only; `store` is the port to a database, `storage.governance_store` stands behind it.
"""
