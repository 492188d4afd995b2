"""The encoder trained for this desk: turns a sentence into numbers that lie near each other when the meanings do."""
