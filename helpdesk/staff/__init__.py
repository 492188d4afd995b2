"""Staff: accounts, and who looked at what."""
