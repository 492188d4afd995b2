"""Looks after: the staff's pages, on a port of their own that is never public. Sees helpdesk alone."""
