"""Alembic migrations; `storage.database` runs them when a database is opened."""
