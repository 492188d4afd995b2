"""Labelled examples: what residents meant by words that had to be asked back."""
