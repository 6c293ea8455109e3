"""Tasks on a Ray cluster: the client runs in a process of its own, and only there Ray is imported."""
