"""Results as one archive file, to carry them from machine to machine."""

import zipfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import Problem, StoreError, shown
from reportgen.files import disk
from reportgen.store.local import Local
from reportgen.store.manifest import DamagedError, Manifest
from reportgen.store.names import MANIFEST, check_key
from reportgen.store.stored import Stored
from reportgen.store.upkeep import Moved, entries, leads_to

if TYPE_CHECKING:
    from reportgen.store.store import Store

_DATE = (1980, 1, 1, 0, 0, 0)  # the same archive, byte for byte, whenever it is written
_LARGEST = 1 << 20  # bytes of a manifest; more is no manifest
_KEY_LENGTH = 64


def export(local: Local, path: Path, results: Sequence[Stored]) -> Moved:
    """Write results and the links to them into a zip file, which appears whole or not at all."""
    found = {each.key for each in results}
    temporary = disk.unique(path.parent, path.name)
    try:
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_DEFLATED) as archive:
            for stored in sorted(results, key=lambda each: each.key):
                _add(archive, f"results/{stored.key}/{MANIFEST}", stored.manifest.to_bytes())
                for name in stored.names:
                    _add(archive, f"results/{stored.key}/{name}", stored.read(name))
            for link in entries(local.root / "links", 2):
                if (target := leads_to(local, link)) in found:
                    _add(archive, f"links/{link.name}", target.encode())
        disk.sync(temporary)
        disk.move(temporary, path)
    except OSError as error:
        remedy = "name another file"
        raise StoreError(Problem(shown(path), 0, f"can't be written: {error.strerror}", remedy)) from error
    finally:
        disk.remove(temporary)
    return Moved(tuple(sorted(found)), sum(each.size for each in results))


def import_(store: "Store", path: Path) -> Moved:
    """Publish the results of an archive; whatever does not match its checksum is refused, all of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {item.filename: item for item in archive.infolist()}
            found = [
                _manifest(archive, item) for name, item in members.items() if name.endswith(f"/{MANIFEST}")
            ]
            for manifest in found:  # all of it is verified before anything is taken over
                for name in manifest.files:
                    _member(archive, members, manifest, name)
            links = dict(_links(archive))
            for manifest in found:
                files = {name: _member(archive, members, manifest, name) for name in manifest.files}
                store.publish(manifest.key, files)
            for source, target in links.items():
                if any(manifest.key == target for manifest in found):
                    store.link(source, target)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, DamagedError) as error:
        message = f"is not a sound archive of results: {error}"
        raise StoreError(Problem(shown(path), 0, message, "export it again")) from error
    return Moved(tuple(sorted(each.key for each in found)), sum(each.size for each in found))


def _links(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for item in archive.infolist():
        if item.filename.startswith("links/"):
            if item.file_size != _KEY_LENGTH:
                raise DamagedError(f"{item.filename} is no link")
            yield check_key(item.filename.removeprefix("links/")), check_key(archive.read(item).decode())


def _manifest(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Manifest:
    key = check_key(item.filename.split("/")[1])
    if item.file_size > _LARGEST or item.filename != f"results/{key}/{MANIFEST}":
        raise DamagedError(f"{item.filename} is no manifest")
    return Manifest.from_bytes(archive.read(item), key)


def _member(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], manifest: Manifest, name: str
) -> bytes:
    item, expected = members[f"results/{manifest.key}/{name}"], manifest.files[name]
    if item.file_size != expected.size:
        raise DamagedError(f"{item.filename} has another size than its manifest says")
    data = archive.read(item)
    if sha256(data).hexdigest() != expected.sha256:
        raise DamagedError(f"the bytes of {item.filename} do not match their checksum")
    return data


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data, compresslevel=1)
