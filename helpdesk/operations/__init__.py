"""Starting and looking after the processes; the command line."""
