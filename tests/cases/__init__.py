"""Faults of other systems as small inputs (``cases.jsonl``), each played on the channel or command that it names."""
