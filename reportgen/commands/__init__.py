"""Commands, end to end: one file for each."""
