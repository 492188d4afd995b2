"""Words for what the desk tells on its own."""
