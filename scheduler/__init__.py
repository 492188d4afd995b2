"""Reminds: one process that does what is due."""
