"""What each command does, from end to end: one file a command."""
