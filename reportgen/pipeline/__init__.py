"""Join the rooms into what a command does: open, plan, train, gather, judge, render, write."""
