"""Alembic's entry: run the migrations on the connection that `sop.store.migrate` hands over."""

from alembic import context

from sop.store.migrate import protect_append_only
from sop.store.schema import Row

connection = context.config.attributes["connection"]
# SQLite keeps schema changes in the transaction too, once its driver leaves BEGIN to us.
context.configure(connection=connection, target_metadata=Row.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
    protect_append_only(connection)
