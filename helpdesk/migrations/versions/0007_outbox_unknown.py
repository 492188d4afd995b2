"""Messages of which nobody knows whether they went out

Revision: 0008; follows 0004.
"""

import sqlalchemy as sa
from alembic import op

import helpdesk.store.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_UNSEEN = sa.text("unknown_at IS NOT NULL AND seen_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("unknown_at", helpdesk.store.base.Instant(timezone=True), nullable=True))
        outbox.add_column(sa.Column("seen_at", helpdesk.store.base.Instant(timezone=True), nullable=True))
        outbox.add_column(sa.Column("seen_by", sa.String(length=80), nullable=True))
    op.create_index("ix_outbox_unknown", "outbox", ["unknown_at"], sqlite_where=_UNSEEN, postgresql_where=_UNSEEN)


def downgrade() -> None:
    op.drop_index("ix_outbox_unknown", table_name="outbox")
    with op.batch_alter_table("outbox") as outbox:
        for name in ("seen_by", "seen_at", "unknown_at"):
            outbox.drop_column(name)
