"""Who calls and writes: residents, the ways to reach them, records that are one person's."""
