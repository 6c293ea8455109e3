"""Commands, end to end: a file for each that does more than print what one step gives."""
