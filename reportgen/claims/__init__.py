"""Check requirements and claims against facts: verdicts, their output formats, and the comparison of runs."""

from reportgen.claims.baseline import ALLOWED, against
from reportgen.claims.diff import Difference, difference
from reportgen.claims.earlier import read_run
from reportgen.claims.formats import FORMATS, formatted
from reportgen.claims.github import job_summary
from reportgen.claims.judge import judge
from reportgen.claims.run import Fact, ModelRun, RunSummary
from reportgen.claims.summary import outline, printed_names, summarize
from reportgen.claims.text import text_lines
from reportgen.claims.typed_numbers import typed_numbers
from reportgen.claims.verdict import Test, Verdict, Verdicts

__all__ = [
    "ALLOWED",
    "FORMATS",
    "Difference",
    "Fact",
    "ModelRun",
    "RunSummary",
    "Test",
    "Verdict",
    "Verdicts",
    "against",
    "difference",
    "formatted",
    "job_summary",
    "judge",
    "outline",
    "printed_names",
    "read_run",
    "summarize",
    "text_lines",
    "typed_numbers",
]
