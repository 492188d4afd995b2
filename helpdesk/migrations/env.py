"""Alembic's entry: runs the migrations on the engine that ``Database.upgrade`` hands over."""

from alembic import context
from sqlalchemy import Engine

from helpdesk.settings import settings
from helpdesk.store.database import connect
from helpdesk.tables import Table

engine: Engine = context.config.attributes.get("engine") or connect(settings().database_url)

with engine.connect() as connection:
    if engine.dialect.name == "postgresql":
        # Two processes that start together must not both migrate; the second waits here, then finds nothing to do.
        connection.exec_driver_sql("SELECT pg_advisory_lock(710224)")
        connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_unlock(710224)")
            connection.commit()
