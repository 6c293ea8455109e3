"""Read the authors' model code without running it: what of it can change the numbers of a model."""
