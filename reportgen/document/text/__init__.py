"""The authors' texts: Markdown with formulas, images and code, parsed once and set as HTML."""
