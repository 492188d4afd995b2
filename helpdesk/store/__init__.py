"""Where everything is kept: the connection and the base of all tables."""
