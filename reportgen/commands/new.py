"""``new`` from end to end: a folder with a small report that builds as it stands."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import reportgen
from reportgen import datasets, files
from reportgen.datasets.adopt import Adopted
from reportgen.errors import InputError, Problem, nearest, shown
from reportgen.report import json_schema

STARTERS = Path(reportgen.__file__).parent / "starters"
SMALL = "small"
_IGNORED = ".gitignore"  # the same for every report
_TOML, _SCHEMA = "answers/report.toml", "answers/report.schema.json"


@dataclass(frozen=True)
class Wishes:
    """What the new report is to be.

    Attributes
    ----------
    title : str
        Empty for that of the starter, as `authors`.
    authors : tuple of str
    data : str
        A built-in data set by its name, an ``.npz`` or a folder of images; empty for that of the starter.
    start : str
        The starter, by its name.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    data: str = ""
    start: str = SMALL


def starters() -> tuple[str, ...]:
    """Return the names of all starters."""
    return tuple(sorted(path.name for path in STARTERS.iterdir()))


def new(folder: Path, wishes: Wishes) -> tuple[Path, ...]:
    """Write a new report into a folder, and return its files.

    Raises
    ------
    InputError
        If a file that would be written is there; nothing is written then.
    DataError
        If the data can't be used.
    """
    if wishes.data and wishes.start != SMALL:
        raise InputError(Problem("--data", 0, f"{wishes.start} comes with its own data", "leave --data out"))
    paths = {folder / name: data for name, data in _contents(wishes).items()}
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there:
        raise InputError(Problem(shown(path), 0, "is there already", "nothing was written") for path in there)
    for path, data in paths.items():
        _write(path, data)
    return tuple(paths)


def _contents(wishes: Wishes) -> Mapping[str, bytes]:
    """Return the files of the new report by their names."""
    contents = {_IGNORED: files.read(STARTERS / SMALL / _IGNORED), **_starter(wishes.start)}
    text = contents[_TOML].decode()
    if "#:schema" in text:
        contents[_SCHEMA] = files.read(json_schema.FILE)
    if wishes.title:
        text = _with(text, "title", wishes.title)
    if wishes.authors:
        text = _with(text, "authors", wishes.authors)
    if wishes.data in datasets.names():
        text = _with(text, "dataset", wishes.data)
    elif wishes.data:
        own = _adopted(Path(wishes.data))
        contents[f"answers/{own.name}.npz"] = own.data
        text = _with(text, "dataset", own.name) + _declaration(own)
    return contents | {_TOML: text.encode()}


def _starter(name: str) -> Mapping[str, bytes]:
    """Return the files of a starter by their names; its folders may be links, in a checkout."""
    found: dict[str, bytes] = {}
    for entry in sorted((STARTERS / name).iterdir()):
        below = files.walk(entry.resolve()) if entry.is_dir() else [("", entry)]
        found |= {f"{entry.name}/{path}".rstrip("/"): files.read(file) for path, file in below}
    return {name: data for name, data in found.items() if "__pycache__" not in name}


def _adopted(source: Path) -> Adopted:
    """Return data of the user's, under a name that no built-in data set has."""
    if not source.exists() and re.fullmatch(r"\w+", str(source)):
        message = f"there is no data set {str(source)!r}, and no such file or folder"
        raise InputError(Problem("--data", 0, message, nearest(str(source), datasets.names())))
    found = datasets.adopt(source)
    return replace(found, name=f"own_{found.name}") if found.name in datasets.names() else found


def _declaration(data: Adopted) -> str:
    return (
        f"\n[datasets.{data.name}]\n"
        f"title = {_toml(data.title)}\n"
        f"path = {_toml(data.name + '.npz')}\n"
        f"classes = {_toml(data.classes)}\n"
        f"validation = {data.validation}  # images at the end of the training images that are held out\n"
    )


def _with(text: str, key: str, value: object) -> str:
    """Return a TOML text in which the first value of `key` is another one."""
    made, count = re.subn(
        rf"^{key} = .*$", lambda _: f"{key} = {_toml(value)}", text, count=1, flags=re.MULTILINE
    )
    assert count, key
    return made


def _toml(value: object) -> str:
    """Return text, or texts, as TOML; JSON escapes all that TOML does but DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise InputError(Problem(shown(path), 0, f"can't be written: {error.strerror}")) from None
