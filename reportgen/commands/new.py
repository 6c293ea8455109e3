"""``new`` from end to end: a folder with a small report that is ready to build."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import reportgen
from reportgen import datasets, files
from reportgen.commands.from_notebook import declared, take
from reportgen.commands.toml import written
from reportgen.datasets.adopt import Adopted
from reportgen.errors import InputError, Problem, nearest, shown
from reportgen.report import json_schema
from reportgen.report.dataset_file import TABLES

STARTERS = Path(reportgen.__file__).parent / "starters"
SMALL, TABLE, NUMBERS = "small", "table", "numbers"
_OF_DATA = (SMALL, TABLE, NUMBERS)  # those that take data of the user's
NOTEBOOK = ".ipynb"
_IGNORED = ".gitignore"  # the same for every report
_NUMBER = 'task = "regression"  # a number is predicted; for classes: classes = ["...", "..."]'
_OWN_TABLE = "\n# A table, one row an item."
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
        A built-in data set by its name, a table, an ``.npz`` or a folder of images; empty for that of the
        starter.
    target : str
        The column of a table to predict; empty for the last one.
    start : str
        The starter, by its name, or the path of a notebook; the starters of tables take the place of `SMALL`
        where the data are no images.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    data: str = ""
    target: str = ""
    start: str = SMALL

    @property
    def notebook(self) -> bool:
        """Whether it starts from a notebook."""
        return self.start.endswith(NOTEBOOK)


def starters() -> tuple[str, ...]:
    """Return the names of all starters."""
    return tuple(sorted(path.name for path in STARTERS.iterdir()))


def new(folder: Path, wishes: Wishes, note: Callable[[str], None] = lambda _: None) -> tuple[Path, ...]:
    """Write a new report into a folder, and return its files.

    Parameters
    ----------
    note : callable
        Called with what was not taken from a notebook, or has to be filled in.

    Raises
    ------
    InputError
        If a file that would be written is there; nothing is written then.
    DataError
        If the data can't be used.
    """
    if wishes.data and wishes.start not in _OF_DATA and not wishes.notebook:
        raise InputError(Problem("--data", 0, f"{wishes.start} comes with its own data", "leave out --data"))
    paths = {folder / name: data for name, data in _contents(wishes, note).items()}
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there:
        raise InputError(Problem(shown(path), 0, "already exists", "nothing was written") for path in there)
    for path, data in paths.items():
        _write(path, data)
    return tuple(paths)


def _contents(wishes: Wishes, note: Callable[[str], None]) -> Mapping[str, bytes]:
    """Return the files of the new report by their names."""
    own = None
    if wishes.data and wishes.data not in datasets.names():
        own = _adopted(Path(wishes.data), wishes.target)
    if wishes.notebook:
        return _from_notebook(wishes, own, note)
    start = wishes.start
    if own and not own.pictures:
        start = TABLE if own.classes else NUMBERS
    contents = {**_shared(start), **_starter(start)}
    text = contents[_TOML].decode()
    if "#:schema" in text:
        contents[_SCHEMA] = files.read(json_schema.FILE)
    if wishes.title:
        text = _with(text, "title", wishes.title)
    if wishes.authors:
        text = _with(text, "authors", wishes.authors)
    if wishes.data and start != SMALL:
        # The starter's own table is declared at the end.
        text = text.partition(_OWN_TABLE)[0].rstrip() + "\n"
        contents = {name: data for name, data in contents.items() if not name.endswith(TABLES)}
    if own:
        contents = {name: _with_extra(data, own) for name, data in contents.items()}
        contents[f"answers/{own.file}"] = own.data
        text = _with(text, "dataset", own.name) + _declaration(own)
    elif wishes.data:
        text = _with(text, "dataset", wishes.data)
    return contents | {_TOML: text.encode()}


def _from_notebook(wishes: Wishes, own: Adopted | None, note: Callable[[str], None]) -> Mapping[str, bytes]:
    """Return the files of a report that does what a notebook did."""
    path = Path(wishes.start)
    taken = take(path, own_data=bool(wishes.data))
    text = declared(taken, path.name, wishes.title, wishes.authors)
    contents = {**_shared(SMALL), **{f"answers/{name}": data for name, data in taken.files.items()}}
    if own:
        contents = {name: _with_extra(data, own) for name, data in contents.items()}
        contents[f"answers/{own.file}"] = own.data
        text = _with(text, "dataset", own.name) + _declaration(own)
    elif wishes.data or not taken.data:
        text = _with(text, "dataset", wishes.data or "digits")
    for each in taken.left:
        note(each)
    return contents | {_SCHEMA: files.read(json_schema.FILE), _TOML: text.encode()}


def _shared(start: str) -> Mapping[str, bytes]:
    """Return what starters have in common, by their names: of the small one all but its answers."""
    found = _starter(SMALL)
    if start not in _OF_DATA:
        return {_IGNORED: found[_IGNORED]}
    return {name: data for name, data in found.items() if not name.startswith("answers/")}


def _starter(name: str) -> Mapping[str, bytes]:
    """Return the files of a starter by their names; its folders may be links, in a checkout."""
    found: dict[str, bytes] = {}
    for entry in sorted((STARTERS / name).iterdir()):
        below = files.walk(entry.resolve()) if entry.is_dir() else [("", entry)]
        found |= {f"{entry.name}/{path}".rstrip("/"): files.read(file) for path, file in below}
    return {name: data for name, data in found.items() if "__pycache__" not in name}


def _adopted(source: Path, target: str) -> Adopted:
    """Return data of the user's, under a name that no built-in data set has."""
    if not source.exists() and re.fullmatch(r"\w+", str(source)):
        message = f"there is no data set {str(source)!r}, and no file or folder of that name"
        raise InputError(Problem("--data", 0, message, nearest(str(source), datasets.names())))
    found = datasets.adopt(source, target)
    return replace(found, name=f"own_{found.name}") if found.name in datasets.names() else found


def _with_extra(data: bytes, own: Adopted) -> bytes:
    """Return a file in which what is installed can read the data."""
    return data.replace(b"[train,document]", b"[train,document,parquet]") if own.kind == ".parquet" else data


def _declaration(data: Adopted) -> str:
    lines = [
        f"[datasets.{data.name}]",
        f"title = {written(data.title)}",
        f"path = {written(data.file)}",
        f"classes = {written(data.classes)}" if data.classes else _NUMBER,
        f"validation = {data.validation}  # at the end of the training {data.items} that are held out",
    ]
    if data.target:
        lines.append(f"target = {written(data.target)}  # the column to predict")
        lines.append(f"test = 0.25  # of the rows{' of each class' * bool(data.classes)}")
    if data.lacking:
        lines.append(f'missing = "drop"  # {data.lacking} rows lack a value; "keep" gives them to the models')
    return "\n" + "\n".join(lines) + "\n"


def _with(text: str, key: str, value: object) -> str:
    """Return a TOML text in which the first value of `key` is another one."""
    made, count = re.subn(
        rf"^{key} = .*$", lambda _: f"{key} = {written(value)}", text, count=1, flags=re.MULTILINE
    )
    assert count, key
    return made


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise InputError(Problem(shown(path), 0, f"can't be written: {error.strerror}")) from None
