"""Machine-learning lab reports whose numbers are measured and whose claims are checked."""

__version__ = "0.2.0"

DISTRIBUTION = "reportgen-lab"
"""What to install: on the public index, ``reportgen`` is another project's."""
