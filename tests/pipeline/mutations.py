"""Every way to change one thing of a report, walked from its files and from the schema."""

import copy
import dataclasses
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reportgen import themes
from reportgen.report import schema
from reportgen.report.tables import table
from reportgen.training.record import Record
from tests.pipeline import reportfiles

Path_ = tuple[str | int, ...]
Edit = Callable[[Path], object]
FUNCTIONS = ("one", "two", "flipped", "falling")
GONE = object()


def every() -> dict[str, Edit]:
    """Return each edit of the report by its name."""
    return dict((*_report(), *_answers(), *_files()))


def unnamed() -> dict[str, Edit]:
    """Return each edit of what no answer of the lean report names."""
    return {name: edit for name, edit in _report() if "models.unnamed" in name or "models.second" in name}


def _report() -> Iterator[tuple[str, Edit]]:
    for path, value in (*leaves(reportfiles.REPORT), *additions(table(schema.File), reportfiles.REPORT)):
        text = reportfiles.document(with_leaf(reportfiles.REPORT, path, value))
        yield f"report.toml {told(path, value)}", _writing("answers/report.toml", text)


def _answers() -> Iterator[tuple[str, Edit]]:
    parts = {
        "01-first.md": (reportfiles.FIRST, reportfiles.FIRST_BODY),
        "02-second.md": (reportfiles.SECOND, reportfiles.SECOND_BODY),
        "03-third.md": (reportfiles.THIRD, "Nothing.\n"),
    }
    for name, (matter, body) in parts.items():
        for path, value in (*leaves(matter), *additions(table(schema.FrontMatter), matter)):
            text = reportfiles.answer(with_leaf(matter, path, value), body)
            yield f"{name} {told(path, value)}", _writing(f"answers/{name}", text)
        for number, line in enumerate(body.splitlines()):
            if line:
                kept = body.splitlines()
                del kept[number]
                text = reportfiles.answer(matter, "\n".join(kept))
                yield f"{name} without line {number}: {line[:40]}", _writing(f"answers/{name}", text)


def _files() -> Iterator[tuple[str, Edit]]:
    packaged = dict(themes.walk(Path("nowhere")))
    replaced = {name for name in packaged if not name.startswith(reportfiles.OWN)}
    for name in replaced:
        yield f"templates/{name} replaced", lambda root, name=name: _replace(root, name, packaged[name])  # type: ignore[misc]
    names = [f"templates/{name}" for name in packaged.keys() - replaced]
    names += [f"answers/{name}" for name in (*reportfiles.PICTURES, "asked.svg", "own.npz", "models.py")]
    names += [f"answers/0{number}.md" for number in ("1-first", "2-second", "3-third")]
    for name in sorted(names):
        yield f"{name} changed", lambda root, name=name: change(root / name)  # type: ignore[misc]
        yield f"{name} deleted", lambda root, name=name: (root / name).unlink()  # type: ignore[misc]
    for place in (
        "answers/added.py",
        "answers/04-added.md",
        "templates/paper/added.css",
        "answers/added.png",
    ):
        text = reportfiles.answer(reportfiles.THIRD, "More.\n") if place.endswith(".md") else "/* X = 1 */"
        yield f"{place} added", _writing(place, text if not place.endswith(".py") else "X = 1\n")


def _replace(root: Path, name: str, packaged: Path) -> None:
    """Give a report a changed template of its own in place of the package's."""
    own = root / "templates" / name
    own.parent.mkdir(exist_ok=True)
    shutil.copy(packaged, own)
    change(own)


def change(path: Path) -> None:
    """Change a file as somebody would who works on it."""
    data = path.read_bytes()
    match path.suffix:
        case ".png":
            data = reportfiles.picture(200)
        case ".npz":
            data = reportfiles.data(flipped=1)
        case ".svg":
            data = data.replace(b'"9"', b'"8"')
        case ".md":
            data += b"\nMore words.\n"
        case ".py":
            data = data.replace(b"UNITS = 8", b"UNITS = 9")
        case ".css":
            data += b"\np { color: #123456 }\n"
        case ".j2":
            data = data.replace(b"<body>", b'<body class="mine">') + b"\n"
        case _:
            raise ValueError(f"nobody says how {path.name} is changed")
    path.write_bytes(data)


def _writing(name: str, text: str) -> Edit:
    return lambda root: (root / name).write_text(text, encoding="utf-8")


def told(path: Path_, value: object) -> str:
    return f"{'.'.join(map(str, path))} {'deleted' if value is GONE else repr(value)}"


def leaves(value: object, path: Path_ = ()) -> Iterator[tuple[Path_, object]]:
    """Yield every leaf with other values, `GONE` among them."""
    if isinstance(value, dict | list):
        if path:
            yield path, GONE
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
        return
    yield path, GONE
    yield path, changed(value, path)


def changed(value: object, path: Path_) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value / 2
        case "en":
            return "sv"
        case "paper":
            return "modern"
        case "a4":
            return "letter"
        case "share":
            return "number"
        case "exact":
            return "ignore"
        case "float32":
            return "bfloat16"
        case "unit":
            return "signed"
        case str() if value in FUNCTIONS:
            return "added"
        case str() if "require" in path:
            return f"{value} and epochs >= 1"
        case str():
            return f"{value} x"
    raise ValueError(f"nobody says how {value!r} is changed")


def additions(core: Mapping[str, Any], value: object, path: Path_ = ()) -> Iterator[tuple[Path_, object]]:
    """Yield what the schema would allow besides what is there."""
    core = _bare(core)
    if core["type"] == "typed-dict":
        assert isinstance(value, dict)
        for key, field in core["fields"].items():
            if key in value:
                yield from additions(field["schema"], value[key], (*path, key))
            elif key == "require":
                yield (*path, key), ["test.accuracy > 0.99"]
            elif key == "vary":
                yield (*path, key), {"epochs": [2, 3]}
            else:
                yield (*path, key), sample(field["schema"])
    elif core["type"] == "dict":
        assert isinstance(value, dict)
        for key, item in value.items():
            yield from additions(core["values_schema"], item, (*path, key))
        yield (*path, "added"), sample(core["values_schema"])


def sample(core: Mapping[str, Any]) -> object:
    """Return a value that a schema allows; what it knows nothing of is a KeyError."""
    core = _bare(core)
    match core["type"]:
        case "typed-dict":
            fields = core["fields"].items()
            return {key: sample(field["schema"]) for key, field in fields if field["required"]}
        case "list":
            return [sample(core["items_schema"])] * core.get("min_length", 1)
        case "dict":
            return {sample(core["keys_schema"]): sample(core["values_schema"])}
        case "union":
            return sample(core["choices"][0])
        case "literal":
            return core["expected"][-1]
    plain = {"str": "added", "bool": False, "int": 7, "float": 0.5, "function-plain": "Adam"}
    return plain[core["type"]]


def _bare(core: Mapping[str, Any]) -> Mapping[str, Any]:
    while core["type"] in ("function-after", "function-before"):
        core = core["schema"]
    return core


def with_leaf(values: dict[str, Any], path: Path_, value: object) -> dict[str, Any]:
    """Return a copy with another value at `path`, or without it."""
    made = copy.deepcopy(values)
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return made


def retellings(record: Record) -> dict[str, Callable[[Record], Record]]:
    """Return each change of one leaf of a record, by its name; its key stays, as after another training."""
    return {
        ".".join(map(str, path)): lambda told, path=path: _retold(told, path)  # type: ignore[misc]
        for path in _places(record)
        if path[0] not in ("key", "projection", "seed", "dataset")  # these are the key
    }


def _places(value: object, path: Path_ = ()) -> Iterator[Path_]:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _places(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _places(item, (*path, key))
    elif isinstance(value, tuple) and value:
        yield from _places(value[-1], (*path, len(value) - 1))
    elif path:
        yield path


def _retold(value: Any, path: Path_) -> Any:
    if not path:
        return _other(value)
    key, rest = path[0], path[1:]
    if dataclasses.is_dataclass(value):
        return dataclasses.replace(value, **{str(key): _retold(getattr(value, str(key)), rest)})  # type: ignore[type-var]
    if isinstance(value, Mapping):
        return {**value, key: _retold(value[key], rest)}
    return tuple(_retold(item, rest) if place == key else item for place, item in enumerate(value))


def _other(value: object) -> object:
    match value:
        case None:
            return 3
        case int() | float():
            return value + 1 if isinstance(value, int) else value * 0.9
        case np.ndarray():
            return np.concatenate((value[1:], value[:1]))
        case str() if value[:4].isdecimal():
            return value.replace("2024", "2025")
    return f"{value}x"
