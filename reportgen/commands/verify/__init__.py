"""``verify``: hold a PDF against the evidence (`recompute`), or train its models again (`retrain`)."""
