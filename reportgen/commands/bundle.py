"""``bundle``: write the archive that is handed in, from a PDF and HTML that were checked."""

import io
import zipfile
from pathlib import Path, PurePath

from reportgen.commands.build import is_last_build, outputs
from reportgen.commands.verify.recompute import verify
from reportgen.errors import ContentError, InputError, Problem, UndecidedError, shown
from reportgen.pipeline import gate, write_files
from reportgen.pipeline.gather import gather
from reportgen.pipeline.project import Project

_NAMES = {"pdf": "handin_pdf", "html": "handin_html"}
_DATE = (1980, 1, 1, 0, 0, 0)


def bundle(project: Project, built: Path, out: Path) -> tuple[str, ...]:
    """Write the archive and return the names in it.

    Parameters
    ----------
    built : Path
        The PDF of the last build, with its HTML beside it.
    out : Path
        The archive, a ``.zip``.

    Raises
    ------
    UndecidedError
        If something can't be decided, the files are not what the last build wrote, or it was a draft or of
        anything else than now.
    ContentError
        If a claim or requirement is false, or the PDF does not agree with the evidence inside it.
    """
    write_files.check_writable([out])
    files = outputs(built)
    names = {kind: _name(project, kind, files[kind]) for kind in _NAMES}
    gate.require(gather(project, project.plan()).verdicts, project.report)
    if not is_last_build(project, files):
        remedy = f"run: reportgen build --out {shown(built)}"
        raise UndecidedError(Problem(shown(built), 0, "is not what this report would build now", remedy))
    differences = verify(built).differences
    if differences:
        raise ContentError([Problem(shown(built), 0, str(difference)) for difference in differences])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for kind, name in names.items():
            packed.writestr(zipfile.ZipInfo(name, _DATE), files[kind].read_bytes(), zipfile.ZIP_DEFLATED)
    write_files.write({out: archive.getvalue()})
    return tuple(names.values())


def _name(project: Project, kind: str, path: Path) -> str:
    name = str(project.report.options.get(_NAMES[kind], path.name))
    if PurePath(name).name != name or not name.endswith(f".{kind}"):
        place = shown(project.report.answers / "report.toml")
        remedy = f"give a file name that ends in .{kind}"
        raise InputError(Problem(place, 0, f"options.{_NAMES[kind]} is {name!r}", remedy))
    return name
