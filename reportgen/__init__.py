"""Machine-learning lab reports whose numbers are measured and whose claims are checked."""

__version__ = "0.1.0"
