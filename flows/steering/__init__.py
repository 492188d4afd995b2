"""What steers any talk: repair, danger, a person."""
