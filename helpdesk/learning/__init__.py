"""Learning paths: the rules, the planner, what is kept; codes for the practice app."""
