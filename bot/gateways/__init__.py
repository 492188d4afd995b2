"""What leaves: the outside parts, real and for a machine without an account."""
