"""Where records live: SQLAlchemy tables and migrations, the vector store, the checkpointer."""
