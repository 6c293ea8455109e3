"""Analyse the authors' model code without running it: which of it can change a model's numbers."""
