"""Calls and chats: conversations, the concerns in them, every turn."""
