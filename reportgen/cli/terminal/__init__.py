"""Shared by all commands: options, output to the terminal, progress, errors, and exit statuses."""
