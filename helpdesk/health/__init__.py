"""Whether the service lives: signs of life, readiness, backups."""
