"""What leaves: written with the decision, claimed before it is sent."""
