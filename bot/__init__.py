"""Talks: reads requests into turns and renders replies, one module per channel. Knows what no flow knows: HTTP."""
