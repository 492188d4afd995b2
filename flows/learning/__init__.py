"""The learning path and the practice app."""
