"""The report as a notebook: its cells, their execution, and the executed notebook as a web page."""
