"""Labels of which an item may have several: metrics with intervals, and these as facts."""
