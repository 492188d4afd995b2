"""The command line, one module a group of commands. Services are started by the name of their module."""
