"""Print a run as JUnit XML, which GitLab, Jenkins and most other CI servers read."""

import re
from pathlib import Path
from xml.etree import ElementTree

from reportgen.claims.run import RunSummary
from reportgen.claims.text import details, file_of, where
from reportgen.claims.verdict import Verdict

# What XML 1.0 can't carry, however it is escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: RunSummary, project: Path, root: Path | None = None) -> str:
    """Return JUnit XML for GitLab and Jenkins: what is false is a failure, what is undecided an error."""
    tree = ElementTree.Element("testsuites", name="reportgen")
    suites: dict[str, list[Verdict]] = {}
    for verdict in run.verdicts:
        suites.setdefault(verdict.kind, []).append(verdict)
    for kind, verdicts in suites.items():
        suite = ElementTree.SubElement(tree, "testsuite", _counts(verdicts), name=f"reportgen.{kind}")
        for verdict in verdicts:
            _case(suite, verdict, project, root)
    tree.attrib |= _counts(list(run.verdicts))
    ElementTree.indent(tree)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(tree, encoding="unicode") + "\n"


def _counts(verdicts: list[Verdict]) -> dict[str, str]:
    statuses = [verdict.status for verdict in verdicts]
    return {
        "tests": str(len(verdicts)),
        "failures": str(statuses.count("false")),
        "errors": str(statuses.count("undecided")),
        "skipped": "0",
        "time": "0",
    }


def _case(suite: ElementTree.Element, verdict: Verdict, project: Path, root: Path | None) -> None:
    name = _xml(f"{verdict.expression} #{verdict.number}" if verdict.number > 1 else verdict.expression)
    place = {"file": _xml(file_of(verdict, project, root)), "line": str(verdict.line), "time": "0"}
    case = ElementTree.SubElement(
        suite, "testcase", place, classname=_xml(f"{verdict.kind}.{verdict.of}"), name=name
    )
    text = _xml("\n".join([where(verdict, project), *details(verdict)]))
    if verdict.holds is None:
        ElementTree.SubElement(
            case, "error", message=_xml(verdict.reason or "undecided"), type="undecided"
        ).text = text
    elif not verdict.holds:
        message = _xml(verdict.sentence or verdict.expression)
        ElementTree.SubElement(case, "failure", message=message, type="false").text = text
    elif verdict.doubtful:
        ElementTree.SubElement(case, "system-out").text = text


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
