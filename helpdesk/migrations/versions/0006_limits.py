"""Limits: SMS that are counted and held for staff, wishes that join a call-back, rows to queue at

Revision: 0007; follows 0004.
"""

import sqlalchemy as sa
from alembic import op

import helpdesk.store.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_turns",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_turns")),
    )
    op.create_table(
        "joined_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("wish", sa.String(length=8), nullable=False),
        sa.Column("due_at", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.Column("created_at", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_joined_wishes_callback_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_joined_wishes_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joined_wishes")),
        sa.UniqueConstraint("inquiry_id", name=op.f("uq_joined_wishes_inquiry_id")),
    )
    with op.batch_alter_table("joined_wishes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joined_wishes_callback_id"), ["callback_id"], unique=False)
    op.create_table(
        "short_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("created_at", helpdesk.store.base.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", helpdesk.store.base.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("state IN ('sent', 'held', 'no')", name=op.f("ck_short_messages_state")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_short_messages_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_short_messages_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_short_messages_key")),
    )
    with op.batch_alter_table("short_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_short_messages_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_short_messages_inquiry_id"), ["inquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_short_messages_number"), ["number"], unique=False)


def downgrade() -> None:
    op.drop_table("short_messages")
    op.drop_table("joined_wishes")
    op.drop_table("limit_turns")
