"""What every flow is made of: turns, replies, the talk, wording, dates."""
