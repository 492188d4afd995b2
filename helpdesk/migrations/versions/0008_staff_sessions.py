"""Sessions of staff, tries to sign in

Revision: 0009; follows 0004.
"""

import sqlalchemy as sa
from alembic import op

import helpdesk.store.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("created_at", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.Column("last_seen_at", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", helpdesk.store.base.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["staff.id"], name=op.f("fk_staff_sessions_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_staff_sessions_key_hash")),
    )
    op.create_index(op.f("ix_staff_sessions_member_id"), "staff_sessions", ["member_id"], unique=False)
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.Column("last_at", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_since"), "sign_in_tries", ["since"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_in_tries_since"), table_name="sign_in_tries")
    op.drop_table("sign_in_tries")
    op.drop_index(op.f("ix_staff_sessions_member_id"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
