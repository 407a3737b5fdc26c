"""Runs the migrations on the connection that `service.schema` hands over; there is no other way."""

from alembic import context

from sendwright.service.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters tables only by copying them
    compare_type=True,
    transactional_ddl=True,  # `service.database` begins transactions itself, so SQLite's are whole ones too
)
with context.begin_transaction():
    context.run_migrations()
