"""Predicted numbers: metrics of their errors, with intervals, and these as facts."""
