"""What Alembic runs to apply the migrations on the connection that `storage.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from partnership_os.errors import InternalError
from partnership_os.storage.tables import metadata


def run_migrations() -> None:
    """Apply the revisions inside the transaction of the caller.

    Raises:
        InternalError: Alembic was called without a connection; `storage.migrate.upgrade` gives one.
    """
    connection = context.config.attributes.get("connection")
    if not isinstance(connection, Connection):
        raise InternalError("The migrations run on a connection of open_database only.")
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under the name ``env_py``; a plain import of the module does nothing.
if __name__ == "env_py":
    run_migrations()
