"""What each command does, end to end: a file for each that does more than print one result."""
