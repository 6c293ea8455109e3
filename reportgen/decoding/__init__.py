"""Decode untrusted bytes into typed values: check sizes first, then types, then what they mean.

Results come from a shared store, an archive, a PDF or a stranger's JSON. Each format has one decoder, made
of the parts that stand here; what it can't read is one `UndecodableError`, whatever the bytes are.
"""

from reportgen.decoding.documents import Decoder, UndecodableError, made

__all__ = ["Decoder", "UndecodableError", "made"]
