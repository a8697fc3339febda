"""What is meant: the plan and the settings, what was reported and decided, and how it is evaluated."""
