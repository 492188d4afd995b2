"""Understands: text to intent, confidence and choice. Knows neither residents nor the database."""
