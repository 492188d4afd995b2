"""Keeps: residents, inquiries, call-backs, the outbox, settings and the clock. The only package that speaks SQL."""
