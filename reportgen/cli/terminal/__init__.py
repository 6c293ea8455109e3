"""What all commands share: options, output to the terminal, progress, errors and how a command ends."""
