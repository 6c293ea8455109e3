"""``verify``: check a PDF against the evidence inside it (`recompute`), or retrain its models (`retrain`)."""
