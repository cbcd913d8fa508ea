"""Alembic's entry: run the migrations on the connection that `sop.store.migrate` hands over."""

from alembic import context

from sop.store.migrate import protect_append_only
from sop.store.open_views import drop_open_views, make_open_views
from sop.store.schema import Row

connection = context.config.attributes["connection"]
# SQLite keeps schema changes in the transaction too, once its driver leaves BEGIN to us.
context.configure(connection=connection, target_metadata=Row.metadata, transactional_ddl=True)
with context.begin_transaction():
    drop_open_views(connection)
    context.run_migrations()
    protect_append_only(connection)
    make_open_views(connection)
