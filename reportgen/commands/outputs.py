"""The files of a build: which there are for a name, and what the last build wrote there."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportgen.errors import InputError, Problem, shown
from reportgen.files.disk import digest_of
from reportgen.pipeline import formats, write_files
from reportgen.pipeline.formats import Format
from reportgen.pipeline.project import Project

BUILDS = "builds"


@dataclass(frozen=True)
class Outputs:
    """What is written for one name: the file called so, and what stands beside it.

    Attributes
    ----------
    out : Path
    formats : mapping of Path to Format
        The format of each file.
    """

    out: Path
    formats: Mapping[Path, Format]

    def of(self, ending: str) -> Path:
        """Return the file with an ending.

        Raises
        ------
        InputError
            If there is none.
        """
        found = next((path for path in self.formats if path.suffix == ending), None)
        if found is None:
            message = f"has no {ending} beside it"
            raise InputError(Problem(shown(self.out), 0, message, "give a name that ends in .pdf"))
        return found

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where pictures go."""
        return tuple(formats.pictures_of(path) for path, each in self.formats.items() if each.pictures)

    @cached_property
    def required(self) -> str:
        """The versions of the programs that it takes; an error where one is missing."""
        return " ".join(filter(None, (each.require() for each in self.formats.values())))

    def noted(self, project: Project) -> Mapping[str, object]:
        """Return what the last build of these files noted; empty where that can't be read."""
        try:
            found = json.loads(project.store.noted(BUILDS, self._name(project)) or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def unchanged(self, project: Project) -> tuple[Path, ...]:
        """Return the files that are, byte for byte, what the last build wrote."""
        return tuple(path for path, digest in self._written(project).items() if _is(path, digest))

    def are_of(self, project: Project, state: str) -> bool:
        """Tell whether all is as a build wrote it when the digest of all inputs was `state`."""
        written = self._written(project)
        same = self.noted(project).get("inputs") == self._state(state)
        return bool(same and written and all(_is(path, digest) for path, digest in written.items()))

    def remember(self, project: Project, contents: Mapping[Path, bytes], state: str) -> None:
        """Note what was written, so that the next build can say that there is nothing to do.

        `state` is empty where nobody can say what the files show.
        """
        digests = {
            path.relative_to(self.out.parent).as_posix(): hashlib.sha256(data).hexdigest()
            for path, data in contents.items()
        }
        note = {"inputs": state and self._state(state), "files": digests}
        project.store.note(BUILDS, self._name(project), json.dumps(note, sort_keys=True).encode())

    def _written(self, project: Project) -> Mapping[Path, object]:
        """Return what the last build wrote, by path, with the digest of each file."""
        found = self.noted(project).get("files")
        digests = found if isinstance(found, dict) else {}
        return {self.out.parent / name: digest for name, digest in digests.items()}

    def _state(self, state: str) -> str:
        return f"{state} {self.required}".strip()

    def _name(self, project: Project) -> str:
        places = f"{project.report.answers.resolve()}\0{self.out.resolve()}"
        return hashlib.sha256(os.fsencode(places)).hexdigest()


def quick(out: Path) -> Path:
    """Return where the quick draft of a report goes."""
    return out.with_stem(f"{out.stem}-quick")


def outputs(out: Path) -> Outputs:
    """Return what is written for a name, by its ending.

    Raises
    ------
    InputError
        If no format has that ending.
    """
    names = (out, *(out.with_suffix(ending) for ending in formats.format_of(out).beside))
    return Outputs(out, {path: formats.format_of(path) for path in names})


def check_writable(of: Outputs) -> None:
    """Say before the work begins that something can't be written, see `write_files.check_writable`."""
    write_files.check_writable(of.formats, of.folders)


def _is(path: Path, digest: object) -> bool:
    return path.is_file() and digest_of(path) == digest
