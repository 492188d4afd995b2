"""The year's sessions: where, when, how many seats; import, sample, search."""
